"""Due touchpoints and what is needed to say them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models import (
    Enrollment,
    Meeting,
    Pair,
    PairState,
    Person,
    Program,
    ProgramManager,
    QuestionAsked,
    Touchpoint,
)

MENTOR, MENTEE = aliased(Person), aliased(Person)
OF_ACTIVE_PAIRS = (
    select(Touchpoint, Pair, Program, MENTOR, MENTEE)
    .join(Pair, Pair.id == Touchpoint.pair_id)
    .join(Program, Program.id == Pair.program_id)
    .join(MENTOR, MENTOR.id == Pair.mentor_id)
    .join(MENTEE, MENTEE.id == Pair.mentee_id)
    .where(Pair.state == PairState.ACTIVE)
)
DUE = (
    OF_ACTIVE_PAIRS.where(Touchpoint.due_at <= bindparam("now"))
    .order_by(Touchpoint.due_at, Touchpoint.id)
    .limit(bindparam("batch"))
    .with_for_update(skip_locked=True, of=Touchpoint)
)


@dataclass(frozen=True)
class Due:
    """A touchpoint with its pair, program and people."""

    touchpoint: Touchpoint
    pair: Pair
    program: Program
    mentor: Person
    mentee: Person


async def due(session: AsyncSession, now: datetime, batch: int) -> Sequence[Due]:
    """The touchpoints longest due, of active pairs; other copies skip the rows taken here."""
    rows = await session.execute(DUE, {"now": now, "batch": batch})
    return [Due(*row) for row in rows]


async def of_pair(session: AsyncSession, pair_id: int) -> Sequence[Due]:
    """Every touchpoint of the pair, locked; none unless the pair is active."""
    rows = await session.execute(
        OF_ACTIVE_PAIRS.where(Pair.id == pair_id)
        .order_by(Touchpoint.id)
        .with_for_update(of=Touchpoint)
        .execution_options(populate_existing=True)
    )
    return [Due(*row) for row in rows]


async def touchpoints(session: AsyncSession, pair_ids: Collection[int]) -> Sequence[Touchpoint]:
    """Every touchpoint of these pairs, locked."""
    found = await session.scalars(
        select(Touchpoint)
        .where(Touchpoint.pair_id.in_(pair_ids))
        .order_by(Touchpoint.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.all()


async def managers(session: AsyncSession, program_ids: Collection[int]) -> Sequence[int]:
    """The ids of the people who manage any of these programs."""
    found = await session.scalars(
        select(ProgramManager.person_id).where(ProgramManager.program_id.in_(program_ids))
    )
    return found.all()


async def asked(session: AsyncSession, pair_ids: Collection[int]) -> dict[int, set[str]]:
    """The questions each of these pairs has had."""
    rows = await session.execute(
        select(QuestionAsked.pair_id, QuestionAsked.question_id).where(
            QuestionAsked.pair_id.in_(pair_ids)
        )
    )
    by_pair: dict[int, set[str]] = defaultdict(set)
    for pair_id, question_id in rows:
        by_pair[pair_id].add(question_id)
    return by_pair


async def taking_part(
    session: AsyncSession, pair_ids: Collection[int]
) -> Sequence[tuple[Pair, Program, Enrollment]]:
    """How the two of each of these pairs take part in its program: two rows a pair."""
    two = or_(Enrollment.person_id == Pair.mentor_id, Enrollment.person_id == Pair.mentee_id)
    rows = await session.execute(
        select(Pair, Program, Enrollment)
        .join(Program, Program.id == Pair.program_id)
        .join(Enrollment, and_(Enrollment.program_id == Pair.program_id, two))
        .where(Pair.id.in_(pair_ids))
    )
    return [(pair, program, enrolled) for pair, program, enrolled in rows]


async def meetings(session: AsyncSession, pair_ids: Collection[int]) -> dict[int, int]:
    """How often each of these pairs has said that it met."""
    rows = await session.execute(
        select(Meeting.pair_id, func.count())
        .where(Meeting.pair_id.in_(pair_ids))
        .group_by(Meeting.pair_id)
    )
    return dict(rows.all())


async def move_on(session: AsyncSession, moved: Sequence[dict[str, object]]) -> None:
    """Sets `number` and `due_at` of the touchpoints with these ids, in one statement."""
    await session.execute(update(Touchpoint), moved)


async def stop(session: AsyncSession, pair_ids: Collection[int]) -> None:
    """Nothing is due for these pairs any more."""
    await session.execute(
        update(Touchpoint).where(Touchpoint.pair_id.in_(pair_ids)).values(due_at=None)
    )


async def complete(session: AsyncSession, pair_ids: Collection[int]) -> None:
    """Only those still active: one paused meanwhile waits for its decision."""
    await session.execute(
        update(Pair)
        .where(Pair.id.in_(pair_ids), Pair.state == PairState.ACTIVE)
        .values(state=PairState.COMPLETED)
    )
