from models import Enrollment, EnrollmentState
from tests.handlers.scene import Scene, on_one_engine

pytestmark = on_one_engine


class TestListen:
    async def test_asks_once_more_before_anything_happens(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "leave")
        assert scene.jo.modal is not None
        assert scene.jo.modal["callback_id"] == "leave"
        states = {one.state for one in await scene.rows(Enrollment)}
        assert states == {EnrollmentState.ENROLLED}

    async def test_of_nothing(self, scene: Scene) -> None:
        answer = await scene.command(scene.jo, "leave")
        assert answer.text == scene.say("errors.nothing_to_leave_at_all")
        assert scene.jo.modal is None
