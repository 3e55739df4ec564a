"""The counts behind the reports: a fixed number of queries, however many pairs there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    Delivery,
    DeliveryState,
    Enrollment,
    EnrollmentState,
    Goal,
    Meeting,
    Pair,
    PairState,
    Program,
    ProgramState,
    Role,
)

COMPLETED = or_(
    Pair.state == PairState.COMPLETED,
    and_(
        Pair.state == PairState.ENDED,
        or_(Pair.mentor_counts.is_(True), Pair.mentee_counts.is_(True)),
        func.coalesce(Pair.mentor_counts, true()),
        func.coalesce(Pair.mentee_counts, true()),
    ),
)


@dataclass(frozen=True)
class PairFacts:
    """What the figures need to know of one pair; `resting_since` is None unless it rests or
    is paused. A pair is `completed` when its weeks are over, or when its program ended early, one
    of the two said that it counts, and neither that it does not."""

    state: PairState
    completed: bool
    first_week_on: date
    resting_since: date | None
    meetings: int
    last_met_at: datetime | None
    goals: int


async def enrolled(session: AsyncSession, program_id: int) -> dict[Role, int]:
    rows = await session.execute(
        select(Enrollment.role, func.count())
        .where(Enrollment.program_id == program_id, Enrollment.state == EnrollmentState.ENROLLED)
        .group_by(Enrollment.role)
    )
    return dict(rows.all())


async def pairs(session: AsyncSession, program_id: int) -> Sequence[PairFacts]:
    met = (
        select(
            Meeting.pair_id, func.count().label("held"), func.max(Meeting.reported_at).label("last")
        )
        .group_by(Meeting.pair_id)
        .subquery()
    )
    goals = select(Goal.pair_id, func.count().label("set")).group_by(Goal.pair_id).subquery()
    rows = await session.execute(
        select(
            Pair.state,
            COMPLETED,
            Pair.first_week_on,
            Pair.resting_since,
            func.coalesce(met.c.held, 0),
            met.c.last,
            func.coalesce(goals.c.set, 0),
        )
        .outerjoin(met, met.c.pair_id == Pair.id)
        .outerjoin(goals, goals.c.pair_id == Pair.id)
        .where(Pair.program_id == program_id)
    )
    return [PairFacts(*row) for row in rows]


async def deliveries(session: AsyncSession, program_id: int) -> dict[DeliveryState, int]:
    """Messages to the program's pairs, by what became of them."""
    rows = await session.execute(
        select(Delivery.state, func.count())
        .join(Pair, Pair.id == Delivery.pair_id)
        .where(Pair.program_id == program_id)
        .group_by(Delivery.state)
    )
    return dict(rows.all())


async def enrollments_of(
    session: AsyncSession, person_id: int
) -> Sequence[tuple[Enrollment, Program]]:
    """The newest program first. Whoever is out of a program hears of it until it is closed."""
    out = Enrollment.state.in_((EnrollmentState.DECLINED, EnrollmentState.LEFT))
    rows = await session.execute(
        select(Enrollment, Program)
        .join(Program, Program.id == Enrollment.program_id)
        .where(Enrollment.person_id == person_id, ~and_(out, Program.state == ProgramState.CLOSED))
        .order_by(Program.id.desc())
    )
    return [(enrollment, program) for enrollment, program in rows]


async def meetings_and_goals(session: AsyncSession, pair_id: int) -> tuple[int, int]:
    met = select(func.count()).select_from(Meeting).where(Meeting.pair_id == pair_id)
    goals = select(func.count()).select_from(Goal).where(Goal.pair_id == pair_id)
    return (await session.scalars(met)).one(), (await session.scalars(goals)).one()
