from models import Pair, PairState
from tests.handlers.actions.test_pair_completed import answers, asked, shown
from tests.handlers.scene import Scene, texts


class TestListen:
    async def test_nothing_the_other_sees_changes(self, scene: Scene) -> None:
        pair, questions = await asked(scene)
        before = scene.lena.messages(pair.channel_id or "")
        await scene.jo.click(questions[scene.jo], "pair_stops")
        said = texts(shown(scene.jo, questions[scene.jo]))[-1]
        assert said == scene.say("pair.closed_stopped")
        assert await answers(scene) == [False, None]
        assert shown(scene.lena, questions[scene.lena]) == questions[scene.lena]
        assert scene.lena.messages(pair.channel_id or "") == before
        assert [found.state for found in await scene.rows(Pair)] == [PairState.CLOSING]
