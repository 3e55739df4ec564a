"""The outbox: every outgoing message is written down first, then sent once.

Queued in the transaction that makes it due, under a `dedupe_key`; claimed with a lease just before
it is sent; sent with no transaction open; the result recorded. What became of a message whose
sender died is settled by Slack's `message_metadata_posted` event; by the event's absence, where we
would have heard of it; or else by the message's own rule.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import insert_new
from bot.delivery import store
from bot.log import get_logger
from bot.runtime import Runtime
from bot.slack.errors import CONNECTION_BROKE, Gone, InDoubt, OurFault, SlackError, TryLater
from bot.vault import InvalidTag
from bot.views.blocks import Message
from models import Delivery, DeliveryState, IfInDoubt

LEASE = timedelta(minutes=1)
"""Long enough for a call that hits the client's time-out, and for asking whether Slack is there."""
DOUBT_WAIT = timedelta(minutes=10)
"""Slack redelivers an event at once, after one and after five minutes."""
MOST_DOUBTS = 3
"""So often a message is sent that may have arrived each time, and then no more."""
FRESH = timedelta(days=1)
"""After an outage, a message that may be let go is not sent when it is older than this."""
LONGEST_ERROR = 64
ANSWER_LOST = "answer_lost"
"""The connection broke for this call alone: Slack could be reached right afterwards."""


@dataclass(frozen=True)
class Outgoing:
    """A message to queue. `recipient` is a channel id, or a user id for a direct message."""

    dedupe_key: str
    kind: str
    recipient: str
    message: Message
    if_in_doubt: IfInDoubt
    workspace_id: int
    pair_id: int | None = None
    not_before: datetime | None = None


async def queue(session: AsyncSession, runtime: Runtime, messages: Iterable[Outgoing]) -> None:
    """Puts messages in the outbox; one whose dedupe key is already there is left out."""
    now = runtime.clock()
    await insert_new(
        session,
        Delivery,
        [
            {
                "workspace_id": outgoing.workspace_id,
                "key": runtime.new_key(),
                "dedupe_key": outgoing.dedupe_key,
                "kind": outgoing.kind,
                "pair_id": outgoing.pair_id,
                "recipient": outgoing.recipient,
                "payload": _sealed(runtime, outgoing.workspace_id, outgoing.message),
                "if_in_doubt": outgoing.if_in_doubt,
                "state": DeliveryState.DUE,
                "not_before": outgoing.not_before or now,
                "attempts": 0,
                # Its age counts from here: `not_before` moves whenever Slack puts it off.
                "created_at": max(now, outgoing.not_before or now),
            }
            for outgoing in messages
        ],
    )


async def outdate_homes(session: AsyncSession, runtime: Runtime, person_ids: Iterable[int]) -> None:
    """What these people see on their Homes has changed: they are published anew before long.
    Called in the transaction of every change that a Home shows."""
    await store.outdate_homes(session, list(person_ids), runtime.clock())


async def is_queued(session: AsyncSession, dedupe_key: str) -> bool:
    """Whether the session's workspace has this message in its outbox, whatever became of it."""
    return await store.is_known(session, dedupe_key)


async def say_instead(
    session: AsyncSession, runtime: Runtime, dedupe_key: str, message: Message
) -> list[tuple[str, str]]:
    """What is still to be sent under a dedupe key that begins so says this instead. Returns where
    those are that were sent already (channel and ts): the caller updates them, once its transaction
    is over."""
    posted = []
    for found in await store.of_key(session, dedupe_key):
        if found.state is DeliveryState.DUE:
            found.payload = _sealed(runtime, found.workspace_id, message)
        elif found.slack_ts is not None:
            posted.append((found.recipient, found.slack_ts))
    return posted


async def send_due(runtime: Runtime) -> int:
    """Sends what is due, one after the other; returns how many messages left. Only the one being
    sent is claimed, so that a copy that dies leaves one in doubt and the others due."""
    sent = 0
    last: _Sent | None = None
    while (claimed := await _next(runtime, last)) is not None:
        last = _Sent(claimed, await _send(runtime, claimed))
        sent += last.result["state"] is DeliveryState.SENT
    return sent


async def settle(runtime: Runtime) -> int:
    """A claim that ran out belonged to a copy that died: nobody knows what it had done, so it is in
    doubt. A doubt that waited long enough follows its rule, and what lay here until it was stale is
    let go. Returns how many were settled."""
    now = runtime.clock()
    async with runtime.database.transaction_across_workspaces() as session:
        found = await store.run_out(session, now, now - FRESH)
        for delivery in found:
            _settle(delivery, now, runtime.hearing_since.get(delivery.workspace_id))
        return len(found)


async def confirm(
    session: AsyncSession, runtime: Runtime, event_id: str, key: str, slack_ts: str
) -> None:
    """Slack's event says that the message with this key was posted: most often we know."""
    delivery = await store.by_key(session, key)
    if delivery is not None:
        runtime.hearing_since.setdefault(delivery.workspace_id, runtime.clock())
    if delivery is None or delivery.state in (DeliveryState.SENT, DeliveryState.GONE):
        return
    if await store.note_event(session, event_id, runtime.clock()):
        delivery.state = DeliveryState.SENT
        delivery.slack_ts = slack_ts
        delivery.payload = None
        delivery.lease_until = None


def _settle(delivery: Delivery, now: datetime, hearing_since: datetime | None) -> None:
    delivery.lease_until = None
    if delivery.state is DeliveryState.CLAIMED:
        delivery.state = DeliveryState.IN_DOUBT
        delivery.lease_until = now + DOUBT_WAIT
    elif _is_worth_another_try(delivery, hearing_since):
        delivery.state = DeliveryState.DUE
        delivery.not_before = now
    elif delivery.if_in_doubt is IfInDoubt.LET_GO:
        delivery.state = DeliveryState.LET_GO
        delivery.payload = None
    else:
        delivery.state = DeliveryState.FAILED
        delivery.error = "in_doubt_too_often"


def _is_worth_another_try(delivery: Delivery, hearing_since: datetime | None) -> bool:
    """What may be let go is sent again only where we would have heard of it: if Slack's
    confirmations were reaching this process before the message was due, Slack could be reached
    right after the call had failed, and yet no confirmation came."""
    if delivery.state is not DeliveryState.IN_DOUBT or delivery.attempts >= MOST_DOUBTS:
        return False
    heard = hearing_since is not None and hearing_since <= delivery.not_before
    unposted = heard and delivery.error not in (None, CONNECTION_BROKE)
    return unposted or delivery.if_in_doubt is IfInDoubt.SEND_AGAIN


@dataclass(frozen=True)
class _Sent:
    """A delivery that was claimed, and what came of it."""

    delivery: Delivery
    result: dict[str, object]


async def _next(runtime: Runtime, last: _Sent | None) -> Delivery | None:
    """Records what came of the last delivery and claims the next, in one transaction; None when
    nothing is due, or when Slack asked us to slow down."""
    now = runtime.clock()
    async with runtime.database.transaction_across_workspaces() as session:
        if last is not None:
            await store.record(session, last.delivery, last.result)
            if last.result["state"] is DeliveryState.DUE:
                return None
        delivery = await store.due(session, now, now - FRESH)
        if delivery is not None:
            delivery.state = DeliveryState.CLAIMED
            delivery.lease_until = now + LEASE
            delivery.attempts += 1
            delivery.error = None
        return delivery


async def _send(runtime: Runtime, delivery: Delivery) -> dict[str, object]:
    """Posts one claimed delivery; returns what is to be recorded of it."""
    try:
        message = _open(runtime, delivery)
        ts = await runtime.slack.post(
            delivery.recipient, delivery.key, message.text, message.blocks
        )
    except SlackError as failure:
        if failure.code == CONNECTION_BROKE and await runtime.slack.answers():
            failure = InDoubt(ANSWER_LOST)
        result = _failed(delivery, runtime.clock(), failure)
        get_logger().warning(
            "delivery_failed",
            delivery=delivery.key,
            kind=delivery.kind,
            code=failure.code,
            state=result["state"],
        )
    else:
        result = {"state": DeliveryState.SENT, "slack_ts": ts, "payload": None}
    return {"lease_until": None} | result


def _failed(delivery: Delivery, now: datetime, failure: SlackError) -> dict[str, object]:
    """What is written down of a delivery that did not certainly leave. One that certainly did not
    is tried again for as long as it takes, and the attempt does not count."""
    error = failure.code[:LONGEST_ERROR]
    match failure:
        case TryLater():
            later = now + timedelta(seconds=failure.seconds)
            return {
                "state": DeliveryState.DUE,
                "not_before": later,
                "attempts": delivery.attempts - 1,
                "error": error,
            }
        case InDoubt():
            wait = now + DOUBT_WAIT
            return {"state": DeliveryState.IN_DOUBT, "lease_until": wait, "error": error}
        case Gone():
            return {"state": DeliveryState.GONE, "payload": None, "error": error}
        case _:
            return {"state": DeliveryState.FAILED, "error": error}


def _sealed(runtime: Runtime, workspace_id: int, message: Message) -> bytes:
    payload = json.dumps({"text": message.text, "blocks": message.blocks})
    return runtime.vault.seal(payload, _context(workspace_id))


def _open(runtime: Runtime, delivery: Delivery) -> Message:
    """Raises OurFault when the payload was sealed with another key: the others must still leave."""
    assert delivery.payload is not None, "only a settled delivery has no payload"
    try:
        payload = runtime.vault.open(delivery.payload, _context(delivery.workspace_id))
    except InvalidTag:
        raise OurFault("sealed_with_another_key") from None
    return Message(**json.loads(payload))


def _context(workspace_id: int) -> str:
    return f"delivery:{workspace_id}"
