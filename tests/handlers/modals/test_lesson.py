from models import Enrollment, EnrollmentState, ProgramState
from tests.applications import change
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_a_program_that_closes_meanwhile_keeps_the_card_and_says_so(
        self, scene: Scene
    ) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "lesson")
        await change(scene.company, scene.program, state=ProgramState.CLOSED)
        await scene.jo.submit()
        assert scene.jo.modal is not None
        assert texts(scene.jo.modal) == [scene.say("errors.lesson_over")]
        await scene.jo.close()
        assert scene.jo.modal["private_metadata"].endswith(":0")

    async def test_somebody_who_has_left_meanwhile(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "lesson")
        for enrolled in await scene.rows(Enrollment):
            await change(scene.company, enrolled, state=EnrollmentState.LEFT)
        await scene.jo.submit()
        assert scene.jo.modal is not None
        assert texts(scene.jo.modal) == [scene.say("errors.no_lesson")]
