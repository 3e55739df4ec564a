from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, UtcDateTime, choice


class TouchpointKind(StrEnum):
    NUDGE = "nudge"
    QUESTION = "question"
    REMINDER = "reminder"
    FAREWELL = "farewell"


class Touchpoint(Owned, Base):
    """The next thing of one kind that is due for a pair.

    `number` counts the program's periods from 1. `due_at` is None when nothing of the kind is
    left, or while the pair is paused. The bare ticker looks across workspaces, so the index on
    `due_at` does not lead with one.
    """

    __tablename__ = "touchpoint"
    __table_args__ = (
        UniqueConstraint("workspace_id", "pair_id", "kind"),
        Index(None, "due_at"),
    )

    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id", ondelete="CASCADE"))
    kind: Mapped[TouchpointKind] = mapped_column(choice(TouchpointKind))
    number: Mapped[int]
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class QuestionAsked(Owned, Base):
    """A question a pair has had; it never gets the same one twice."""

    __tablename__ = "question_asked"
    __table_args__ = (UniqueConstraint("workspace_id", "pair_id", "question_id"),)

    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(64))
