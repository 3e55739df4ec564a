from models import Enrollment
from tests.handlers.actions.home import home
from tests.handlers.scene import Scene, on_one_engine

pytestmark = on_one_engine


class TestListen:
    async def test_ends_the_break_and_says_so(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "pause 2026-02-01")
        await scene.jo.click(await home(scene), "resume_me")
        assert scene.say("pause.ended") in str(scene.jo.modal)
        assert (await scene.rows(Enrollment))[1].paused_since is None
