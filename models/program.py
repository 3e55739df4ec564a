from collections.abc import Mapping
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
    QUARTERLY = "quarterly"

    @property
    def weeks(self) -> int:
        """The length of a period. A month is four weeks and a quarter thirteen, so that both begin
        on a Monday too."""
        return {
            Cadence.WEEKLY: 1,
            Cadence.FORTNIGHTLY: 2,
            Cadence.MONTHLY: 4,
            Cadence.QUARTERLY: 13,
        }[self]


class ProgramState(StrEnum):
    """The way of a program, in this order; `bot.programs.lifecycle` says which moves there are.

    `matching` is after the last day to join; in `closing` the pairs say goodbye.
    """

    DRAFT = "draft"
    ENROLLING = "enrolling"
    MATCHING = "matching"
    RUNNING = "running"
    CLOSING = "closing"
    CLOSED = "closed"


OVER = (ProgramState.CLOSING, ProgramState.CLOSED)
"""The states in which nobody comes in any more, and nothing new begins."""


class Audience(StrEnum):
    """Who may join: everybody whom departments and levels let in, or only who was invited."""

    OPEN = "open"
    INVITED = "invited"


class Space(StrEnum):
    """Where a pair talks."""

    PRIVATE_CHANNEL = "private_channel"
    GROUP_DM = "group_dm"


SMALLEST_FEEDBACK_GROUP = 5

BOUNDS: Mapping[str, tuple[int, int]] = {
    "mentee_from_level": (2, 100),
    "level_gap": (1, 20),
    "weeks": (1, 52),
    "hour": (7, 18),
    "lowest_level": (1, 100),
    "highest_level": (1, 100),
    "seats": (2, 100_000),
    "mentor_capacity": (1, 10),
    "mentee_capacity": (1, 10),
    "approvals_needed": (1, 3),
    "feedback_group_size": (SMALLEST_FEEDBACK_GROUP, 50),
}
"""The least and the most that each of a program's numbers may be."""


class Program(Owned, Base):
    """A reverse-mentoring program. Whoever is at `mentee_from_level` or above joins as a mentee.

    `join_by` is the last day to join and to step out before matching, None in a draft that has
    none yet; `reminded_for` the `join_by` that people were reminded of. `departments` and the
    levels narrow who may join; an empty list or None lets everybody in. `level_gap` is by how many
    levels a mentee must be above their mentor. `mentor_capacity` is how many mentees a mentor may
    have, `mentee_capacity` how many mentors a mentee may have. `seats` is how many may take part in
    all (None: as many as come). `hour` is the local hour prompts aim at. `paused_at` is set while
    the whole program rests. `closes_on` is the day on which closing ends. `weights` say
    how much each part of a pair's score counts (`bot.matching.scores.Weights`); a part that is not
    in them counts as much as in a new program. `asks_participants`: a match is published once its
    people have said yes. `support_contact` is whom somebody turns to who fears for themselves.
    """

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
    state: Mapped[ProgramState] = mapped_column(choice(ProgramState), default=ProgramState.DRAFT)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hour: Mapped[int] = mapped_column(default=10)
    join_by: Mapped[date | None] = mapped_column(Date)
    reminded_for: Mapped[date | None] = mapped_column(Date)
    audience: Mapped[Audience] = mapped_column(choice(Audience), default=Audience.OPEN)
    departments: Mapped[list[str]] = mapped_column(JSON, default=list)
    lowest_level: Mapped[int | None]
    highest_level: Mapped[int | None]
    level_gap: Mapped[int] = mapped_column(default=1)
    mentor_capacity: Mapped[int] = mapped_column(default=1)
    mentee_capacity: Mapped[int] = mapped_column(default=1)
    seats: Mapped[int | None]
    vetted: Mapped[bool] = mapped_column(default=False)
    training_required: Mapped[bool] = mapped_column(default=False)
    space: Mapped[Space] = mapped_column(choice(Space), default=Space.PRIVATE_CHANNEL)
    approvals_needed: Mapped[int] = mapped_column(default=1)
    feedback_group_size: Mapped[int] = mapped_column(default=SMALLEST_FEEDBACK_GROUP)
    language: Mapped[str] = mapped_column(String(35), default="en")
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_on: Mapped[date | None] = mapped_column(Date)
    weights: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    asks_participants: Mapped[bool] = mapped_column(default=False)
    support_contact_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL")
    )

    @property
    def periods(self) -> int:
        """How many meetings, and prompts of each kind, the program has; at least one."""
        return max(1, self.weeks // self.cadence.weeks)


class ProgramManager(Owned, Base):
    __tablename__ = "program_manager"
    __table_args__ = (UniqueConstraint("workspace_id", "program_id", "person_id"),)

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))


class Sponsor(Owned, Base):
    """Somebody who answers for the program's worth and sees its figures, and runs nothing."""

    __tablename__ = "sponsor"
    __table_args__ = (UniqueConstraint("workspace_id", "program_id", "person_id"),)

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))


class Invitation(Owned, Base):
    """Who may join a program that only the invited join. They still have to say yes."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("workspace_id", "program_id", "person_id"),)

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
