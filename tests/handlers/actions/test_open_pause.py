from models import Enrollment
from tests.handlers.actions.home import home
from tests.handlers.scene import Scene, on_one_engine

pytestmark = on_one_engine


class TestListen:
    async def test_opens_the_form(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.jo.click(await home(scene), "open_pause")
        assert (await scene.jo.submit({"until": "2026-02-01"})).errors == {}
        assert (await scene.rows(Enrollment))[1].paused_since is not None

    async def test_somebody_who_has_left_meanwhile_reads_why_not(self, scene: Scene) -> None:
        await scene.enrol_all()
        shown = await home(scene)
        await scene.command(scene.jo, "leave")
        await scene.jo.submit()
        await scene.jo.close()
        await scene.jo.click(shown, "open_pause")
        assert scene.say("errors.nothing_to_pause") in str(scene.jo.modal)
