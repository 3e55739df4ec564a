"""The Homes' queries: who publishes which Home, and the figures on one.

`outdated_since` is also the claim of the copy that publishes: while it lies ahead, a copy is at
work, and it is that copy's until then. A change that comes meanwhile sets it back to the moment of
the change (`bot.delivery.store.outdate_homes`), so that what the copy has read does not pass for
current. If the copy dies, the claim runs out and the Home is outdated again.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Subquery, delete, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import insert_new
from bot.pairs import store as pair_store
from bot.programs import store as programs
from models import (
    Enrollment,
    EnrollmentState,
    Goal,
    Home,
    MatchRun,
    MatchRunState,
    Meeting,
    Pair,
    PairState,
    Person,
    Program,
    Role,
    Touchpoint,
    TouchpointKind,
)

TO_BOTH = (TouchpointKind.NUDGE, TouchpointKind.QUESTION, TouchpointKind.FAREWELL)
"""A reminder comes to one of the two alone, at a moment that nobody is told of."""
UNDECIDED_RUNS = (MatchRunState.REQUESTED, MatchRunState.PROPOSED, MatchRunState.ASKING)


@dataclass(frozen=True)
class Claim:
    """One Home, this copy's to publish until then."""

    home_id: int
    workspace_id: int
    person_id: int
    until: datetime


@dataclass(frozen=True)
class Goals:
    """How many goals a pair has, and the last day of the last one."""

    count: int
    until: date


async def claim_opened(
    session: AsyncSession, person: Person, now: datetime, settle: timedelta, lease: timedelta
) -> Claim | None:
    """The Home of somebody who looks at it, from the first time on. None, and marked for the
    ticker, when it was published less than `settle` ago."""
    row = {"workspace_id": person.workspace_id, "person_id": person.id, "outdated_since": now}
    await insert_new(session, Home, [row])
    found = await session.scalars(select(Home).where(Home.person_id == person.id).with_for_update())
    home = found.one()
    if home.published_at is not None and home.published_at > now - settle:
        home.outdated_since = home.outdated_since or now
        return None
    return _claimed(home, now + lease)


async def claim_outdated(
    session: AsyncSession, now: datetime, settle: timedelta, lease: timedelta
) -> Claim | None:
    """The Home outdated longest, and for `settle` at least. Across workspaces; other copies skip a
    Home that is taken, and one that a change not yet committed is about to outdate."""
    home = await session.scalar(
        select(Home)
        .where(Home.outdated_since <= now - settle)
        .order_by(Home.outdated_since, Home.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return None if home is None else _claimed(home, now + lease)


async def settle(session: AsyncSession, claim: Claim, now: datetime, *, published: bool) -> None:
    """The Home is current, unless something changed meanwhile. Where the claim ran out, another
    copy may have published too, and which of the two came last nobody knows: once more, then."""
    home = await session.get(Home, claim.home_id, with_for_update=True)
    if home is None:
        return
    if home.outdated_since == claim.until:
        home.outdated_since = None
    else:
        home.outdated_since = home.outdated_since or now
    if published:
        home.published_at = now


async def put_off(session: AsyncSession, claim: Claim, until: datetime) -> None:
    home = await session.get(Home, claim.home_id, with_for_update=True)
    if home is not None and home.outdated_since == claim.until:
        home.outdated_since = until


async def forget(session: AsyncSession, claim: Claim) -> None:
    await session.execute(
        delete(Home).where(Home.id == claim.home_id).execution_options(synchronize_session=False)
    )


def _claimed(home: Home, until: datetime) -> Claim:
    home.outdated_since = until
    return Claim(home.id, home.workspace_id, home.person_id, until)


async def person(session: AsyncSession, person_id: int) -> Person:
    """A Home goes with its person, so there is one."""
    return await session.get_one(Person, person_id)


async def places(session: AsyncSession, person_id: int) -> Mapping[int, int]:
    """Where a person stands on the waiting lists they are on, from 1, by enrollment."""
    mine = select(Enrollment.program_id).where(
        Enrollment.person_id == person_id, Enrollment.state == EnrollmentState.WAITLISTED
    )
    listed = (
        select(
            Enrollment.id.label("id"),
            Enrollment.person_id.label("person_id"),
            func.row_number()
            .over(
                partition_by=(Enrollment.program_id, Enrollment.role),
                order_by=(Enrollment.joined_at, Enrollment.id),
            )
            .label("place"),
        )
        .join(Person, Person.id == Enrollment.person_id)
        .where(
            Enrollment.program_id.in_(mine),
            Enrollment.state == EnrollmentState.WAITLISTED,
            Person.active,
        )
        .subquery()
    )
    rows = await session.execute(
        select(listed.c.id, listed.c.place).where(listed.c.person_id == person_id)
    )
    return dict(rows.all())


async def meetings(session: AsyncSession, pair_ids: Collection[int]) -> Mapping[int, set[int]]:
    """The periods in which each pair has met."""
    rows = await session.execute(
        select(Meeting.pair_id, Meeting.number).where(Meeting.pair_id.in_(pair_ids))
    )
    by_pair: dict[int, set[int]] = {pair_id: set() for pair_id in pair_ids}
    for pair_id, number in rows:
        by_pair[pair_id].add(number)
    return by_pair


async def goals(session: AsyncSession, pair_ids: Collection[int]) -> Mapping[int, Goals]:
    """Of the pairs that have any."""
    rows = await session.execute(
        select(Goal.pair_id, func.count(), func.max(Goal.due_on))
        .where(Goal.pair_id.in_(pair_ids))
        .group_by(Goal.pair_id)
    )
    return {pair_id: Goals(count, until) for pair_id, count, until in rows}


async def next_prompts(
    session: AsyncSession, pair_ids: Collection[int], now: datetime
) -> Mapping[int, datetime]:
    """When each pair hears from us next, as far as both do."""
    rows = await session.execute(
        select(Touchpoint.pair_id, func.min(Touchpoint.due_at))
        .where(
            Touchpoint.pair_id.in_(pair_ids),
            Touchpoint.kind.in_(TO_BOTH),
            Touchpoint.due_at > now,
        )
        .group_by(Touchpoint.pair_id)
    )
    return {pair_id: due_at for pair_id, due_at in rows if due_at is not None}


async def enrollments(
    session: AsyncSession, program_ids: Collection[int]
) -> Mapping[tuple[int, Role, EnrollmentState], int]:
    """How many people who work here are in each program, by role and state."""
    return await _counted(session, program_ids)


async def waiting(
    session: AsyncSession, program_ids: Collection[int]
) -> Mapping[tuple[int, Role, EnrollmentState], int]:
    """The same of those who can be matched."""
    return await _counted(session, program_ids, programs.is_waiting)


async def _counted(
    session: AsyncSession,
    program_ids: Collection[int],
    besides: Callable[[Subquery], ColumnElement[bool]] = lambda _: true(),
) -> Mapping[tuple[int, Role, EnrollmentState], int]:
    key = (Enrollment.program_id, Enrollment.role, Enrollment.state)
    taken = pair_store.taken(program_ids)
    rows = await session.execute(
        select(*key, func.count())
        .join(Person, Person.id == Enrollment.person_id)
        .join(Program, Program.id == Enrollment.program_id)
        .outerjoin(taken, pair_store.of_enrollment(taken))
        .where(Enrollment.program_id.in_(program_ids), Person.active, besides(taken))
        .group_by(*key)
    )
    return {(program_id, role, state): count for program_id, role, state, count in rows}


async def pairs(
    session: AsyncSession, program_ids: Collection[int]
) -> Mapping[int, Mapping[PairState, int]]:
    """How many pairs of each program are in which state."""
    rows = await session.execute(
        select(Pair.program_id, Pair.state, func.count())
        .where(Pair.program_id.in_(program_ids))
        .group_by(Pair.program_id, Pair.state)
    )
    by_program: dict[int, dict[PairState, int]] = {program_id: {} for program_id in program_ids}
    for program_id, state, count in rows:
        by_program[program_id][state] = count
    return by_program


async def runs(session: AsyncSession, program_ids: Collection[int]) -> Mapping[int, MatchRun]:
    """The newest match run of each program of which something may still come."""
    found = await session.scalars(
        select(MatchRun)
        .where(MatchRun.program_id.in_(program_ids), MatchRun.state.in_(UNDECIDED_RUNS))
        .order_by(MatchRun.id)
    )
    return {run.program_id: run for run in found}
