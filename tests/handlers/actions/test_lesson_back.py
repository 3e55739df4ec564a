from models import ProgramState
from tests.applications import change
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_goes_back_a_card_and_on_again(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "lesson")
        await scene.jo.submit()
        second = scene.jo.modal
        assert second is not None
        await scene.jo.click(second, "lesson_back")
        assert scene.jo.modal is not None
        assert scene.say("lesson.place", number=1, count=5) in texts(scene.jo.modal)
        await scene.jo.submit()
        assert scene.jo.modal is not None
        assert texts(scene.jo.modal) == texts(second)

    async def test_in_a_program_that_is_over_it_says_so_above_the_card(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "lesson")
        await scene.jo.submit()
        assert scene.jo.modal is not None
        await change(scene.company, scene.program, state=ProgramState.CLOSED)
        await scene.jo.click(scene.jo.modal, "lesson_back")
        assert texts(scene.jo.modal) == [scene.say("errors.lesson_over")]
