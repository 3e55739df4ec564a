"""Whatever goes wrong at Slack, no message is lost and none is said twice."""

from collections import Counter
from datetime import timedelta

import pytest

from bot import serve
from bot.app import App
from bot.delivery import service as delivery
from bot.delivery.service import DOUBT_WAIT
from models import DeliveryState
from sandbox.faults import CALL_KINDS, Fault
from sandbox.server import Sandbox
from tests.conftest import Clock
from tests.delivery.conftest import Outbox

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TEXTS = [str(number) for number in range(3)]


async def tick_for(outbox: Outbox, clock: Clock, span: timedelta, every: timedelta) -> None:
    """What the ticker does, with Slack's events in between, for so long."""
    end = clock.now + span
    while clock.now <= end:
        await delivery.send_due(outbox.runtime)
        await outbox.company.sandbox.settle()
        await delivery.settle(outbox.runtime)
        clock.now += every


class TestOneFault:
    @pytest.mark.parametrize("kind", CALL_KINDS)
    async def test_costs_no_message(
        self, outbox: Outbox, sandbox: Sandbox, clock: Clock, kind: str
    ) -> None:
        sandbox.faults.add(Fault(kind, "chat.postMessage", times=2, seconds=0.05))
        await outbox.queue(*(outbox.note(text, text) for text in TEXTS))
        await tick_for(outbox, clock, 2 * DOUBT_WAIT + timedelta(minutes=2), timedelta(minutes=1))
        assert [met.kind for met in sandbox.faults.met] == [kind] * 2
        assert Counter(outbox.said()) == Counter(TEXTS)
        assert set(await outbox.states()) == {DeliveryState.SENT}

    @pytest.mark.parametrize("kind", ["duplicate", "reorder"])
    async def test_of_the_events_that_settle_doubts(
        self, outbox: Outbox, sandbox: Sandbox, clock: Clock, kind: str
    ) -> None:
        sandbox.faults.add(Fault("drop_after", "chat.postMessage", times=3))
        sandbox.faults.add(Fault(kind, "message_metadata_posted", times=2))
        await outbox.queue(*(outbox.note(text, text) for text in TEXTS))
        await tick_for(outbox, clock, 2 * DOUBT_WAIT, timedelta(minutes=1))
        assert Counter(outbox.said()) == Counter(TEXTS)
        assert set(await outbox.states()) == {DeliveryState.SENT}

    @ONE_ENGINE
    async def test_of_the_event_being_late_too(
        self, outbox: Outbox, app: App, sandbox: Sandbox, clock: Clock
    ) -> None:
        """Nobody listens when the event comes; somebody does when it comes again."""
        sandbox.faults.add(Fault("drop_after", "chat.postMessage"))
        sandbox.deliver_over_http("http://127.0.0.1:1/slack/events")
        await outbox.queue(outbox.note())
        await delivery.send_due(outbox.runtime)
        await sandbox.settle()
        assert len(sandbox.pending) == 1
        async with serve.http_server(app, "127.0.0.1", 0) as port:
            sandbox.deliver_over_http(f"http://127.0.0.1:{port}{serve.EVENTS_PATH}")
            await tick_for(outbox, clock, 2 * DOUBT_WAIT, timedelta(minutes=1))
        assert outbox.said() == ["Hello"]
        assert await outbox.states() == [DeliveryState.SENT]


@ONE_ENGINE
class TestManyFaults:
    @pytest.mark.parametrize("seed", range(4))
    async def test_cost_no_message(
        self, outbox: Outbox, sandbox: Sandbox, clock: Clock, seed: int
    ) -> None:
        sandbox.faults.at_random(0.3, seed)
        texts = [str(number) for number in range(30)]
        channels = outbox.more_channels(10)
        await outbox.queue(
            *(
                outbox.note(text, text, recipient=channel)
                for text, channel in zip(texts, channels * 3, strict=True)
            )
        )
        await tick_for(outbox, clock, timedelta(hours=1), timedelta(minutes=1))
        said = [text for channel in channels for text in outbox.said(channel)]
        assert len(sandbox.faults.met) > 5
        assert Counter(said) == Counter(texts)
        assert set(await outbox.states()) == {DeliveryState.SENT}


class TestLimits:
    @ONE_ENGINE
    async def test_more_for_one_channel_than_slack_takes_at_once(
        self, outbox: Outbox, sandbox: Sandbox, clock: Clock
    ) -> None:
        texts = [str(number) for number in range(20)]
        await outbox.queue(*(outbox.note(text, text) for text in texts))
        await tick_for(outbox, clock, timedelta(seconds=60), timedelta(seconds=1))
        assert Counter(outbox.said()) == Counter(texts)
        refused = [call for call in sandbox.calls if call.error == "ratelimited"]
        assert 0 < len(refused) <= len(texts)
