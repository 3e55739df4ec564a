from models import Pair, PairState
from tests.handlers.actions.test_pair_completed import asked, shown
from tests.handlers.scene import Scene, texts


class TestListen:
    async def test_the_answer_takes_the_place_of_the_buttons_for_both(self, scene: Scene) -> None:
        _, question = await asked(scene)
        await scene.lena.click(question, "pair_stops")
        assert texts(shown(scene, question))[-1] == scene.say("pair.closed_stopped")
        assert [pair.state for pair in await scene.rows(Pair)] == [PairState.ENDED]
