"""One tick moves everything that is due into the outbox, by few statements and in one transaction
a batch: the touchpoint's next time and its message are saved together or not at all."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cadence import kinds, plan, store
from bot.cadence.kinds import Known, Said
from bot.cadence.plan import Plan
from bot.cadence.store import Due
from bot.cadence.topics import usable
from bot.database import insert_new
from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.delivery.service import Outgoing
from bot.runtime import Runtime
from bot.views import messages
from models import IfInDoubt, Pair, QuestionAsked, Touchpoint, TouchpointKind
from prompts.library import Library

TO_BOTH = (TouchpointKind.NUDGE, TouchpointKind.QUESTION)
"""What the two may leave out of a period. The mentee's reminder is not among it: nothing that a
mentor does tells whether it comes."""

PERIODIC = (*TO_BOTH, TouchpointKind.REMINDER)
"""What comes once in every period, and may be let go of."""

BATCH = 100
"""Small enough that putting a batch into words holds the event loop up for a few hundredths of a
second only."""


async def schedule(session: AsyncSession, runtime: Runtime, pair: Pair, pair_plan: Plan) -> None:
    """Sets the first touchpoint of every kind for a pair whose channel has just been opened."""
    session.add_all(
        Touchpoint(
            pair_id=pair.id,
            kind=kind,
            number=1,
            due_at=plan.due_at(pair_plan, kind, 1, runtime.random),
        )
        for kind in TouchpointKind
    )


async def rest(session: AsyncSession, pair_ids: Collection[int]) -> None:
    """Nothing is due for these pairs, and nothing in the outbox is sent, until they go on."""
    await store.stop(session, pair_ids)
    await _let_go(session, pair_ids, PERIODIC)


async def resume(session: AsyncSession, runtime: Runtime, plans: Mapping[int, Plan]) -> None:
    """Plans anew what these pairs, by their id, have not had yet: they go on after a break."""
    for one in await store.touchpoints(session, plans.keys()):
        one.due_at = plan.due_at(plans[one.pair_id], one.kind, one.number, runtime.random)
    await session.flush()


async def skip(session: AsyncSession, runtime: Runtime, pair_id: int) -> None:
    """Leaves out what the two were still to hear in an active pair's period under way, or in its
    first one before it has begun; in the outbox, too. The pair hears of it once."""
    touchpoints = await store.of_pair(session, pair_id)
    if not touchpoints:
        return
    pair, pair_plan = touchpoints[0].pair, kinds.plan_of(touchpoints[0])
    number = plan.period_at(pair_plan, runtime.clock())
    if number > pair_plan.periods:
        return
    for touchpoint in (due.touchpoint for due in touchpoints):
        if touchpoint.kind in TO_BOTH and touchpoint.number <= number:
            touchpoint.number = number + 1
            touchpoint.due_at = plan.due_at(
                pair_plan, touchpoint.kind, touchpoint.number, runtime.random
            )
    await _let_go(session, [pair_id], TO_BOTH)
    note = Outgoing(
        dedupe_key=f"skipped:{pair_id}:{number}",
        kind="skipped",
        recipient=pair.channel_id or "",
        message=messages.skipped(runtime.library),
        if_in_doubt=IfInDoubt.LET_GO,
        workspace_id=pair.workspace_id,
        pair_id=pair_id,
    )
    await delivery.queue(session, runtime, [note])
    await _outdate_homes(session, runtime, touchpoints[:1])


async def topics_of(
    session: AsyncSession, library: Library, pair_ids: Collection[int]
) -> dict[int, list[str]]:
    """What each of these pairs has in common, as far as both can still be asked about it."""
    by_pair: dict[int, list[str]] = {}
    for pair, program, enrolled in await store.taking_part(session, pair_ids):
        theirs = usable(library, program, enrolled)
        shared = by_pair.get(pair.id, pair.topics)
        by_pair[pair.id] = [topic for topic in shared if topic in theirs]
    return by_pair


async def queue_due(runtime: Runtime) -> int:
    """Queues everything that is due in all workspaces; returns how many touchpoints it moved."""
    moved = count = await _queue_batch(runtime)
    while count == BATCH:
        count = await _queue_batch(runtime)
        moved += count
    return moved


async def _let_go(
    session: AsyncSession, pair_ids: Collection[int], kinds_let_go: Collection[TouchpointKind]
) -> None:
    """What of these kinds is in the outbox for these pairs is not sent."""
    values = [kind.value for kind in kinds_let_go]
    await delivery_store.let_go_of_pairs(session, pair_ids, values)


async def _queue_batch(runtime: Runtime) -> int:
    async with runtime.database.transaction_across_workspaces() as session:
        now = runtime.clock()
        batch = await store.due(session, now, BATCH)
        if not batch:
            return 0
        timely = [due for due in batch if _precedes_farewell(due, now)]
        said = await _put_into_words(session, runtime, timely)
        await delivery.queue(session, runtime, [_outgoing(due, words, now) for due, words in said])
        await insert_new(session, QuestionAsked, _questions(said))
        await store.move_on(session, [_next(due, runtime) for due in batch])
        finished = [due.pair.id for due in batch if due.touchpoint.kind is TouchpointKind.FAREWELL]
        if finished:
            await store.complete(session, finished)
            await store.stop(session, finished)
        await _outdate_homes(session, runtime, batch)
        return len(batch)


async def _outdate_homes(session: AsyncSession, runtime: Runtime, moved: Sequence[Due]) -> None:
    """A Home says when the next thing comes; a manager's, how many pairs there are."""
    farewells = [due for due in moved if due.touchpoint.kind is TouchpointKind.FAREWELL]
    person_ids = [id_ for due in moved for id_ in (due.pair.mentor_id, due.pair.mentee_id)]
    if farewells:
        person_ids += await store.managers(session, {due.program.id for due in farewells})
    await delivery.outdate_homes(session, runtime, person_ids)


async def _put_into_words(
    session: AsyncSession, runtime: Runtime, batch: Sequence[Due]
) -> list[tuple[Due, Said]]:
    """Only questions need what was asked and can be, and farewells the meetings: three queries a
    batch."""
    by_kind = {
        kind: {due.pair.id for due in batch if due.touchpoint.kind is kind}
        for kind in TouchpointKind
    }
    asked = await store.asked(session, by_kind[TouchpointKind.QUESTION])
    topics = await topics_of(session, runtime.library, by_kind[TouchpointKind.QUESTION])
    meetings = await store.meetings(session, by_kind[TouchpointKind.FAREWELL])
    said = []
    for due in batch:
        id_ = due.pair.id
        known = Known(
            frozenset(asked.get(id_, ())), frozenset(topics.get(id_, ())), meetings.get(id_, 0)
        )
        words = kinds.say(runtime.library, due, known, runtime.random)
        if words is not None:
            said.append((due, words))
    return said


def _precedes_farewell(due: Due, now: datetime) -> bool:
    """False for what would reach the pair with its farewell or after it."""
    kind = due.touchpoint.kind
    if kind is TouchpointKind.FAREWELL:
        return True
    end = plan.farewell_at(kinds.plan_of(due))
    return max(_not_before(due, now), now) < end


def _not_before(due: Due, now: datetime) -> datetime:
    """When it was due, unless the app was away then: people are not written to at night for it."""
    due_at = due.touchpoint.due_at
    assert due_at is not None, "what is due has its time"
    if now - due_at <= plan.LATE_AFTER:
        return due_at
    return plan.late(kinds.plan_of(due), due.touchpoint.kind, now)


def _outgoing(due: Due, words: Said, now: datetime) -> Outgoing:
    touchpoint = due.touchpoint
    return Outgoing(
        dedupe_key=f"{touchpoint.kind.value}:{due.pair.id}:{touchpoint.number}",
        kind=touchpoint.kind.value,
        recipient=words.recipient,
        message=words.message,
        if_in_doubt=words.if_in_doubt,
        workspace_id=touchpoint.workspace_id,
        pair_id=due.pair.id,
        not_before=_not_before(due, now),
    )


def _questions(said: Sequence[tuple[Due, Said]]) -> list[dict[str, object]]:
    return [
        {
            "workspace_id": due.pair.workspace_id,
            "pair_id": due.pair.id,
            "question_id": words.question_id,
        }
        for due, words in said
        if words.question_id is not None
    ]


def _next(due: Due, runtime: Runtime) -> dict[str, object]:
    """The touchpoint's next number and time. After a long stop the periods that have gone by are
    left out: one nudge, not seven."""
    touchpoint, pair_plan = due.touchpoint, kinds.plan_of(due)
    number, now = touchpoint.number + 1, runtime.clock()
    due_at = plan.due_at(pair_plan, touchpoint.kind, number, runtime.random)
    while due_at is not None and due_at <= now:
        number += 1
        due_at = plan.due_at(pair_plan, touchpoint.kind, number, runtime.random)
    return {"id": touchpoint.id, "number": number, "due_at": due_at}
