"""Pairs: made when a match is published, given a place to talk, and brought to their end.

Their breaks are in `breaks_service`, early endings in `endings_service`; other rooms find them all
here. What managers decide of paused pairs is in `decisions_service`.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import NoReturn

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cadence import service as cadence
from bot.cadence.plan import plan_for
from bot.clock import next_monday
from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.log import get_logger
from bot.pairs import channel_name, notes, store
from bot.pairs.breaks_service import follow_breaks, outdate_homes, pause_unsafe
from bot.pairs.endings_service import PARTABLE, end_of, finish, part, wind_down
from bot.pairs.store import Partnership
from bot.roles import Act, Actor, require
from bot.runtime import Runtime
from bot.slack.errors import InDoubt, SlackError, TryLater
from bot.views import decision_messages, messages
from models import Pair, PairState, Person, Program, Proposal, Space

BATCH = 10
TAIL = 10
"""Characters of the random tail in a channel's name, four bits each."""
DOUBT_WAIT = timedelta(minutes=1)
LEASE = timedelta(minutes=5)

__all__ = [
    "PARTABLE",
    "close",
    "create",
    "end_of",
    "finish",
    "follow_breaks",
    "open_spaces",
    "own",
    "part",
    "pause_unsafe",
    "refuse_inactive",
    "wind_down",
]


async def create(
    session: AsyncSession, runtime: Runtime, program: Program, proposals: Iterable[Proposal]
) -> list[Pair]:
    """The pairs of a published match. `open_spaces` gives them their place to talk afterwards.
    Raises IntegrityError for two who are or were a pair in the program."""
    now = runtime.clock()
    rows = [
        {
            "workspace_id": program.workspace_id,
            "program_id": program.id,
            "mentor_id": proposal.mentor_id,
            "mentee_id": proposal.mentee_id,
            "topics": proposal.shared_topics,
            "state": PairState.OPENING,
            "channel_name": channel_name.of_pair(program.name, runtime.new_key()[:TAIL]),
            "first_week_on": _first_week(program, now.date()),
            "created_at": now,
        }
        for proposal in proposals
    ]
    return await store.add(session, program.id, rows)


async def open_spaces(runtime: Runtime) -> int:
    """Opens the channels and group DMs that are waited for; returns how many pairs became active.

    Where Slack asks for patience, this pair and the rest of the batch are put off. Every step may
    be repeated: creating finds the channel of an earlier try by its name, inviting twice does no
    harm, and there is one group DM of the same people.
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
            except IntegrityError as error:
                # It has become unsafe, which `pause_unsafe` will say; or another pair of the two
                # has just taken their group DM, which the next try will find.
                get_logger().error("space_refused", pair=partnership.pair.id, exc_info=error)
        if len(batch) < BATCH:
            return opened


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
    if pair_id is None:
        pairs = [found for found in pairs if found.pair.state is not PairState.ENDED]
    else:
        pairs = [found for found in pairs if found.pair.id == pair_id]
        require(act, [Actor.PARTNER if pairs else Actor.PARTICIPANT], "not_your_pair")
    active = [found for found in pairs if found.pair.state in states]
    if not active:
        refuse_inactive([found.pair.state for found in pairs])
    here = [found for found in active if found.pair.channel_id == channel_id]
    if not here and len(active) > 1:
        raise UserFacingError("which_pair")
    require(act, [Actor.PARTNER])
    return (here or active)[0]


async def close(session: AsyncSession, person: Person, pair_id: int, *, completed: bool) -> None:
    """One of the two says whether their pair, whose program ends early, counts as completed. That
    is kept for the figures: nothing that the other sees depends on it, now or later. Raises
    UserFacingError for a second answer of the same person."""
    closing = (PairState.CLOSING,)
    found = await own(session, person, Act.CLOSE_PAIR, pair_id=pair_id, states=closing)
    pair = found.pair
    await session.refresh(pair, with_for_update=True)
    if pair.state is not PairState.CLOSING:
        raise UserFacingError("pair_ended")
    answer = "mentor_counts" if person.id == pair.mentor_id else "mentee_counts"
    if getattr(pair, answer) is not None:
        raise UserFacingError("pair_answered")
    setattr(pair, answer, completed)


def refuse_inactive(states: Collection[PairState]) -> NoReturn:
    """Raises UserFacingError for somebody none of whose pairs is active: says why."""
    if not states:
        raise UserFacingError("not_in_pair")
    if PairState.OPENING in states:
        raise UserFacingError("pair_opening")
    if PairState.PAUSED in states:
        raise UserFacingError("pair_paused")
    if PairState.RESTING in states:
        raise UserFacingError("pair_resting")
    if PairState.CLOSING in states:
        raise UserFacingError("pair_closing")
    raise UserFacingError("pair_ended")


def _first_week(program: Program, today: date) -> date:
    return next_monday(max(program.starts_on, today + timedelta(days=1)))


async def _open_space(runtime: Runtime, partnership: Partnership) -> str:
    """Two people have one group DM with us: where an earlier pair of theirs has it, or one of them
    has talked there with the other about an application, this one gets a channel."""
    pair = partnership.pair
    people = [one.slack_user_id or "" for one in (partnership.mentor, partnership.mentee)]
    if partnership.program.space is Space.GROUP_DM:
        group_dm = await runtime.slack.open_group_dm(people)
        async with runtime.database.transaction(pair.workspace_id) as session:
            if not await store.is_in_use(session, group_dm, other_than=pair.id):
                return group_dm
    channel_id = await runtime.slack.create_private_channel(pair.channel_name)
    await runtime.slack.invite(channel_id, people)
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
        topics = await cadence.topics_of(session, runtime.library, [pair.id])
        welcome = messages.introduction(
            runtime.library,
            partnership.program,
            topics.get(pair.id, []),
            messages.two(partnership.mentor, partnership.mentee),
        )
        introduction = notes.once(pair, "introduction", channel_id, welcome)
        await delivery.queue(session, runtime, [introduction])
        await session.flush()
        await follow_breaks(session, runtime, pair_id=pair.id)
        await outdate_homes(session, runtime, [partnership])
        return True


async def _give_up_opening(runtime: Runtime, partnership: Partnership, error: SlackError) -> None:
    """Slack will not let us: the pair waits for its managers, who are told."""
    get_logger().error("space_failed", pair=partnership.pair.id, code=error.code)
    async with runtime.database.transaction(partnership.pair.workspace_id) as session:
        pair = await session.get_one(Pair, partnership.pair.id, with_for_update=True)
        if pair.state is not PairState.OPENING:  # another copy was luckier
            return
        pair.state = PairState.PAUSED
        pair.resting_since = runtime.clock().date()
        message = decision_messages.space_failed(
            runtime.library, partnership.program, pair, partnership.mentor, partnership.mentee
        )
        managers = await store.managers(session, partnership.program.id)
        key = notes.each_time(runtime, "space_failed", pair)
        await delivery.queue(session, runtime, notes.to_people(pair, key, managers, message))
        await outdate_homes(session, runtime, [partnership])
