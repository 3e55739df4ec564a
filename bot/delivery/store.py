"""The outbox's queries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, not_, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import at_the_end, insert_new
from models import Delivery, DeliveryState, Home, IfInDoubt, SlackEvent

AT_ONCE = 1000
"""Ids in one statement; a database takes some ten thousand."""

STALE = and_(
    Delivery.state == DeliveryState.DUE,
    Delivery.if_in_doubt == IfInDoubt.LET_GO,
    Delivery.created_at < bindparam("fresh_since"),
)
DUE = (
    select(Delivery)
    .where(
        Delivery.state == DeliveryState.DUE,
        Delivery.not_before <= bindparam("now"),
        not_(STALE),
    )
    .order_by(Delivery.not_before, Delivery.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
RUN_OUT = (
    select(Delivery)
    .where(
        or_(
            and_(
                Delivery.state.in_((DeliveryState.CLAIMED, DeliveryState.IN_DOUBT)),
                Delivery.lease_until <= bindparam("now"),
            ),
            STALE,
        )
    )
    .order_by(Delivery.id)
    .with_for_update(skip_locked=True)
)
BY_KEY = select(Delivery).where(Delivery.key == bindparam("key")).with_for_update()


async def due(session: AsyncSession, now: datetime, fresh_since: datetime) -> Delivery | None:
    """The delivery longest due that is not stale; on PostgreSQL other copies skip the row."""
    return await session.scalar(DUE, {"now": now, "fresh_since": fresh_since})


async def run_out(
    session: AsyncSession, now: datetime, fresh_since: datetime
) -> Sequence[Delivery]:
    """Claims whose lease and doubts whose waiting time has run out, and what is stale: due since
    before `fresh_since`, and of a kind that may be let go."""
    return (await session.scalars(RUN_OUT, {"now": now, "fresh_since": fresh_since})).all()


async def let_go_of_pairs(
    session: AsyncSession, pair_ids: Collection[int], kinds: Collection[str] = ()
) -> frozenset[int | None]:
    """What is due to these pairs is never sent: all of it, or what is of these kinds. Returns the
    pairs to which something was."""
    of_kind = Delivery.kind.in_(kinds) if kinds else true()
    let_go = await session.scalars(
        update(Delivery)
        .where(Delivery.pair_id.in_(pair_ids), Delivery.state == DeliveryState.DUE, of_kind)
        .values(state=DeliveryState.LET_GO, payload=None)
        .returning(Delivery.pair_id)
    )
    return frozenset(let_go)


async def let_go_of(session: AsyncSession, *dedupe_keys: str, recipient: str | None = None) -> None:
    """What is due under a dedupe key that begins like one of these is never sent: to anybody, or
    to this recipient."""
    of_these = or_(*(Delivery.dedupe_key.startswith(one, autoescape=True) for one in dedupe_keys))
    to_whom = true() if recipient is None else Delivery.recipient == recipient
    await session.execute(
        update(Delivery)
        .where(of_these, to_whom, Delivery.state == DeliveryState.DUE)
        .values(state=DeliveryState.LET_GO, payload=None)
        .execution_options(synchronize_session=False)
    )


async def outdate_homes(session: AsyncSession, person_ids: Collection[int], now: datetime) -> None:
    """Of those among them who have opened their Home; one that is outdated already stays so. Noted
    here and marked at the end of the transaction, as a change often concerns the same people again
    in its next step."""
    outdated: dict[int, datetime] = session.info.setdefault("outdated_homes", {})
    outdated.update(dict.fromkeys(person_ids, now))
    at_the_end(session, _mark_outdated)


async def _mark_outdated(session: AsyncSession) -> None:
    """Every row is locked until the change is committed, in one order, so that nobody publishes a
    Home meanwhile and takes it for current (`bot.home.store`, which also says why a moment to come
    is overwritten)."""
    outdated: dict[int, datetime] = session.info["outdated_homes"]
    everybody, now = sorted(outdated), max(outdated.values(), default=None)
    for start in range(0, len(everybody), AT_ONCE):
        some = everybody[start : start + AT_ONCE]
        rows = await session.scalars(
            select(Home.id)
            .where(Home.person_id.in_(some))
            .order_by(Home.person_id)
            .with_for_update()
        )
        if ids := rows.all():
            is_news = or_(Home.outdated_since.is_(None), Home.outdated_since > now)
            await session.execute(
                update(Home)
                .where(Home.id.in_(ids), is_news)
                .values(outdated_since=now)
                .execution_options(synchronize_session=False)
            )


async def is_known(session: AsyncSession, dedupe_key: str) -> bool:
    found = select(Delivery.id).where(Delivery.dedupe_key == dedupe_key)
    return await session.scalar(found) is not None


async def of_key(session: AsyncSession, dedupe_key: str) -> Sequence[Delivery]:
    """Those whose dedupe key begins so; held, so that none is claimed meanwhile."""
    found = await session.scalars(
        select(Delivery)
        .where(Delivery.dedupe_key.startswith(dedupe_key, autoescape=True))
        .order_by(Delivery.id)
        .with_for_update()
    )
    return found.all()


async def by_key(session: AsyncSession, key: str) -> Delivery | None:
    return await session.scalar(BY_KEY, {"key": key})


async def record(session: AsyncSession, claimed: Delivery, result: Mapping[str, object]) -> None:
    """Writes down what came of a claimed delivery, unless Slack's event was faster. A claim that
    ran out meanwhile says only what is certain: that the message was sent."""
    still_ours = and_(
        Delivery.state == DeliveryState.CLAIMED, Delivery.attempts == claimed.attempts
    )
    is_news = Delivery.state != DeliveryState.SENT
    await session.execute(
        update(Delivery)
        .where(
            Delivery.id == claimed.id,
            is_news if result["state"] is DeliveryState.SENT else still_ours,
        )
        .values(**result)
        .execution_options(synchronize_session=False)
    )


async def note_event(session: AsyncSession, event_id: str, now: datetime) -> bool:
    """False when this event has been noted before: Slack sends some twice."""
    workspace_id = session.info["workspace_id"]
    row = {"workspace_id": workspace_id, "event_id": event_id, "received_at": now}
    return await insert_new(session, SlackEvent, [row]) == 1
