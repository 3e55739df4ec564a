from models import Profile
from tests.handlers.scene import Scene, on_one_engine, texts


class TestListen:
    async def test_keeps_what_was_said(self, scene: Scene) -> None:
        await scene.command(scene.jo, "profile")
        assert (await scene.jo.submit({"works_from": "7", "works_to": "15"})).errors == {}
        assert scene.jo.modal is not None
        assert texts(scene.jo.modal) == [scene.say("profile.saved")]
        [kept] = await scene.rows(Profile)
        assert (kept.works_from, kept.works_to) == (7, 15)

    @on_one_engine
    async def test_bad_input_stands_beside_its_field(self, scene: Scene) -> None:
        await scene.command(scene.jo, "profile")
        errors = (await scene.jo.submit({"works_from": "15", "works_to": "7"})).errors
        assert errors == {"works_to": scene.label("errors.works_backwards")}
        assert await scene.count(Profile) == 0
