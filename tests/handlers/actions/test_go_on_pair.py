from models import PairState
from tests.handlers.actions.paused_pair import level_of_jo, paused, shown, state_of_pair
from tests.handlers.scene import Scene, on_one_engine, texts


class TestListen:
    async def test_wakes_the_pair_and_says_so_in_the_place_of_the_buttons(
        self, scene: Scene
    ) -> None:
        pair, message = await paused(scene)
        await level_of_jo(scene, 1)
        await scene.robin.click(message, "go_on_pair")
        assert texts(shown(scene.robin, message))[-1] == scene.say("pair.decided_go_on")
        assert await state_of_pair(scene) is PairState.ACTIVE
        last = (await scene.in_channel(scene.jo, pair.channel_id or ""))[-1]
        assert last["text"] == scene.say("pair.let_go_on")

    @on_one_engine
    async def test_while_the_records_do_not_allow_it_the_buttons_stay(self, scene: Scene) -> None:
        _, message = await paused(scene)
        await scene.robin.click(message, "go_on_pair")
        said = scene.robin.messages(scene.robin.direct())[-1]["text"]
        assert said == scene.say("errors.pair_still_unsafe")
        assert shown(scene.robin, message)["blocks"] == message["blocks"]
        assert await state_of_pair(scene) is PairState.PAUSED
