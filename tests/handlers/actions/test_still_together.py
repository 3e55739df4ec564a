from models import Pair, PairState
from tests.handlers.actions.paused_pair import shown
from tests.handlers.actions.quiet_pair import question
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_thanks_in_the_place_of_the_buttons_and_tells_nobody(self, scene: Scene) -> None:
        _, asked = await question(scene)
        told = await scene.told(scene.lena)
        await scene.jo.click(asked, "still_together")
        now = shown(scene.jo, asked)
        assert texts(now)[-1] == scene.say("support.fine")
        assert "actions" not in [block["type"] for block in now["blocks"]]
        assert await scene.told(scene.lena) == told
        assert [found.state for found in await scene.rows(Pair)] == [PairState.ACTIVE]
        assert await scene.told(scene.robin) == []

    async def test_of_a_pair_that_is_over(self, scene: Scene) -> None:
        pair, asked = await question(scene)
        async with scene.company.transaction() as session:
            (await session.get_one(Pair, pair.id)).state = PairState.ENDED
        await scene.jo.click(asked, "still_together")
        said = scene.jo.messages(scene.jo.direct())[-1]["text"]
        assert said == scene.say("errors.pair_ended")
