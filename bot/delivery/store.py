"""The outbox's queries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import insert_new
from models import Delivery, DeliveryState, IfInDoubt, SlackEvent


async def claim_due(
    session: AsyncSession, now: datetime, lease_until: datetime, limit: int
) -> Sequence[Delivery]:
    """Takes the oldest due deliveries; on PostgreSQL other copies skip the rows taken here."""
    due = await session.scalars(
        select(Delivery)
        .where(Delivery.state == DeliveryState.DUE, Delivery.not_before <= now)
        .order_by(Delivery.not_before, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = due.all()
    for delivery in claimed:
        delivery.state = DeliveryState.CLAIMED
        delivery.lease_until = lease_until
        delivery.attempts += 1
    return claimed


async def doubt_expired_claims(session: AsyncSession, now: datetime, wait_until: datetime) -> None:
    """A claim whose lease ran out belonged to a copy that died: nobody knows what it had done."""
    await session.execute(
        update(Delivery)
        .where(Delivery.state == DeliveryState.CLAIMED, Delivery.lease_until <= now)
        .values(state=DeliveryState.IN_DOUBT, lease_until=wait_until)
    )


async def settle_doubts(session: AsyncSession, now: datetime) -> None:
    """Deliveries in doubt that waited long enough follow their rule: again, or let go."""
    overdue = (Delivery.state == DeliveryState.IN_DOUBT, Delivery.lease_until <= now)
    await session.execute(
        update(Delivery)
        .where(*overdue, Delivery.if_in_doubt == IfInDoubt.SEND_AGAIN)
        .values(state=DeliveryState.DUE, not_before=now, lease_until=None)
    )
    await session.execute(
        update(Delivery)
        .where(*overdue, Delivery.if_in_doubt == IfInDoubt.LET_GO)
        .values(state=DeliveryState.LET_GO, lease_until=None, payload=None)
    )


async def by_key(session: AsyncSession, key: str) -> Delivery | None:
    return await session.scalar(select(Delivery).where(Delivery.key == key).with_for_update())


async def note_event(session: AsyncSession, event_id: str, now: datetime) -> bool:
    """False when this event has been noted before: Slack sends some twice."""
    workspace_id = session.info["workspace_id"]
    row = {"workspace_id": workspace_id, "event_id": event_id, "received_at": now}
    return await insert_new(session, SlackEvent, [row]) == 1
