from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, UtcDateTime, choice


class Cadence(StrEnum):
    """How often a pair hears from us."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"

    @property
    def weeks(self) -> int:
        """The length of a period; a month is four weeks, so that it begins on a Monday too."""
        return {Cadence.WEEKLY: 1, Cadence.FORTNIGHTLY: 2, Cadence.MONTHLY: 4}[self]


class ProgramState(StrEnum):
    ENROLLING = "enrolling"
    RUNNING = "running"
    CLOSED = "closed"


class Program(Owned, Base):
    """A reverse-mentoring program. Whoever is at `mentee_from_level` or above joins as a mentee."""

    __tablename__ = "program"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    name: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(Text)
    topics: Mapped[list[str]] = mapped_column(JSON)
    weeks: Mapped[int]
    cadence: Mapped[Cadence] = mapped_column(choice(Cadence))
    starts_on: Mapped[date] = mapped_column(Date)
    mentee_from_level: Mapped[int]
    admin_channel_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[ProgramState] = mapped_column(
        choice(ProgramState), default=ProgramState.ENROLLING
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def periods(self) -> int:
        """How many meetings, and prompts of each kind, the program has; at least one."""
        return max(1, self.weeks // self.cadence.weeks)


class ProgramManager(Owned, Base):
    __tablename__ = "program_manager"
    __table_args__ = (UniqueConstraint("workspace_id", "program_id", "person_id"),)

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
