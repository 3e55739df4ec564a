"""Pairs that have a break, and pairs that must stop until somebody has decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cadence import service as cadence
from bot.cadence import store as cadence_store
from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.delivery.service import Outgoing
from bot.log import get_logger
from bot.pairs import breaks, notes, store
from bot.pairs.store import Partnership
from bot.runtime import Runtime
from bot.views import messages
from models import Pair, PairState
from models.pair import LIVING


async def follow_breaks(
    session: AsyncSession,
    runtime: Runtime,
    *,
    program_id: int | None = None,
    person_id: int | None = None,
    pair_id: int | None = None,
) -> None:
    """Called in the transaction of every change to a break: the pairs of this program, or of this
    person, rest or go on, as the breaks of their program and of the two people say. A pair without
    a channel goes on waiting for it, and rests as soon as it has one."""
    which = store.which(program_id=program_id, person_id=person_id, pair_id=pair_id)
    await store.lock(session, which, LIVING)
    reasons = await store.reasons_to_rest(session, which)
    found = await store.in_states(session, which, (PairState.ACTIVE, PairState.RESTING))
    await _rest(session, runtime, _in(PairState.ACTIVE, found, reasons.keys()), reasons)
    going_on = [pair for pair in _in(PairState.RESTING, found) if pair.pair.id not in reasons]
    await _go_on(session, runtime, going_on)


async def pause_unsafe(session: AsyncSession, runtime: Runtime) -> int:
    """Called in the transaction of every change of people data: a pair that has become unsafe
    stops at once, both are told neutrally, and the program's managers are asked to decide."""
    return await _pause(session, runtime, await store.unsafe(session))


async def outdate_homes(
    session: AsyncSession, runtime: Runtime, found: Iterable[Partnership]
) -> None:
    """Of the two, and of those who run their program."""
    found = list(found)
    people = {id_ for one in found for id_ in (one.mentor.id, one.mentee.id)}
    for program_id in {one.program.id for one in found}:
        people |= {manager.id for manager in await store.managers(session, program_id)}
    await delivery.outdate_homes(session, runtime, people)


async def _rest(
    session: AsyncSession,
    runtime: Runtime,
    resting: Sequence[Partnership],
    reasons: Mapping[int, Sequence[date | None]],
) -> None:
    if not resting:
        return
    for one in resting:
        one.pair.state = PairState.RESTING
        one.pair.resting_since = runtime.clock().date()
    await session.flush()
    await cadence.rest(session, [one.pair.id for one in resting])
    told: list[Outgoing] = []
    for one in resting:
        message = messages.pair_rests(runtime.library, breaks.ends_on(reasons[one.pair.id]))
        told += notes.to_channel(one.pair, _each_time(runtime, "pair_rests", one.pair), message)
    await delivery.queue(session, runtime, told)
    await outdate_homes(session, runtime, resting)


async def _go_on(session: AsyncSession, runtime: Runtime, waking: Sequence[Partnership]) -> None:
    """Their plans move by the weeks they have missed. One that has become unsafe meanwhile stays
    quiet, and is decided upon."""
    if not waking:
        return
    unsafe = await store.unsafe(session, [one.pair.id for one in waking])
    await _pause(session, runtime, unsafe)
    waking = _in(PairState.RESTING, waking)
    for one in waking:
        _move_plan(one.pair, runtime.clock().date())
        one.pair.state = PairState.ACTIVE
    await session.flush()
    told: list[Outgoing] = []
    message = messages.pair_goes_on(runtime.library)
    for one in waking:
        await cadence.resume(session, runtime, one.pair.id)
        told += notes.to_channel(one.pair, _each_time(runtime, "pair_goes_on", one.pair), message)
    await delivery.queue(session, runtime, told)
    await outdate_homes(session, runtime, waking)


def _move_plan(pair: Pair, today: date) -> None:
    assert pair.resting_since is not None, "a resting pair knows since when"
    weeks = breaks.missed_weeks(pair.first_week_on, pair.resting_since, today)
    pair.first_week_on += timedelta(weeks=weeks)
    pair.resting_since = None


async def _pause(session: AsyncSession, runtime: Runtime, found: Sequence[Partnership]) -> int:
    """How many of these it has paused: one may have come to its end meanwhile."""
    which = (Pair.id.in_([one.pair.id for one in found]),)
    living = await store.lock(session, which, LIVING) if found else frozenset()
    unsafe = [one for one in found if one.pair.id in living]
    if not unsafe:
        return 0
    for partnership in unsafe:
        partnership.pair.state = PairState.PAUSED
        partnership.pair.resting_since = None
    await session.flush()
    pair_ids = [one.pair.id for one in unsafe]
    await cadence_store.stop(session, pair_ids)
    await delivery_store.let_go_of_pairs(session, pair_ids)
    for partnership in unsafe:
        await delivery.queue(session, runtime, await _pause_notes(session, runtime, partnership))
        get_logger().info("pair_paused", pair=partnership.pair.id)
    await outdate_homes(session, runtime, unsafe)
    return len(unsafe)


async def _pause_notes(
    session: AsyncSession, runtime: Runtime, partnership: Partnership
) -> list[Outgoing]:
    pair, program = partnership.pair, partnership.program
    two = (partnership.mentor, partnership.mentee)
    neutral = messages.pair_paused(runtime.library, program)
    decide = messages.pair_needs_decision(runtime.library, program, *two)
    told = [note for one in two for note in notes.to_person(pair, "pair_paused", one, neutral)]
    for manager in await store.managers(session, program.id):
        told += notes.to_person(pair, "pair_decision", manager, decide)
    return told


def _in(
    state: PairState, found: Iterable[Partnership], among: Collection[int] | None = None
) -> list[Partnership]:
    return [
        one for one in found if one.pair.state is state and (among is None or one.pair.id in among)
    ]


def _each_time(runtime: Runtime, kind: str, pair: Pair) -> str:
    """A dedupe key for what a pair may be told more than once: its state is told anew each time
    that it changes."""
    return f"{kind}:{pair.id}:{runtime.new_key()}"
