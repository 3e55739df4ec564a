"""Pairs that have a break, and pairs that must stop until somebody has decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

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
from bot.views import decision_messages, messages
from models import Pair, PairState
from models.pair import LIVING

RESTS, GOES_ON = "pair_rests", "pair_goes_on"
"""The kinds of what a channel is told of a break."""


async def follow_breaks(
    session: AsyncSession,
    runtime: Runtime,
    *,
    program_id: int | None = None,
    person_id: int | None = None,
    pair_id: int | None = None,
    told_from: datetime | None = None,
) -> None:
    """Called in the transaction of every change to a break: the pairs of this program, or of this
    person, rest or go on, as the breaks of their program and of the two people say. A pair without
    a channel goes on waiting for it, and rests as soon as it has one. The channels hear of it when
    both are at work, but not before `told_from`."""
    which = store.which(program_id=program_id, person_id=person_id, pair_id=pair_id)
    await store.lock(session, which, LIVING)
    reasons = await store.reasons_to_rest(session, which)
    found = await store.in_states(session, which, (PairState.ACTIVE, PairState.RESTING))
    told_from = told_from or runtime.clock()
    await _rest(session, runtime, _in(PairState.ACTIVE, found, reasons.keys()), reasons, told_from)
    going_on = [pair for pair in _in(PairState.RESTING, found) if pair.pair.id not in reasons]
    await _go_on(session, runtime, going_on, told_from)


async def pause_unsafe(session: AsyncSession, runtime: Runtime, moved: Collection[int] = ()) -> int:
    """Called in the transaction of every change of people data: a pair that has become unsafe
    stops at once, both are told neutrally, and the program's managers are asked to decide.

    `moved` are the people whose level or manager has changed. A pair of theirs stops, too, if the
    two are fewer levels apart than their program asks for, or have the same manager now. Other
    pairs go on by the rules that they were made by, whatever their program asks for since.
    """
    found = list(await store.unsafe(session))
    if moved:
        known, moved = {one.pair.id for one in found}, frozenset(moved)
        found += [
            one
            for one in await store.too_close(session)
            if one.pair.id not in known and not moved.isdisjoint((one.mentor.id, one.mentee.id))
        ]
    return await _pause(session, runtime, found)


async def outdate_homes(
    session: AsyncSession, runtime: Runtime, found: Iterable[Partnership]
) -> None:
    """Of the two, and of those who run their program."""
    found = list(found)
    people = {id_ for one in found for id_ in (one.mentor.id, one.mentee.id)}
    for program_id in {one.program.id for one in found}:
        people |= {manager.id for manager in await store.managers(session, program_id)}
    await delivery.outdate_homes(session, runtime, people)


def move_plan(pair: Pair, today: date) -> None:
    """By the weeks that a pair has missed which goes on today."""
    since = pair.resting_since or today
    weeks = breaks.missed_weeks(pair.first_week_on, since, today)
    pair.first_week_on += timedelta(weeks=weeks)
    pair.resting_since = None


async def _rest(
    session: AsyncSession,
    runtime: Runtime,
    resting: Sequence[Partnership],
    reasons: Mapping[int, Sequence[date | None]],
    told_from: datetime,
) -> None:
    if not resting:
        return
    for one in resting:
        one.pair.state = PairState.RESTING
        one.pair.resting_since = runtime.clock().date()
    await session.flush()
    pair_ids = [one.pair.id for one in resting]
    await cadence.rest(session, pair_ids)
    await delivery_store.let_go_of_pairs(session, pair_ids, [GOES_ON, store.QUIET_NOTE])
    told: list[Outgoing] = []
    for one in resting:
        message = messages.pair_rests(runtime.library, breaks.ends_on(reasons[one.pair.id]))
        key = notes.each_time(runtime, RESTS, one.pair)
        told += notes.to_channel(one.pair, key, message, notes.shared_hour(one, told_from))
    await delivery.queue(session, runtime, told)
    await outdate_homes(session, runtime, resting)


async def _go_on(
    session: AsyncSession, runtime: Runtime, waking: Sequence[Partnership], told_from: datetime
) -> None:
    """Their plans move by the weeks they have missed. One that has become unsafe meanwhile stays
    quiet, and is decided upon. One that has not heard of its break yet does not hear of it at all.
    """
    if not waking:
        return
    unsafe = await store.unsafe(session, [one.pair.id for one in waking])
    await _pause(session, runtime, unsafe)
    waking = _in(PairState.RESTING, waking)
    for one in waking:
        move_plan(one.pair, runtime.clock().date())
        one.pair.state = PairState.ACTIVE
    await session.flush()
    pair_ids = [one.pair.id for one in waking]
    await cadence.resume(session, runtime, {one.pair.id: one.plan for one in waking})
    unaware = await delivery_store.let_go_of_pairs(session, pair_ids, [RESTS])
    told: list[Outgoing] = []
    message = messages.pair_goes_on(runtime.library)
    for one in waking:
        if one.pair.id not in unaware:
            key = notes.each_time(runtime, GOES_ON, one.pair)
            told += notes.to_channel(one.pair, key, message, notes.shared_hour(one, told_from))
    await delivery.queue(session, runtime, told)
    await outdate_homes(session, runtime, waking)


async def _pause(session: AsyncSession, runtime: Runtime, found: Sequence[Partnership]) -> int:
    """How many of these it has paused: one may have come to its end meanwhile."""
    which = (Pair.id.in_([one.pair.id for one in found]),)
    living = await store.lock(session, which, LIVING) if found else frozenset()
    unsafe = [one for one in found if one.pair.id in living]
    if not unsafe:
        return 0
    for partnership in unsafe:
        pair = partnership.pair
        pair.state = PairState.PAUSED
        pair.resting_since = pair.resting_since or runtime.clock().date()
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
    decide = decision_messages.needed(runtime.library, program, pair, *two)
    managers = await store.managers(session, program.id)
    paused, decision = (
        notes.each_time(runtime, kind, pair) for kind in (store.PAUSED_NOTE, "pair_decision")
    )
    return [
        *notes.to_people(pair, paused, two, neutral),
        *notes.to_people(pair, decision, managers, decide),
    ]


def _in(
    state: PairState, found: Iterable[Partnership], among: Collection[int] | None = None
) -> list[Partnership]:
    return [
        one for one in found if one.pair.state is state and (among is None or one.pair.id in among)
    ]
