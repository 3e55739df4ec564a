from models import Enrollment
from tests.handlers.scene import Scene, is_private, on_one_engine

pytestmark = on_one_engine


class TestListen:
    async def test_ends_the_break(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "pause 2026-02-01")
        answer = await scene.command(scene.jo, "resume")
        assert is_private(answer)
        assert answer.text == scene.say("pause.ended")
        assert [one.paused_since for one in await scene.rows(Enrollment)] == [None, None]

    async def test_without_a_break(self, scene: Scene) -> None:
        answer = await scene.command(scene.jo, "resume")
        assert answer.text == scene.say("errors.not_on_break")
