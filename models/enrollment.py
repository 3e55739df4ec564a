from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, UtcDateTime, choice


class Role(StrEnum):
    MENTOR = "mentor"
    MENTEE = "mentee"


class Enrollment(Owned, Base):
    """A person in a program. `topics` are offered by a mentor and wanted by a mentee."""

    __tablename__ = "enrollment"
    __table_args__ = (
        UniqueConstraint("workspace_id", "program_id", "person_id"),
        Index(None, "workspace_id", "person_id"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(choice(Role))
    topics: Mapped[list[str]] = mapped_column(JSON)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
