"""Pairs that are paused until one of their program's managers decides: they end, or go on.

Whoever decides holds the pair, so that of two managers at once the second reads what the first has
done, and nothing is undone. Nobody decides on a pair of their own.
"""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cadence import service as cadence
from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.errors import UserFacingError
from bot.log import get_logger
from bot.pairs import breaks_service, endings_service, notes, store
from bot.pairs.store import Partnership
from bot.roles import Act, Actor, require
from bot.runtime import Runtime
from bot.slack import installations
from bot.views import decision_messages
from bot.views.modals.paused import PausedPair, Undecided
from models import Pair, PairState, Person, Program
from models.pair import LIVING
from models.program import OVER

PAUSED = (PairState.PAUSED,)


async def undecided(session: AsyncSession, manager: Person, program_id: int) -> Undecided:
    """The program's pairs that wait for a decision. Raises UserFacingError for somebody who does
    not manage it."""
    await _require_manager(session, manager, program_id)
    program = await session.get_one(Program, program_id)
    found = await store.in_states(session, store.which(program_id=program_id), PAUSED)
    unsafe_ids = await _unsafe(session, [one.pair.id for one in found])
    pairs = [
        PausedPair(one.pair, one.mentor, one.mentee, is_safe=one.pair.id not in unsafe_ids)
        for one in found
    ]
    return Undecided(program, manager, pairs)


async def end(session: AsyncSession, runtime: Runtime, manager: Person, pair_id: int) -> None:
    """Ends a paused pair kindly. Raises UserFacingError for somebody who may not decide, and when
    it has been decided before."""
    found = await _to_decide(session, manager, pair_id)
    if not await endings_service.end_paused(session, runtime, pair_id):
        raise await _decided(session, found.pair)
    get_logger().info("pair_decided", pair=pair_id, state=found.pair.state.value)


async def go_on(session: AsyncSession, runtime: Runtime, manager: Person, pair_id: int) -> None:
    """Lets a paused pair go on where it stopped, if people data allow it now; one that never had a
    place to talk waits for one again. Raises UserFacingError as `end` does, and when it is not
    allowed, or the program comes to its end."""
    await installations.lock(session)
    found = await _to_decide(session, manager, pair_id)
    pair = found.pair
    if not await store.lock(session, store.which(pair_id=pair_id), PAUSED):
        raise await _decided(session, pair)
    if found.program.state in OVER:
        raise UserFacingError("pair_too_late_to_go_on", program=found.program.name)
    if await _unsafe(session, [pair_id]):
        raise UserFacingError("pair_still_unsafe")
    await delivery_store.let_go_of_pairs(session, [pair_id])
    breaks_service.move_plan(pair, runtime.clock().date())
    if await store.has_begun(session, pair_id):
        await _wake(session, runtime, found)
    else:
        pair.state, pair.opening_lease_until = PairState.OPENING, None
        await session.flush()
    await breaks_service.outdate_homes(session, runtime, [found])
    get_logger().info("pair_decided", pair=pair_id, state=pair.state.value)


async def _wake(session: AsyncSession, runtime: Runtime, found: Partnership) -> None:
    """It may have to rest at once, for a break that has begun meanwhile."""
    pair = found.pair
    pair.state = PairState.ACTIVE
    await session.flush()
    await cadence.resume(session, runtime, {pair.id: found.plan})
    message = decision_messages.goes_on(runtime.library)
    key = notes.each_time(runtime, "pair_let_go_on", pair)
    together = notes.shared_hour(found, runtime.clock())
    await delivery.queue(session, runtime, notes.to_channel(pair, key, message, together))
    await breaks_service.follow_breaks(session, runtime, pair_id=pair.id)


async def _to_decide(session: AsyncSession, manager: Person, pair_id: int) -> Partnership:
    """The pair, for a manager who may decide on it, with its program held until the transaction
    ends: that does not come to its end meanwhile."""
    pairs = await store.in_states(session, store.which(pair_id=pair_id), tuple(PairState))
    if not pairs:
        raise UserFacingError("pair_ended")
    [found] = pairs
    await _require_manager(session, manager, found.program.id)
    if manager.id in (found.mentor.id, found.mentee.id):
        raise UserFacingError("pair_decision_own")
    await session.refresh(found.program, with_for_update=True)
    return found


async def _unsafe(session: AsyncSession, pair_ids: Collection[int]) -> frozenset[int]:
    """Those of these paused pairs that may not go on: as strict as for a new pair."""
    unsafe = await store.unsafe(session, pair_ids, PAUSED)
    too_close = await store.too_close(session, pair_ids, PAUSED)
    return frozenset(one.pair.id for one in (*unsafe, *too_close))


async def _decided(session: AsyncSession, pair: Pair) -> UserFacingError:
    await session.refresh(pair)
    return UserFacingError("pair_decided_go_on" if pair.state in LIVING else "pair_decided_end")


async def _require_manager(session: AsyncSession, person: Person, program_id: int) -> None:
    managers = await store.managers(session, program_id)
    is_manager = any(one.id == person.id for one in managers)
    require(Act.DECIDE_PAIR, [Actor.PROGRAM_MANAGER if is_manager else Actor.PARTICIPANT])
