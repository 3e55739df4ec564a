from datetime import date

from models import Enrollment
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_begins_the_break_and_says_how_to_end_it(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "pause")
        assert (await scene.jo.submit({"until": "2026-02-01"})).errors == {}
        assert scene.jo.modal is not None
        assert texts(scene.jo.modal) == [scene.say("pause.begun_until", until="1 February 2026")]
        assert "submit" not in scene.jo.modal or not scene.jo.modal["submit"]
        assert (await scene.rows(Enrollment))[1].paused_until == date(2026, 2, 1)

    async def test_without_a_day_it_has_no_end(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "pause")
        await scene.jo.submit()
        assert scene.jo.modal is not None
        assert texts(scene.jo.modal) == [scene.say("pause.begun")]

    async def test_a_day_that_has_come_stands_beside_its_field(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.jo, "pause")
        errors = (await scene.jo.submit({"until": "2026-01-05"})).errors
        assert errors == {"until": scene.label("errors.pause_day_past")}
