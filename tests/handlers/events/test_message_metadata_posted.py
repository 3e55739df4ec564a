from typing import Any

from sqlalchemy import select

from bot.delivery import service as delivery
from bot.delivery.service import DOUBT_WAIT, Outgoing
from bot.views.blocks import message
from models import Delivery, DeliveryState, IfInDoubt, SlackEvent
from tests.conftest import Clock
from tests.handlers.scene import Scene, on_one_engine


async def in_doubt(scene: Scene, clock: Clock) -> Delivery:
    """A message whose sender died after it had claimed it."""
    outgoing = Outgoing(
        dedupe_key="test:1",
        kind="test",
        recipient=scene.jo.id,
        message=message("Hello"),
        if_in_doubt=IfInDoubt.SEND_AGAIN,
        workspace_id=scene.company.workspace_id,
    )
    async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
        await delivery.queue(session, scene.runtime, [outgoing])
    async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
        row = (await session.scalars(select(Delivery))).one()
        row.state = DeliveryState.IN_DOUBT
        row.lease_until = clock() + DOUBT_WAIT
    return row


def event(scene: Scene, key: object, **changes: Any) -> dict[str, Any]:
    workspace = scene.sandbox.workspace
    return {
        "team_id": workspace.team_id,
        "api_app_id": workspace.app_id,
        "type": "event_callback",
        "event_id": "Ev1",
        "event_time": 1,
        "event": {
            "type": "message_metadata_posted",
            "app_id": workspace.app_id,
            "bot_id": workspace.bot_id,
            "user_id": workspace.bot.id,
            "team_id": workspace.team_id,
            "channel_id": "D0000001",
            "message_ts": "1700000000.000100",
            "metadata": {"event_type": "turnabout_delivery", "event_payload": {"id": key}},
        },
        **changes,
    }


class TestListen:
    async def test_a_message_in_doubt_is_settled_and_its_words_are_blanked(
        self, scene: Scene, clock: Clock
    ) -> None:
        doubtful = await in_doubt(scene, clock)
        await scene.sandbox.send("event", event(scene, doubtful.key))
        [row] = await scene.rows(Delivery)
        assert (row.state, row.slack_ts) == (DeliveryState.SENT, "1700000000.000100")
        assert row.payload is None
        clock.forward(hours=1)
        await delivery.settle(scene.runtime)
        assert await scene.told(scene.jo) == []

    async def test_the_same_event_twice_counts_once(self, scene: Scene, clock: Clock) -> None:
        doubtful = await in_doubt(scene, clock)
        for _ in range(2):
            await scene.sandbox.send("event", event(scene, doubtful.key))
        assert await scene.count(SlackEvent) == 1

    @on_one_engine
    async def test_our_own_events_are_not_dropped(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.open_pair()
        await scene.sandbox.settle()
        assert scene.sandbox.undelivered == []

    @on_one_engine
    async def test_what_another_app_posts_is_taken_and_forgotten(
        self, scene: Scene, clock: Clock
    ) -> None:
        doubtful = await in_doubt(scene, clock)
        ours = "turnabout_delivery"
        for metadata in (
            {"event_type": "of_another_app", "event_payload": {"id": doubtful.key}},
            {"event_type": ours, "event_payload": {"id": "nobody knows"}},
            {"event_type": ours, "event_payload": {"id": [doubtful.key]}},
            {"event_type": ours, "event_payload": {}},
            {"event_type": ours},
            {},
        ):
            sent = event(scene, "")
            sent["event"]["metadata"] = metadata
            assert await scene.sandbox.send("event", sent) == {}
        [row] = await scene.rows(Delivery)
        assert row.state is DeliveryState.IN_DOUBT
        assert await scene.count(SlackEvent) == 0

    @on_one_engine
    async def test_a_workspace_we_do_not_know(self, scene: Scene, clock: Clock) -> None:
        doubtful = await in_doubt(scene, clock)
        await scene.sandbox.send("event", event(scene, doubtful.key, team_id="T9999999"))
        [row] = await scene.rows(Delivery)
        assert row.state is DeliveryState.IN_DOUBT

    @on_one_engine
    async def test_slack_checks_our_address(self, scene: Scene) -> None:
        """Sent once, when the request URL is entered in Slack's settings."""
        answer = await scene.sandbox.send("event", {"type": "url_verification", "challenge": "abc"})
        assert answer == {"challenge": "abc"}
