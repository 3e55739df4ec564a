"""The pairs' queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from models import Pair, PairState, Person, Program, ProgramManager
from models.pair import LIVING

MENTOR, MENTEE = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Partnership:
    """A pair with its program and people."""

    pair: Pair
    program: Program
    mentor: Person
    mentee: Person


async def claim_opening(
    session: AsyncSession, now: datetime, lease_until: datetime, limit: int
) -> Sequence[Partnership]:
    """Takes pairs that wait for their channel; other copies leave them alone for the lease."""
    free = or_(Pair.opening_lease_until.is_(None), Pair.opening_lease_until <= now)
    taken = await _partnerships(
        session, Pair.state == PairState.OPENING, free, limit=limit, lock=True
    )
    for partnership in taken:
        partnership.pair.opening_lease_until = lease_until
    return taken


async def put_off(session: AsyncSession, pair_ids: Sequence[int], until: datetime) -> None:
    """Pairs that still wait for their channel wait on, until then."""
    await session.execute(
        update(Pair)
        .where(Pair.id.in_(pair_ids), Pair.state == PairState.OPENING)
        .values(opening_lease_until=until)
        .execution_options(synchronize_session=False)
    )


async def of_person(session: AsyncSession, person_id: int) -> Sequence[Partnership]:
    """All pairs a person is or was in, the newest first."""
    mine = or_(Pair.mentor_id == person_id, Pair.mentee_id == person_id)
    return await _partnerships(session, mine)


async def unsafe(session: AsyncSession) -> Sequence[Partnership]:
    """Living pairs that people data no longer allow: the mentor is not known to be junior, one is
    in the other's reporting line, or somebody has left. (The trigger `pair_power_safe` refuses the
    first two.)"""
    return await _partnerships(
        session,
        Pair.state.in_(LIVING),
        or_(
            MENTOR.level.is_(None),
            MENTEE.level.is_(None),
            MENTOR.level >= MENTEE.level,
            _begins_with(MENTOR.reporting_path, MENTEE.reporting_path),
            _begins_with(MENTEE.reporting_path, MENTOR.reporting_path),
            MENTOR.active.is_(False),
            MENTEE.active.is_(False),
        ),
    )


async def managers(session: AsyncSession, program_id: int) -> Sequence[Person]:
    rows = await session.scalars(
        select(Person)
        .join(ProgramManager, ProgramManager.person_id == Person.id)
        .where(ProgramManager.program_id == program_id, Person.active)
        .order_by(Person.id)
    )
    return rows.all()


async def _partnerships(
    session: AsyncSession,
    *conditions: ColumnElement[bool],
    limit: int | None = None,
    lock: bool = False,
) -> Sequence[Partnership]:
    query = (
        select(Pair, Program, MENTOR, MENTEE)
        .join(Program, Program.id == Pair.program_id)
        .join(MENTOR, MENTOR.id == Pair.mentor_id)
        .join(MENTEE, MENTEE.id == Pair.mentee_id)
        .where(*conditions)
        .order_by(Pair.id)
        .limit(limit)
    )
    if lock:
        query = query.with_for_update(skip_locked=True, of=Pair)
    return [Partnership(*row) for row in await session.execute(query)]


def _begins_with(
    text: InstrumentedAttribute[str], start: InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    return func.substr(text, 1, func.length(start)) == start
