"""The outbox: every outgoing message is written down first, then sent once.

Queued in the transaction that makes it due, under a `dedupe_key`; claimed with a lease; sent with
no transaction open; the result recorded. What became of a message whose sender died is settled by
Slack's `message_metadata_posted` event, or else by the message's own rule.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import insert_new
from bot.delivery import store
from bot.log import get_logger
from bot.runtime import Runtime
from bot.slack.errors import Gone, InDoubt, OurFault, SlackError, TryLater
from bot.vault import InvalidTag
from bot.views.blocks import Message
from models import Delivery, DeliveryState, IfInDoubt

BATCH = 20
LEASE = timedelta(minutes=10)
"""Long enough for a batch of calls that each hit the client's time-out."""
DOUBT_WAIT = timedelta(minutes=10)
"""Slack redelivers an event at once, after one and after five minutes."""
LONGEST_ERROR = 64


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
                "payload": _seal(runtime, outgoing),
                "if_in_doubt": outgoing.if_in_doubt,
                "state": DeliveryState.DUE,
                "not_before": outgoing.not_before or now,
                "attempts": 0,
                "created_at": now,
            }
            for outgoing in messages
        ],
    )


async def send_due(runtime: Runtime) -> int:
    """Sends what is due, a batch at a time; returns how many messages left."""
    sent = 0
    while True:
        batch = await _claim(runtime)
        results = [await _send(runtime, delivery) for delivery in batch]
        sent += results.count(DeliveryState.SENT)
        if len(batch) < BATCH or DeliveryState.DUE in results:  # Slack asked us to slow down
            return sent


async def settle(runtime: Runtime) -> int:
    """A claim that ran out belonged to a copy that died: nobody knows what it had done, so it is in
    doubt. A doubt that waited long enough follows its rule. Returns how many were settled."""
    now = runtime.clock()
    async with runtime.database.transaction_across_workspaces() as session:
        found = await store.run_out(session, now)
        for delivery in found:
            if delivery.state is DeliveryState.CLAIMED:
                delivery.state = DeliveryState.IN_DOUBT
                delivery.lease_until = now + DOUBT_WAIT
            elif delivery.if_in_doubt is IfInDoubt.SEND_AGAIN:
                delivery.state = DeliveryState.DUE
                delivery.not_before = now
                delivery.lease_until = None
            else:
                delivery.state = DeliveryState.LET_GO
                delivery.payload = None
                delivery.lease_until = None
        return len(found)


async def confirm(
    session: AsyncSession, runtime: Runtime, event_id: str, key: str, slack_ts: str
) -> None:
    """Slack's event says that the message with this key was posted: most often we know."""
    delivery = await store.by_key(session, key)
    if delivery is None or delivery.state in (DeliveryState.SENT, DeliveryState.GONE):
        return
    if await store.note_event(session, event_id, runtime.clock()):
        delivery.state = DeliveryState.SENT
        delivery.slack_ts = slack_ts
        delivery.payload = None
        delivery.lease_until = None


async def _claim(runtime: Runtime) -> Sequence[Delivery]:
    now = runtime.clock()
    async with runtime.database.transaction_across_workspaces() as session:
        batch = await store.due(session, now, BATCH)
        for delivery in batch:
            delivery.state = DeliveryState.CLAIMED
            delivery.lease_until = now + LEASE
            delivery.attempts += 1
        return batch


async def _send(runtime: Runtime, delivery: Delivery) -> DeliveryState:
    """Posts one claimed delivery and records what came of it."""
    try:
        message = _open(runtime, delivery)
        ts = await runtime.slack.post(
            delivery.recipient, delivery.key, message.text, message.blocks
        )
    except SlackError as failure:
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
    async with runtime.database.transaction(delivery.workspace_id) as session:
        recorded = await store.record(session, delivery, {"lease_until": None} | result)
    return DeliveryState(str(result["state"])) if recorded else DeliveryState.SENT


def _failed(delivery: Delivery, now: datetime, failure: SlackError) -> dict[str, object]:
    """What is written down of a delivery that did not certainly leave. One that certainly did not
    is tried again for as long as it takes: an outage loses nothing."""
    error = failure.code[:LONGEST_ERROR]
    match failure:
        case TryLater():
            later = now + timedelta(seconds=failure.seconds)
            return {"state": DeliveryState.DUE, "not_before": later, "error": error}
        case InDoubt():
            wait = now + DOUBT_WAIT
            return {"state": DeliveryState.IN_DOUBT, "lease_until": wait, "error": error}
        case Gone():
            return {"state": DeliveryState.GONE, "payload": None, "error": error}
        case _:
            return {"state": DeliveryState.FAILED, "error": error}


def _seal(runtime: Runtime, outgoing: Outgoing) -> bytes:
    payload = json.dumps({"text": outgoing.message.text, "blocks": outgoing.message.blocks})
    return runtime.vault.seal(payload, _context(outgoing.workspace_id))


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
