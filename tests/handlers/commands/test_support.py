from models import Pair, PairState
from tests.handlers.scene import Scene, on_one_engine

pytestmark = on_one_engine


class TestListen:
    async def test_asks_what_would_help_and_does_nothing(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.open_pair()
        await scene.command(scene.jo, "support")
        assert scene.jo.modal is not None
        assert scene.jo.modal["callback_id"] == "support"
        assert [pair.state for pair in await scene.rows(Pair)] == [PairState.ACTIVE]

    async def test_of_nothing(self, scene: Scene) -> None:
        answer = await scene.command(scene.jo, "support")
        assert answer.text == scene.say("errors.support_nothing")
        assert scene.jo.modal is None
