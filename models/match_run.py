from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, UtcDateTime, choice


class MatchRunState(StrEnum):
    PROPOSED = "proposed"
    PUBLISHED = "published"


class MatchRun(Owned, Base):
    """One matching of a program's waiting people. Nothing happens to them until it is published,
    which takes as many approvals as the program asked for when the run was proposed."""

    __tablename__ = "match_run"

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"))
    state: Mapped[MatchRunState] = mapped_column(
        choice(MatchRunState), default=MatchRunState.PROPOSED
    )
    approvals_needed: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Proposal(Owned, Base):
    """Two people a match run would put together, with the score (0 to 1) and its reasons."""

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("workspace_id", "match_run_id", "mentor_id"),
        UniqueConstraint("workspace_id", "match_run_id", "mentee_id"),
    )

    match_run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"))
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    score: Mapped[float]
    reasons: Mapped[list[str]] = mapped_column(JSON)
    shared_topics: Mapped[list[str]] = mapped_column(JSON)


class Approval(Owned, Base):
    """A program manager's yes to a match run."""

    __tablename__ = "approval"
    __table_args__ = (UniqueConstraint("workspace_id", "match_run_id", "person_id"),)

    match_run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
