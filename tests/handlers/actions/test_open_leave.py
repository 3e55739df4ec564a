from tests.handlers.actions.home import home
from tests.handlers.scene import Scene, on_one_engine

pytestmark = on_one_engine


class TestListen:
    async def test_opens_the_form(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.jo.click(await home(scene), "open_leave")
        assert scene.jo.modal is not None
        assert scene.jo.modal["callback_id"] == "leave"
