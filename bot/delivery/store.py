"""The outbox's queries."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import insert_new
from models import Delivery, DeliveryState, SlackEvent

DUE = (
    select(Delivery)
    .where(Delivery.state == DeliveryState.DUE, Delivery.not_before <= bindparam("now"))
    .order_by(Delivery.not_before, Delivery.id)
    .limit(bindparam("batch"))
    .with_for_update(skip_locked=True)
)
RUN_OUT = (
    select(Delivery)
    .where(
        Delivery.state.in_((DeliveryState.CLAIMED, DeliveryState.IN_DOUBT)),
        Delivery.lease_until <= bindparam("now"),
    )
    .order_by(Delivery.id)
    .with_for_update(skip_locked=True)
)
BY_KEY = select(Delivery).where(Delivery.key == bindparam("key")).with_for_update()


async def due(session: AsyncSession, now: datetime, batch: int) -> Sequence[Delivery]:
    """The deliveries longest due; on PostgreSQL other copies skip the rows taken here."""
    return (await session.scalars(DUE, {"now": now, "batch": batch})).all()


async def run_out(session: AsyncSession, now: datetime) -> Sequence[Delivery]:
    """Claims whose lease and doubts whose waiting time has run out."""
    return (await session.scalars(RUN_OUT, {"now": now})).all()


async def by_key(session: AsyncSession, key: str) -> Delivery | None:
    return await session.scalar(BY_KEY, {"key": key})


async def record(session: AsyncSession, claimed: Delivery, result: Mapping[str, object]) -> bool:
    """Writes down what came of a claimed delivery; False when Slack's event was faster. A claim
    that ran out meanwhile says only what is certain: that the message was sent."""
    still_ours = and_(
        Delivery.state == DeliveryState.CLAIMED, Delivery.attempts == claimed.attempts
    )
    is_news = Delivery.state != DeliveryState.SENT
    recorded = await session.scalar(
        update(Delivery)
        .where(
            Delivery.key == claimed.key,
            is_news if result["state"] is DeliveryState.SENT else still_ours,
        )
        .values(**result)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return recorded is not None


async def note_event(session: AsyncSession, event_id: str, now: datetime) -> bool:
    """False when this event has been noted before: Slack sends some twice."""
    workspace_id = session.info["workspace_id"]
    row = {"workspace_id": workspace_id, "event_id": event_id, "received_at": now}
    return await insert_new(session, SlackEvent, [row]) == 1
