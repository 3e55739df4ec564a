"""Pairs that end before their program has run its weeks."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cadence import store as cadence_store
from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.delivery.service import Outgoing
from bot.pairs import notes, store
from bot.pairs.breaks_service import outdate_homes
from bot.pairs.store import Partnership
from bot.runtime import Runtime
from bot.views import messages
from models import PairState, Person, Program
from models.pair import LIVING

UNENDED = (*LIVING, PairState.PAUSED, PairState.CLOSING)
WITH_CHANNEL = (PairState.ACTIVE, PairState.RESTING)


async def end_of(session: AsyncSession, runtime: Runtime, program: Program, person: Person) -> None:
    """Ends the person's pairs in the program, because they leave it. Their partners hear of it
    kindly, and neither why nor through whom. Who has not heard of their pair yet hears nothing."""
    which = store.which(program_id=program.id, person_id=person.id)
    found = await _take(session, which, UNENDED)
    introduced = [one for one in found if one.pair.state is not PairState.OPENING]
    await _end(session, runtime, found, PairState.ENDED)
    told: list[Outgoing] = []
    for one in introduced:
        partner = one.mentee if person.id == one.mentor.id else one.mentor
        farewell = messages.pair_farewell(runtime.library)
        told += notes.to_channel(one.pair, f"pair_farewell:{one.pair.id}", farewell)
        ended = messages.pair_ended(runtime.library, program)
        told += notes.to_person(one.pair, "pair_ended", partner, ended)
    await delivery.queue(session, runtime, told)


async def wind_down(session: AsyncSession, runtime: Runtime, program: Program) -> None:
    """The program ends early: pairs under way are asked whether that counts as completed, and the
    others end."""
    which = store.which(program_id=program.id)
    found = await _take(session, which, (*LIVING, PairState.PAUSED))
    asked = [one for one in found if one.pair.state in WITH_CHANNEL]
    others = [one for one in found if one.pair.state not in WITH_CHANNEL]
    await _end(session, runtime, asked, PairState.CLOSING)
    await _end(session, runtime, others, PairState.ENDED)
    told: list[Outgoing] = []
    for one in asked:
        two = messages.two(one.mentor, one.mentee)
        message = messages.pair_closing(runtime.library, program, one.pair, two)
        told += notes.to_channel(one.pair, f"pair_closing:{one.pair.id}", message)
    early = messages.pair_ended_early(runtime.library, program)
    for one in others:
        for person in (one.mentor, one.mentee):
            told += notes.to_person(one.pair, "pair_ended_early", person, early)
    await delivery.queue(session, runtime, told)


async def finish(session: AsyncSession, runtime: Runtime, program: Program) -> None:
    """The program is over: whatever pair has not come to its end ends now, and is told nothing
    more than everybody in the program is."""
    found = await _take(session, store.which(program_id=program.id), UNENDED)
    await _end(session, runtime, found, PairState.ENDED)


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
