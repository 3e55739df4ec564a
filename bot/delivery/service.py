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
from bot.views.blocks import Message
from models import Delivery, DeliveryState, IfInDoubt

BATCH = 20
LEASE = timedelta(minutes=5)
"""Long enough for a batch of calls that each hit the client's time-out."""
DOUBT_WAIT = timedelta(minutes=10)
"""Slack redelivers an event at once, after one and after five minutes."""
MAX_ATTEMPTS = 8


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
    while batch := await _claim(runtime):
        results = [await _send(runtime, delivery) for delivery in batch]
        sent += results.count(DeliveryState.SENT)
        if DeliveryState.DUE in results:  # Slack asked us to slow down
            break
    return sent


async def confirm(
    session: AsyncSession, runtime: Runtime, event_id: str, key: str, slack_ts: str
) -> None:
    """Slack's event says that the message with this key was posted. Each event counts once."""
    if not await store.note_event(session, event_id, runtime.clock()):
        return
    delivery = await store.by_key(session, key)
    if delivery is None or delivery.state in (DeliveryState.SENT, DeliveryState.GONE):
        return
    delivery.state = DeliveryState.SENT
    delivery.slack_ts = slack_ts
    delivery.payload = None
    delivery.lease_until = None


async def _claim(runtime: Runtime) -> Sequence[Delivery]:
    now = runtime.clock()
    async with runtime.database.transaction_across_workspaces() as session:
        await store.doubt_expired_claims(session, now, now + DOUBT_WAIT)
        await store.settle_doubts(session, now)
        return await store.claim_due(session, now, now + LEASE, BATCH)


async def _send(runtime: Runtime, delivery: Delivery) -> DeliveryState:
    """Posts one claimed delivery and records what came of it."""
    assert delivery.payload is not None
    payload = json.loads(runtime.vault.open(delivery.payload, _context(delivery.workspace_id)))
    failure: SlackError | None = None
    ts: str | None = None
    try:
        ts = await runtime.slack.post(
            delivery.recipient, delivery.key, payload["text"], payload["blocks"]
        )
    except SlackError as error:
        failure = error
    async with runtime.database.transaction(delivery.workspace_id) as session:
        stored = await store.by_key(session, delivery.key)
        assert stored is not None
        if stored.state is DeliveryState.CLAIMED:  # else Slack's event was faster
            _record(stored, runtime.clock(), ts, failure)
        state = stored.state
    if failure is not None:
        get_logger().warning(
            "delivery_failed",
            delivery=delivery.key,
            kind=delivery.kind,
            code=failure.code,
            state=state.value,
        )
    return state


def _record(delivery: Delivery, now: datetime, ts: str | None, failure: SlackError | None) -> None:
    delivery.error = failure.code[:64] if failure else None
    delivery.lease_until = None
    match failure:
        case None:
            delivery.state = DeliveryState.SENT
            delivery.slack_ts = ts
            delivery.payload = None
        case TryLater() if delivery.attempts < MAX_ATTEMPTS:
            delivery.state = DeliveryState.DUE
            delivery.not_before = now + timedelta(seconds=failure.seconds)
        case InDoubt():
            delivery.state = DeliveryState.IN_DOUBT
            delivery.lease_until = now + DOUBT_WAIT
        case Gone():
            delivery.state = DeliveryState.GONE
            delivery.payload = None
        case TryLater() | OurFault() | _:
            delivery.state = DeliveryState.FAILED


def _seal(runtime: Runtime, outgoing: Outgoing) -> bytes:
    payload = json.dumps({"text": outgoing.message.text, "blocks": outgoing.message.blocks})
    return runtime.vault.seal(payload, _context(outgoing.workspace_id))


def _context(workspace_id: int) -> str:
    return f"delivery:{workspace_id}"
