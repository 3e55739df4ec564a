from models import Profile
from tests.handlers.scene import Scene, on_one_engine

pytestmark = on_one_engine


class TestListen:
    async def test_opens_what_one_said_last_time(self, scene: Scene) -> None:
        await scene.command(scene.jo, "profile")
        assert (await scene.jo.submit({"strengths": ["listening"]})).errors == {}
        await scene.jo.close()
        await scene.command(scene.jo, "profile")
        [chosen] = [
            block["element"]["initial_options"]
            for block in (scene.jo.modal or {})["blocks"]
            if block.get("block_id") == "strengths"
        ]
        assert [option["value"] for option in chosen] == ["listening"]
        assert await scene.count(Profile) == 1
