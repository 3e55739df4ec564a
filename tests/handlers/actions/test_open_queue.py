from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.views import blocks
from models import IfInDoubt
from tests.applications import apply
from tests.handlers.scene import Json, Scene, on_one_engine, texts

pytestmark = on_one_engine


async def told_of_applications(scene: Scene, value: str) -> Json:
    """A message to Robin with a button that opens the queue."""
    button = blocks.button("Look at them", "open_queue", value)
    async with scene.company.transaction() as session:
        note = Outgoing(
            dedupe_key="applications",
            kind="applications",
            recipient=scene.robin.id,
            message=blocks.message("There are applications", buttons=[button]),
            if_in_doubt=IfInDoubt.SEND_AGAIN,
            workspace_id=scene.program.workspace_id,
        )
        await delivery.queue(session, scene.runtime, [note])
    await delivery.send_due(scene.runtime)
    return scene.robin.messages(scene.robin.direct())[-1]


class TestListen:
    async def test_opens_the_queue_of_its_program(self, scene: Scene) -> None:
        other = await scene.company.program(scene.manager, name="Other")
        for program in (scene.program, other):
            await apply(scene.company, program, scene.junior)
        message = await told_of_applications(scene, str(scene.program.id))
        await scene.robin.click(message, "open_queue")
        assert scene.robin.modal is not None
        assert scene.say("vetting.waiting", count=1) in texts(scene.robin.modal)

    async def test_of_a_program_that_one_manages_no_more(self, scene: Scene) -> None:
        strange = await scene.company.program(name="Strange")
        message = await told_of_applications(scene, str(strange.id))
        await scene.robin.click(message, "open_queue")
        assert scene.robin.modal is None
        assert (await scene.told(scene.robin))[-1] == scene.say("errors.not_allowed")
