"""What pairs, and those who run their program, are told of them."""

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.cadence import plan
from bot.clock import hours_outside_work
from bot.delivery.service import Outgoing
from bot.pairs.store import Partnership
from bot.runtime import Runtime
from bot.views.blocks import Message
from models import IfInDoubt, Pair, Person, TouchpointKind


def once(pair: Pair, kind: str, recipient: str, message: Message) -> Outgoing:
    """A message that a recipient gets once for this pair."""
    return outgoing(pair, f"{kind}:{pair.id}:{recipient}", recipient, message)


def shared_hour(one: Partnership, now: datetime) -> datetime:
    """`now` if both of the two are at work, else the next hour that suits them both."""
    if not hours_outside_work(now, one.mentor.time_zone, one.mentee.time_zone):
        return now
    return plan.late(one.plan, TouchpointKind.NUDGE, now)


def to_channel(
    pair: Pair, dedupe_key: str, message: Message, not_before: datetime | None = None
) -> list[Outgoing]:
    """Nothing for a pair that has no channel yet."""
    if not pair.channel_id:
        return []
    return [outgoing(pair, dedupe_key, pair.channel_id, message, not_before)]


def to_people(
    pair: Pair,
    dedupe_key: str,
    people: Iterable[Person],
    message: Message,
    hour: Callable[[Person], datetime] | None = None,
) -> list[Outgoing]:
    """One for each of these, at their `hour` or (None) at once, and nothing for somebody who has
    left."""
    return [
        outgoing(
            pair,
            f"{dedupe_key}:{one.slack_user_id}",
            one.slack_user_id,
            message,
            hour(one) if hour else None,
        )
        for one in people
        if one.active and one.slack_user_id
    ]


def each_time(runtime: Runtime, kind: str, pair: Pair) -> str:
    """A dedupe key for what may be told more than once of a pair: its state is told anew each time
    that it changes."""
    return f"{kind}:{pair.id}:{runtime.new_key()}"


def outgoing(
    pair: Pair,
    dedupe_key: str,
    recipient: str,
    message: Message,
    not_before: datetime | None = None,
) -> Outgoing:
    return Outgoing(
        dedupe_key=dedupe_key,
        kind=dedupe_key.partition(":")[0],
        recipient=recipient,
        message=message,
        if_in_doubt=IfInDoubt.SEND_AGAIN,
        workspace_id=pair.workspace_id,
        pair_id=pair.id,
        not_before=not_before,
    )
