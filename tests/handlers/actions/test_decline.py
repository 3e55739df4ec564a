from models import EnrollmentState
from tests.applications import apply, reread
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_is_said_kindly_with_what_comes_next(self, scene: Scene) -> None:
        applied = await apply(scene.company, scene.program, scene.junior)
        await scene.command(scene.robin, "queue")
        assert scene.robin.modal is not None
        await scene.robin.click(scene.robin.modal, "decline", str(applied.id))
        assert texts(scene.robin.modal) == [scene.say("vetting.nobody")]
        assert (await reread(scene.company, applied)).state is EnrollmentState.DECLINED
        assert await scene.told(scene.jo) == [
            scene.say("vetting.declined", program=scene.program.name)
        ]
        [message] = scene.jo.messages(scene.jo.direct())
        assert f"<@{scene.robin.id}>" in texts(message)[1]

    async def test_asks_whether_one_is_sure(self, scene: Scene) -> None:
        await apply(scene.company, scene.program, scene.junior)
        await scene.command(scene.robin, "queue")
        assert scene.robin.modal is not None
        [row] = [block for block in scene.robin.modal["blocks"] if block["type"] == "actions"]
        asks = {button["action_id"]: "confirm" in button for button in row["elements"]}
        assert asks == {"approve": False, "talk_first": False, "decline": True}
