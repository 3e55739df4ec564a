"""The pairs' queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    func,
    insert,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from bot.cadence.plan import Plan, plan_for
from models import (
    Delivery,
    DeliveryState,
    Enrollment,
    Pair,
    PairState,
    Person,
    Program,
    ProgramManager,
    Touchpoint,
)
from models.pair import LIVING

MENTOR, MENTEE = aliased(Person), aliased(Person)
PAUSED_NOTE = "pair_paused"
"""The kind of what the two are told when their pair is paused."""
QUIET_NOTE = "still_together"
"""The kind of what the two are asked when nothing has been heard of their pair."""
TALK_NOTE = "talk"
"""The kind of what opens the talk that a manager wants with an applicant first."""

AT_ONCE = 1000
"""Rows in one statement."""

Which = tuple[ColumnElement[bool], ...]
"""Conditions that say which pairs are meant."""


@dataclass(frozen=True)
class Partnership:
    """A pair with its program and people."""

    pair: Pair
    program: Program
    mentor: Person
    mentee: Person

    @property
    def plan(self) -> Plan:
        return plan_for(self.program, self.pair, self.mentor, self.mentee)


async def add(
    session: AsyncSession, program_id: int, rows: Sequence[Mapping[str, object]]
) -> list[Pair]:
    """New pairs of a program, by the names of the columns, in their order; not one by one, as a
    big match makes some thousand."""
    two = tuple_(Pair.mentor_id, Pair.mentee_id)
    added: list[Pair] = []
    for start in range(0, len(rows), AT_ONCE):
        some = [dict(row) for row in rows[start : start + AT_ONCE]]
        await session.execute(insert(Pair), some)
        twos = {(row["mentor_id"], row["mentee_id"]): place for place, row in enumerate(some)}
        made = await session.scalars(
            select(Pair).where(Pair.program_id == program_id, two.in_(twos))
        )
        added += sorted(made, key=lambda pair: twos[pair.mentor_id, pair.mentee_id])
    return added


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
    """All pairs a person is or was in, the oldest first."""
    return await _partnerships(session, *which(person_id=person_id))


def which(
    *, program_id: int | None = None, person_id: int | None = None, pair_id: int | None = None
) -> Which:
    """Those that are of all of these."""
    conditions: list[ColumnElement[bool]] = []
    if program_id is not None:
        conditions.append(Pair.program_id == program_id)
    if person_id is not None:
        conditions.append(or_(Pair.mentor_id == person_id, Pair.mentee_id == person_id))
    if pair_id is not None:
        conditions.append(Pair.id == pair_id)
    assert conditions, "nobody means all pairs of all programs"
    return tuple(conditions)


async def lock(
    session: AsyncSession, pairs: Which, states: Collection[PairState]
) -> frozenset[int]:
    """Until the transaction is over nobody else moves these pairs, whose ids it returns, nor what
    is due for them. The touchpoints come first, as for the ticker, so that the two never wait for
    each other."""
    meant = (*pairs, Pair.state.in_(states))
    await session.execute(
        select(Touchpoint.id)
        .join(Pair, Pair.id == Touchpoint.pair_id)
        .where(*meant)
        .order_by(Touchpoint.id)
        .with_for_update(of=Touchpoint)
    )
    locked = await session.scalars(
        select(Pair)
        .where(*meant)
        .order_by(Pair.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return frozenset(pair.id for pair in locked)


async def in_states(
    session: AsyncSession, pairs: Which, states: Collection[PairState]
) -> Sequence[Partnership]:
    return await _partnerships(session, *pairs, Pair.state.in_(states))


async def reasons_to_rest(session: AsyncSession, pairs: Which) -> dict[int, list[date | None]]:
    """For each living pair whose program or one of whose people has a break: the days on which
    these breaks end, None where that is not known."""
    living = (*pairs, Pair.state.in_(LIVING))
    of_programs = await session.scalars(
        select(Pair.id)
        .join(Program, Program.id == Pair.program_id)
        .where(*living, Program.paused_at.is_not(None))
    )
    reasons: dict[int, list[date | None]] = {pair_id: [None] for pair_id in of_programs}
    theirs = and_(
        Enrollment.program_id == Pair.program_id,
        or_(Enrollment.person_id == Pair.mentor_id, Enrollment.person_id == Pair.mentee_id),
    )
    of_people = await session.execute(
        select(Pair.id, Enrollment.paused_until)
        .join(Enrollment, theirs)
        .where(*living, Enrollment.paused_since.is_not(None))
    )
    for pair_id, until in of_people:
        reasons.setdefault(pair_id, []).append(until)
    return reasons


async def has_begun(session: AsyncSession, pair_id: int) -> bool:
    """Whether the pair has been active: its channel stands, and what it hears there is planned."""
    found = select(Touchpoint.id).where(Touchpoint.pair_id == pair_id)
    return await session.scalar(found.limit(1)) is not None


async def known_to_the_two(session: AsyncSession, pair_ids: Collection[int]) -> frozenset[int]:
    """Those of these pairs whose people have heard of them: in their channel, or when they were
    paused before they had one."""
    told = select(Delivery.id).where(
        Delivery.pair_id == Pair.id,
        Delivery.kind == PAUSED_NOTE,
        Delivery.state.not_in((DeliveryState.DUE, DeliveryState.LET_GO)),
    )
    found = await session.scalars(
        select(Pair.id).where(
            Pair.id.in_(pair_ids), or_(Pair.channel_id.is_not(None), told.exists())
        )
    )
    return frozenset(found)


async def is_in_use(session: AsyncSession, channel_id: str, other_than: int) -> bool:
    """Whether another pair talks there, or a manager has with an applicant."""
    pair = select(Pair.id).where(Pair.channel_id == channel_id, Pair.id != other_than)
    if await session.scalar(pair) is not None:
        return True
    talk = select(Delivery.id).where(Delivery.recipient == channel_id, Delivery.kind == TALK_NOTE)
    return await session.scalar(talk.limit(1)) is not None


def taken(program_ids: Collection[int]) -> Subquery:
    """How many pairs each person has in each of these programs, those left out that have ended
    without being completed. Counted once and joined: asked again for each of some thousand people,
    it would take a database seconds."""
    kept = (Pair.program_id.in_(program_ids), Pair.state != PairState.ENDED)
    sides = union_all(
        select(Pair.program_id, Pair.mentor_id.label("person_id")).where(*kept),
        select(Pair.program_id, Pair.mentee_id).where(*kept),
    ).subquery()
    person = (sides.c.program_id, sides.c.person_id)
    return select(*person, func.count().label("pairs")).group_by(*person).subquery()


def of_enrollment(taken: Subquery) -> ColumnElement[bool]:
    """To join what is `taken` to an enrollment."""
    return and_(
        taken.c.program_id == Enrollment.program_id, taken.c.person_id == Enrollment.person_id
    )


async def unsafe(
    session: AsyncSession,
    among: Collection[int] | None = None,
    states: Collection[PairState] = LIVING,
) -> Sequence[Partnership]:
    """Pairs in these states that people data do not allow: the mentor is not known to be junior,
    one is in the other's reporting line, or somebody has left. (The trigger `pair_power_safe`
    refuses the first two of a living one.)"""
    asked_about = () if among is None else (Pair.id.in_(among),)
    return await _partnerships(
        session,
        *asked_about,
        Pair.state.in_(states),
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


async def too_close(
    session: AsyncSession,
    among: Collection[int] | None = None,
    states: Collection[PairState] = LIVING,
) -> Sequence[Partnership]:
    """Pairs in these states that the rules for a new pair do not allow, though they are not
    `unsafe`: the two are fewer levels apart than their program asks for now, or have the same
    direct manager."""
    asked_about = () if among is None else (Pair.id.in_(among),)
    return await _partnerships(
        session,
        *asked_about,
        Pair.state.in_(states),
        or_(
            MENTEE.level - MENTOR.level < Program.level_gap,
            MENTOR.manager_id == MENTEE.manager_id,
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
