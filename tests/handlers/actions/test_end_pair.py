import asyncio

from models import PairState
from tests.applications import manager
from tests.handlers.actions.paused_pair import paused, shown, state_of_pair
from tests.handlers.scene import Scene, on_one_engine, texts


class TestListen:
    async def test_ends_the_pair_and_says_so_in_the_place_of_the_buttons(
        self, scene: Scene
    ) -> None:
        pair, message = await paused(scene)
        await scene.robin.click(message, "end_pair")
        after = shown(scene.robin, message)
        assert texts(after) == [*texts(message), scene.say("pair.decided_end")]
        assert [block["type"] for block in after["blocks"]] == ["section", "context"]
        assert await state_of_pair(scene) is PairState.ENDED
        ended = scene.say("pair.ended", program="Fresh Eyes")
        for member in (scene.jo, scene.lena):
            assert (await scene.told(member))[-1] == ended
        last = (await scene.in_channel(scene.jo, pair.channel_id or ""))[-1]
        assert last["text"] == scene.say("pair.ended_here")

    async def test_of_two_managers_at_once_one_decides(self, scene: Scene) -> None:
        kim = scene.company.member(await manager(scene.company, scene.program))
        _, message = await paused(scene)
        to_kim = kim.messages(kim.direct())[-1]
        await asyncio.gather(
            scene.robin.click(message, "end_pair"), kim.click(to_kim, "go_on_pair")
        )
        # Jo's level does not allow it, so whoever was first, the pair does not go on.
        assert await state_of_pair(scene) is PairState.ENDED
        last = kim.messages(kim.direct())[-1]["text"]
        assert last in (
            scene.say("errors.pair_decided_end"),
            scene.say("errors.pair_still_unsafe"),
        )

    @on_one_engine
    async def test_the_other_managers_message_says_that_it_is_decided(self, scene: Scene) -> None:
        kim = scene.company.member(await manager(scene.company, scene.program))
        _, message = await paused(scene)
        to_kim = kim.messages(kim.direct())[-1]
        await scene.robin.click(message, "end_pair")
        for action in ("end_pair", "go_on_pair"):
            await kim.click(to_kim, action)
            said = kim.messages(kim.direct())[-1]["text"]
            assert said == scene.say("errors.pair_decided_end")

    @on_one_engine
    async def test_is_not_for_one_of_the_two(self, scene: Scene) -> None:
        _, message = await paused(scene)
        await scene.sandbox.send("interaction", scene.press(scene.lena.id, message))
        assert await state_of_pair(scene) is PairState.PAUSED
