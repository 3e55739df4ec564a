"""Pairs: made when a match is published, given their private channel, kept power-safe."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import NoReturn

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cadence import service as cadence
from bot.cadence import store as cadence_store
from bot.cadence.plan import plan_for
from bot.clock import next_monday
from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.delivery.service import Outgoing
from bot.errors import UserFacingError
from bot.log import get_logger
from bot.pairs import channel_name, store
from bot.pairs.store import Partnership
from bot.roles import Act, Actor, require
from bot.runtime import Runtime
from bot.slack.errors import InDoubt, SlackError, TryLater
from bot.views import messages
from bot.views.blocks import Message
from models import IfInDoubt, Pair, PairState, Person, Program, Proposal

BATCH = 10
TAIL = 10
"""Characters of the random tail in a channel's name, four bits each."""
DOUBT_WAIT = timedelta(minutes=1)
LEASE = timedelta(minutes=5)


async def create(
    session: AsyncSession, runtime: Runtime, program: Program, proposals: Iterable[Proposal]
) -> list[Pair]:
    """The pairs of a published match. Their channels are opened by `open_spaces` afterwards."""
    now = runtime.clock()
    pairs = [
        Pair(
            program_id=program.id,
            mentor_id=proposal.mentor_id,
            mentee_id=proposal.mentee_id,
            topics=proposal.shared_topics,
            state=PairState.OPENING,
            channel_name=channel_name.of_pair(program.name, runtime.new_key()[:TAIL]),
            first_week_on=_first_week(program, now.date()),
            created_at=now,
        )
        for proposal in proposals
    ]
    session.add_all(pairs)
    await session.flush()
    return pairs


async def open_spaces(runtime: Runtime) -> int:
    """Opens the channels that are waited for; returns how many pairs became active.

    Where Slack asks for patience, this pair and the rest of the batch are put off. Every step may
    be repeated: creating finds the channel of an earlier try by its name, inviting twice does no
    harm.
    """
    opened = 0
    while True:
        now = runtime.clock()
        async with runtime.database.transaction_across_workspaces() as session:
            batch = await store.claim_opening(session, now, now + LEASE, BATCH)
        for place, partnership in enumerate(batch):
            try:
                channel_id = await _open_space(runtime, partnership)
            except (TryLater, InDoubt) as error:
                get_logger().warning("space_delayed", pair=partnership.pair.id, code=error.code)
                await _put_off(runtime, batch[place:], error)
                return opened
            except SlackError as error:
                await _give_up_opening(runtime, partnership, error)
                continue
            try:
                opened += await _activate(runtime, partnership, channel_id)
            except IntegrityError as error:  # it has become unsafe: `pause_unsafe` will say so
                get_logger().error("space_refused", pair=partnership.pair.id, exc_info=error)
        if len(batch) < BATCH:
            return opened


async def pause_unsafe(session: AsyncSession, runtime: Runtime) -> int:
    """Called in the transaction of every change of people data: a pair that has become unsafe
    stops at once, both are told neutrally, and the program's managers are asked to decide."""
    unsafe = await store.unsafe(session)
    for partnership in unsafe:
        partnership.pair.state = PairState.PAUSED
    await session.flush()
    if unsafe:
        pair_ids = [found.pair.id for found in unsafe]
        await cadence_store.stop(session, pair_ids)
        await delivery_store.let_go_of_pairs(session, pair_ids)
    for partnership in unsafe:
        await delivery.queue(session, runtime, await _pause_notes(session, runtime, partnership))
        get_logger().info("pair_paused", pair=partnership.pair.id)
    return len(unsafe)


async def own(
    session: AsyncSession,
    person: Person,
    act: Act,
    *,
    pair_id: int | None = None,
    channel_id: str = "",
    states: Collection[PairState] = (PairState.ACTIVE,),
) -> Partnership:
    """The pair a person acts for, in one of these states: the one named, the one whose channel
    they are in, or their only one. Raises UserFacingError when it is not theirs, is over, or
    cannot be told."""
    pairs = await store.of_person(session, person.id)
    if pair_id is not None:
        pairs = [found for found in pairs if found.pair.id == pair_id]
        require(act, [Actor.PARTNER if pairs else Actor.PARTICIPANT], "not_your_pair")
    active = [found for found in pairs if found.pair.state in states]
    if not active:
        _refuse_inactive([found.pair.state for found in pairs])
    here = [found for found in active if found.pair.channel_id == channel_id]
    if not here and len(active) > 1:
        raise UserFacingError("which_pair")
    require(act, [Actor.PARTNER])
    return (here or active)[0]


def _refuse_inactive(states: Collection[PairState]) -> NoReturn:
    """Says why to somebody none of whose pairs is active."""
    if not states:
        raise UserFacingError("not_in_pair")
    if PairState.OPENING in states:
        raise UserFacingError("pair_opening")
    if PairState.PAUSED in states:
        raise UserFacingError("pair_paused")
    raise UserFacingError("pair_ended")


def _first_week(program: Program, today: date) -> date:
    return next_monday(max(program.starts_on, today + timedelta(days=1)))


async def _open_space(runtime: Runtime, partnership: Partnership) -> str:
    channel_id = await runtime.slack.create_private_channel(partnership.pair.channel_name)
    people = (partnership.mentor, partnership.mentee)
    await runtime.slack.invite(channel_id, [person.slack_user_id or "" for person in people])
    return channel_id


async def _put_off(
    runtime: Runtime, batch: Sequence[Partnership], error: TryLater | InDoubt
) -> None:
    wait = timedelta(seconds=error.seconds) if isinstance(error, TryLater) else DOUBT_WAIT
    async with runtime.database.transaction_across_workspaces() as session:
        pair_ids = [partnership.pair.id for partnership in batch]
        await store.put_off(session, pair_ids, runtime.clock() + wait)


async def _activate(runtime: Runtime, partnership: Partnership, channel_id: str) -> bool:
    """False when the pair was paused while its channel was being opened."""
    async with runtime.database.transaction(partnership.pair.workspace_id) as session:
        pair = await session.get_one(Pair, partnership.pair.id, with_for_update=True)
        pair.channel_id = channel_id
        pair.opening_lease_until = None
        if pair.state is not PairState.OPENING:
            return False
        pair.state = PairState.ACTIVE
        pair_plan = plan_for(partnership.program, pair, partnership.mentor, partnership.mentee)
        await cadence.schedule(session, runtime, pair, pair_plan)
        welcome = messages.introduction(
            runtime.library,
            partnership.program,
            pair,
            messages.two(partnership.mentor, partnership.mentee),
        )
        outgoing = _outgoing(pair, "introduction", channel_id, welcome)
        await delivery.queue(session, runtime, [outgoing])
        return True


async def _give_up_opening(runtime: Runtime, partnership: Partnership, error: SlackError) -> None:
    """Slack will not let us: the pair waits for its managers, who are told."""
    get_logger().error("space_failed", pair=partnership.pair.id, code=error.code)
    async with runtime.database.transaction(partnership.pair.workspace_id) as session:
        pair = await session.get_one(Pair, partnership.pair.id, with_for_update=True)
        if pair.state is not PairState.OPENING:  # another copy was luckier
            return
        pair.state = PairState.PAUSED
        message = messages.space_failed(
            runtime.library, partnership.program, partnership.mentor, partnership.mentee
        )
        for manager in await store.managers(session, partnership.program.id):
            outgoing = _outgoing(pair, "space_failed", manager.slack_user_id or "", message)
            await delivery.queue(session, runtime, [outgoing])


async def _pause_notes(
    session: AsyncSession, runtime: Runtime, partnership: Partnership
) -> list[Outgoing]:
    pair, program = partnership.pair, partnership.program
    neutral = messages.pair_paused(runtime.library, program)
    decide = messages.pair_needs_decision(
        runtime.library, program, partnership.mentor, partnership.mentee
    )
    notes = [
        _outgoing(pair, "pair_paused", person.slack_user_id or "", neutral)
        for person in (partnership.mentor, partnership.mentee)
        if person.active
    ]
    for manager in await store.managers(session, program.id):
        notes.append(_outgoing(pair, "pair_decision", manager.slack_user_id or "", decide))
    return notes


def _outgoing(pair: Pair, kind: str, recipient: str, message: Message) -> Outgoing:
    return Outgoing(
        dedupe_key=f"{kind}:{pair.id}:{recipient}",
        kind=kind,
        recipient=recipient,
        message=message,
        if_in_doubt=IfInDoubt.SEND_AGAIN,
        workspace_id=pair.workspace_id,
        pair_id=pair.id,
    )
