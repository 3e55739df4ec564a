from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, UtcDateTime, choice


class Role(StrEnum):
    MENTOR = "mentor"
    MENTEE = "mentee"


class EnrollmentState(StrEnum):
    """`applied` waits for a program manager's answer, `talking` for the talk that one of them asked
    for first, `waitlisted` for a seat. Only the `enrolled` are matched."""

    APPLIED = "applied"
    TALKING = "talking"
    WAITLISTED = "waitlisted"
    ENROLLED = "enrolled"
    DECLINED = "declined"
    LEFT = "left"


UNDECIDED = (EnrollmentState.APPLIED, EnrollmentState.TALKING)
"""Who waits for a program manager's answer."""
TAKING_PART = (*UNDECIDED, EnrollmentState.WAITLISTED, EnrollmentState.ENROLLED)
"""Whoever is in, or would like to be."""


class Enrollment(Owned, Base):
    """A person in a program. `topics` are offered by a mentor and wanted by a mentee.

    `main_topic` is the one of them that matters most to them. `refused_topics` are not for them.
    `identity_topics` are those of their topics that touch who people are and to which they said yes
    for this program. `agreed_at` is when they agreed to the ground rules. `stated_level` and
    `stated_manager_id` are their own word, where HR's is missing, until a program manager confirms
    them; a stated manager who is the person's has been confirmed, and stays here until HR names
    one. `paused_since` is set while they rest, until `paused_until` or (None) until they say so.
    `skips_match` leaves them out of the next match.
    `lesson_cards` is how many cards of their lesson they have read.
    """

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
    state: Mapped[EnrollmentState] = mapped_column(
        choice(EnrollmentState), default=EnrollmentState.ENROLLED
    )
    main_topic: Mapped[str | None] = mapped_column(String(64))
    refused_topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    identity_topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stated_level: Mapped[int | None]
    stated_manager_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL")
    )
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_since: Mapped[date | None] = mapped_column(Date)
    paused_until: Mapped[date | None] = mapped_column(Date)
    skips_match: Mapped[bool] = mapped_column(default=False)
    lesson_cards: Mapped[int] = mapped_column(default=0)
    lesson_done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
