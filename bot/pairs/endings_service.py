"""Pairs that end before their program has run its weeks."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cadence import store as cadence_store
from bot.clock import working_hour
from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.delivery.service import Outgoing
from bot.pairs import notes, store
from bot.pairs.breaks_service import outdate_homes
from bot.pairs.store import Partnership
from bot.runtime import Runtime
from bot.views import messages
from models import PairState, Person, Program
from models.pair import LIVING, UNENDED

WITH_CHANNEL = (PairState.ACTIVE, PairState.RESTING)
PARTABLE = (*WITH_CHANNEL, PairState.PAUSED)
"""The states in which each of the two can ask for another partner."""


async def end_of(session: AsyncSession, runtime: Runtime, program: Program, person: Person) -> None:
    """Ends the person's pairs in the program, because they leave it. Their partners hear of it
    kindly, and neither why nor through whom. Who has not heard of their pair yet hears nothing."""
    which = store.which(program_id=program.id, person_id=person.id)
    found = await _take(session, which, UNENDED)
    await _part(session, runtime, found, staying=lambda one: one.id != person.id)


async def part(session: AsyncSession, runtime: Runtime, pair_id: int) -> bool:
    """Ends a pair because one of its two would like another partner. Both hear of it in the same
    words and at the same moment, so that nothing says which of them asked; nor does it say
    anywhere here. False when the pair has come to its end before."""
    found = await _take(session, store.which(pair_id=pair_id), PARTABLE)
    await _part(session, runtime, found, staying=lambda _: True)
    return bool(found)


async def end_paused(session: AsyncSession, runtime: Runtime, pair_id: int) -> bool:
    """Ends a pair as a manager decides. Both hear of it kindly, and not why. False when it is not
    paused any more."""
    found = await _take(session, store.which(pair_id=pair_id), (PairState.PAUSED,))
    await _part(session, runtime, found, staying=lambda _: True)
    return bool(found)


async def wind_down(session: AsyncSession, runtime: Runtime, program: Program) -> None:
    """The program ends early: the two of each pair under way are asked, each alone, whether that
    counts as completed; the other pairs end."""
    which = store.which(program_id=program.id)
    found = await _take(session, which, (*LIVING, PairState.PAUSED))
    asked = [one for one in found if one.pair.state in WITH_CHANNEL]
    others = [one for one in found if one.pair.state not in WITH_CHANNEL]
    await _end(session, runtime, asked, PairState.CLOSING)
    await _end(session, runtime, others, PairState.ENDED)
    now = runtime.clock()
    told: list[Outgoing] = []
    for one in asked:
        two = messages.two(one.mentor, one.mentee)
        message = messages.pair_closing(runtime.library, program, two)
        key = f"pair_closing:{one.pair.id}"
        together = notes.shared_hour(one, now)
        told += notes.to_channel(one.pair, key, message, together)
        told += _questions(runtime, one, _at_work(now, together))
    early = messages.pair_ended_early(runtime.library, program)
    for one in others:
        key = f"pair_ended_early:{one.pair.id}"
        told += notes.to_people(one.pair, key, (one.mentor, one.mentee), early, _at_work(now))
    await delivery.queue(session, runtime, told)


async def finish(session: AsyncSession, runtime: Runtime, program: Program) -> None:
    """The program is over: whatever pair has not come to its end ends now, and is told nothing
    more than everybody in the program is."""
    found = await _take(session, store.which(program_id=program.id), UNENDED)
    await _end(session, runtime, found, PairState.ENDED)


async def _part(
    session: AsyncSession,
    runtime: Runtime,
    found: Sequence[Partnership],
    staying: Callable[[Person], bool],
) -> None:
    """Who stays hears of it with the channel, whatever the cause: neither the words nor the hour
    say whether the other has left, has asked for another partner, or a manager has decided."""
    known = await store.known_to_the_two(session, [one.pair.id for one in found])
    await _end(session, runtime, found, PairState.ENDED)
    now = runtime.clock()
    told: list[Outgoing] = []
    for one in (one for one in found if one.pair.id in known):
        shared = notes.shared_hour(one, now)
        ended = messages.pair_ended(runtime.library, one.program)
        people, key = filter(staying, (one.mentor, one.mentee)), f"pair_ended:{one.pair.id}"
        told += notes.to_people(one.pair, key, people, ended, _with(shared))
        farewell = messages.pair_farewell(runtime.library)
        told += notes.to_channel(one.pair, f"pair_farewell:{one.pair.id}", farewell, shared)
    await delivery.queue(session, runtime, told)


def _at_work(now: datetime, latest: datetime | None = None) -> Callable[[Person], datetime]:
    """When somebody is at work next; `latest` is when their channel hears it, before which or with
    which they read it themselves."""

    def hour(person: Person) -> datetime:
        own = working_hour(now, person.time_zone)
        return own if latest is None else min(own, latest)

    return hour


def _with(moment: datetime) -> Callable[[Person], datetime]:
    return lambda _: moment


def _questions(
    runtime: Runtime, closing: Partnership, hour: Callable[[Person], datetime]
) -> list[Outgoing]:
    """Not in their channel: who stops there might have to explain it to somebody senior."""
    key, pair = f"pair_closing_question:{closing.pair.id}", closing.pair
    two = ((closing.mentor, closing.mentee), (closing.mentee, closing.mentor))
    return [
        question
        for one, partner in two
        for question in notes.to_people(
            pair,
            key,
            [one],
            messages.pair_closing_question(runtime.library, closing.program, pair, partner),
            hour,
        )
    ]


async def _take(
    session: AsyncSession, which: store.Which, states: Sequence[PairState]
) -> Sequence[Partnership]:
    await store.lock(session, which, states)
    return await store.in_states(session, which, states)


async def _end(
    session: AsyncSession, runtime: Runtime, found: Sequence[Partnership], state: PairState
) -> None:
    if not found:
        return
    for one in found:
        one.pair.state = state
        one.pair.resting_since = None
    await session.flush()
    pair_ids = [one.pair.id for one in found]
    await cadence_store.stop(session, pair_ids)
    await delivery_store.let_go_of_pairs(session, pair_ids)
    await outdate_homes(session, runtime, found)
