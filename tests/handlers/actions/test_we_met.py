from datetime import timedelta
from typing import Any

import pytest

from bot.cadence import service as cadence
from models import Meeting, Pair, PairState
from tests.conftest import Clock
from tests.handlers.scene import Scene, on_one_engine, texts


async def nudged(scene: Scene, clock: Clock) -> tuple[Pair, dict[str, Any]]:
    """The pair, on the first day of its program, and the nudge in its channel."""
    pair = await scene.open_pair()
    clock.forward(days=(pair.first_week_on - clock.now.date()) / timedelta(days=1), hours=1)
    await cadence.queue_due(scene.runtime)
    [nudge] = [
        message
        for message in await scene.in_channel(scene.jo, pair.channel_id or "")
        if any(block["type"] == "actions" for block in message["blocks"])
    ]
    return pair, nudge


def shown(scene: Scene, pair: Pair, nudge: dict[str, Any]) -> dict[str, Any]:
    found = scene.lena.messages(pair.channel_id or "")
    return next(message for message in found if message["ts"] == nudge["ts"])


class TestListen:
    async def test_the_thanks_take_the_place_of_the_buttons_for_both(
        self, scene: Scene, clock: Clock
    ) -> None:
        pair, nudge = await nudged(scene, clock)
        await scene.jo.click(nudge, "we_met")
        after = shown(scene, pair, nudge)
        assert texts(after)[-1] == scene.say("pair.met", count=1)
        assert texts(after)[:-1] == texts(nudge)
        assert [block["type"] for block in after["blocks"]] == ["header", "section", "context"]
        assert after["text"] == nudge["text"]
        assert await scene.count(Meeting) == 1

    async def test_both_pressing_is_one_meeting(self, scene: Scene, clock: Clock) -> None:
        pair, nudge = await nudged(scene, clock)
        late = scene.press(scene.lena.id, nudge)
        await scene.jo.click(nudge, "we_met")
        await scene.sandbox.send("interaction", late)
        assert await scene.count(Meeting) == 1
        assert texts(shown(scene, pair, nudge))[-1] == scene.say("pair.met", count=1)

    async def test_nobody_can_press_for_another_pair(self, scene: Scene, clock: Clock) -> None:
        pair, nudge = await nudged(scene, clock)
        channel = scene.sandbox.workspace.conversations[pair.channel_id or ""]
        scene.sandbox.workspace.join(channel, [scene.robin.id])
        await scene.robin.click(nudge, "we_met")
        said = scene.robin.messages(channel.id)[-1]
        assert said["text"] == scene.say("errors.not_your_pair")
        assert scene.jo.messages(channel.id)[-1]["text"] != said["text"]
        assert await scene.count(Meeting) == 0
        assert shown(scene, pair, nudge)["blocks"] == nudge["blocks"]

    @on_one_engine
    @pytest.mark.parametrize(("state", "held"), [(PairState.COMPLETED, 1), (PairState.PAUSED, 0)])
    async def test_after_the_farewell_but_not_while_paused(
        self, scene: Scene, clock: Clock, state: PairState, held: int
    ) -> None:
        pair, nudge = await nudged(scene, clock)
        async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
            (await session.get_one(Pair, pair.id)).state = state
        await scene.jo.click(nudge, "we_met")
        assert await scene.count(Meeting) == held
        said = scene.jo.messages(pair.channel_id or "")[-1]["text"]
        assert (said == scene.say("errors.pair_paused")) == (held == 0)

    @on_one_engine
    async def test_slack_does_not_take_the_change_and_the_meeting_is_kept(
        self, scene: Scene, clock: Clock
    ) -> None:
        pair, nudge = await nudged(scene, clock)
        scene.sandbox.workspace.leave(pair.channel_id or "", scene.sandbox.workspace.bot.id)
        await scene.jo.click(nudge, "we_met")
        said = scene.jo.messages(pair.channel_id or "")[-1]["text"]
        assert said.startswith(scene.say("errors.slack_refused", reference="").rstrip())
        assert await scene.count(Meeting) == 1

    @on_one_engine
    async def test_a_value_that_no_button_of_ours_has(self, scene: Scene, clock: Clock) -> None:
        pair, nudge = await nudged(scene, clock)
        values = ("", "x", "1", "1:2:3", "999999:1", "-1:1")
        for value in values:
            payload = scene.press(scene.jo.id, nudge)
            payload["actions"][0]["value"] = value
            await scene.sandbox.send("interaction", payload)
        said = [one for one in scene.jo.messages(pair.channel_id or "") if one["ts"] > nudge["ts"]]
        assert len(said) == len(values)
        assert await scene.count(Meeting) == 0
