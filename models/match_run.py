"""Matching: runs and what they propose, what managers hold them to, and who decided what."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned, UtcDateTime, choice
from models.enrollment import Role

Point = Mapping[str, Any]
"""Something to be said of a pair or a person: {"key": which sentence, "values": what goes into
it}. `bot.matching.explanations` makes them, the views put them into words."""


class MatchRunState(StrEnum):
    """`requested` until it has been worked out; `asking` while its people are asked for their yes;
    `dropped` when nothing comes of it: a newer run took its place, or there was nobody to pair."""

    REQUESTED = "requested"
    PROPOSED = "proposed"
    ASKING = "asking"
    PUBLISHED = "published"
    DROPPED = "dropped"


UNDER_WAY = "state IN ('requested', 'asking')"
"""A program has at most one run that is being worked out, or whose people are being asked."""


class MatchRun(Owned, Base):
    """One matching of a program's waiting people. Nothing happens to them until it is published,
    which takes as many approvals as the program asked for when the run was requested.

    `requested_by_id` is None where the app asks by itself, to find somebody a new partner.
    `lease_until` is set while a copy of the app works it out, `attempts` counts how often one has
    begun to, and `progress` (0 to 100) says how far it is. `weights` are those it was worked out
    with. `mentors` and `mentees` are how many were in it, `verdict` and `certificate` what
    `bot.matching.certificate` says of it: how good it is, and the prices that prove it; these are
    sealed, as they hint at who would rather avoid whom, and go once it is published or dropped.
    `changes` counts what managers have changed by hand since it was proposed. `answer_by` is until
    when its people are asked.
    """

    __tablename__ = "match_run"
    __table_args__ = (
        Index(None, "state", "lease_until"),
        Index(None, "workspace_id", "program_id"),
        Index(
            "uq_match_run_under_way",
            "workspace_id",
            "program_id",
            unique=True,
            sqlite_where=text(UNDER_WAY),
            postgresql_where=text(UNDER_WAY),
        ),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"))
    state: Mapped[MatchRunState] = mapped_column(
        choice(MatchRunState), default=MatchRunState.REQUESTED
    )
    approvals_needed: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    requested_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL")
    )
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    weights: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    mentors: Mapped[int] = mapped_column(default=0)
    mentees: Mapped[int] = mapped_column(default=0)
    verdict: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)
    certificate: Mapped[bytes | None] = mapped_column(deferred=True)
    changes: Mapped[int] = mapped_column(default=0)
    answer_by: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Proposal(Owned, Base):
    """Two people a match run would put together, with the score (0 to 1).

    `reasons` are what speaks most for the pair, `to_know` what speaks most against it. `by_hand`:
    a manager made it. `locked`: a manager wants it as it is. `mentor_says` and `mentee_says` are
    their own answers while the program asks them, for nobody else; None without one. Once that is
    over, they are True where the pair came about, and None else: whoever said no is forgotten.
    """

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("workspace_id", "match_run_id", "mentor_id", "mentee_id"),)

    match_run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"))
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    score: Mapped[float]
    reasons: Mapped[list[Point]] = mapped_column(JSON, default=list)
    to_know: Mapped[Point | None] = mapped_column(JSON(none_as_null=True))
    shared_topics: Mapped[list[str]] = mapped_column(JSON)
    by_hand: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)
    mentor_says: Mapped[bool | None]
    mentee_says: Mapped[bool | None]


class LeftOver(Owned, Base):
    """Somebody for whom a run found no partner: what was in the way, and what would help."""

    __tablename__ = "left_over"
    __table_args__ = (UniqueConstraint("workspace_id", "match_run_id", "person_id"),)

    match_run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(choice(Role))
    reason: Mapped[Point] = mapped_column(JSON)
    help: Mapped[Point] = mapped_column(JSON)


class Approval(Owned, Base):
    """A program manager's yes to a match run."""

    __tablename__ = "approval"
    __table_args__ = (UniqueConstraint("workspace_id", "match_run_id", "person_id"),)

    match_run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HoldKind(StrEnum):
    LOCKED = "locked"
    FORBIDDEN = "forbidden"


class Hold(Owned, Base):
    """What a program's managers hold its matches to: these two are to be a pair, or never one. A
    lock goes when its pair is made."""

    __tablename__ = "hold"
    __table_args__ = (UniqueConstraint("workspace_id", "program_id", "mentor_id", "mentee_id"),)

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"))
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[HoldKind] = mapped_column(choice(HoldKind))
    by_hand: Mapped[bool] = mapped_column(default=False)


class DecisionKind(StrEnum):
    """What a manager can decide about a program's matches."""

    REQUESTED = "requested"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"
    MADE = "made"
    TRIED = "tried"
    APPROVED = "approved"
    PUBLISHED = "published"
    WEIGHED = "weighed"


class Decision(Owned, Base):
    """Who decided what about a program's matches, and when. `mentor_id` and `mentee_id` say of
    which pair, where it was about one."""

    __tablename__ = "decision"
    __table_args__ = (Index(None, "workspace_id", "program_id", "decided_at"),)

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    kind: Mapped[DecisionKind] = mapped_column(choice(DecisionKind))
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    mentee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
