from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, UtcDateTime, choice


class PairState(StrEnum):
    """`opening` until the pair's channel stands; `resting` while one of the two or the program has
    a break; `paused` while something must be decided; `closing` while each of the two is asked
    whether the pair, whose program ends early, counts as completed; `ended` before its weeks were
    over."""

    OPENING = "opening"
    ACTIVE = "active"
    RESTING = "resting"
    PAUSED = "paused"
    CLOSING = "closing"
    COMPLETED = "completed"
    ENDED = "ended"


LIVING = (PairState.OPENING, PairState.ACTIVE, PairState.RESTING)
"""The states that the power-safe guard watches."""
UNENDED = (*LIVING, PairState.PAUSED, PairState.CLOSING)
"""The states from which a pair still comes to its end."""


class Pair(Owned, Base):
    """A mentor and a mentee in a program, and their private channel or group DM.

    `resting_since` is set while the pair rests or is paused: since then it has heard nothing.
    `mentor_counts` and `mentee_counts` are what each said, for themselves alone, when their program
    ended early: whether the pair counts as completed; None without an answer. `asked_on` is when
    both were last asked, as nothing was heard of them, whether they would like another partner.

    The trigger `pair_power_safe` (`migrations/power_safe.py`) keeps the power-safe promise in the
    database: it refuses a pair in a living state unless the mentor is junior, neither is in the
    other's reporting line, and both belong to the pair's workspace.
    """

    __tablename__ = "pair"
    __table_args__ = (
        UniqueConstraint("workspace_id", "program_id", "mentor_id", "mentee_id"),
        UniqueConstraint("workspace_id", "channel_id"),
        Index(None, "workspace_id", "mentor_id"),
        Index(None, "workspace_id", "mentee_id"),
        Index(None, "state", "opening_lease_until"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"))
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    topics: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[PairState] = mapped_column(choice(PairState), default=PairState.OPENING)
    channel_name: Mapped[str] = mapped_column(String(80))
    channel_id: Mapped[str | None] = mapped_column(String(32))
    first_week_on: Mapped[date] = mapped_column(Date)
    resting_since: Mapped[date | None] = mapped_column(Date)
    mentor_counts: Mapped[bool | None]
    mentee_counts: Mapped[bool | None]
    asked_on: Mapped[date | None] = mapped_column(Date)
    opening_lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
