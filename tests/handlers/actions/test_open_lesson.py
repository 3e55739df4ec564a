from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.views import lesson_messages
from models import Enrollment, EnrollmentState, IfInDoubt
from tests.applications import apply, change
from tests.handlers.scene import Json, Scene, on_one_engine

pytestmark = on_one_engine


async def invited(scene: Scene) -> tuple[Enrollment, Json]:
    """Jo is in, and has the message that invites to the lesson."""
    company, program = scene.company, scene.program
    enrolled = await apply(company, program, scene.junior, state=EnrollmentState.ENROLLED)
    message = lesson_messages.invitation(scene.runtime.library, program, enrolled)
    async with company.transaction() as session:
        note = Outgoing(
            dedupe_key="lesson",
            kind="lesson",
            recipient=scene.jo.id,
            message=message,
            if_in_doubt=IfInDoubt.SEND_AGAIN,
            workspace_id=program.workspace_id,
        )
        await delivery.queue(session, scene.runtime, [note])
    await delivery.send_due(scene.runtime)
    return enrolled, scene.jo.messages(scene.jo.direct())[-1]


class TestListen:
    async def test_opens_the_first_card(self, scene: Scene) -> None:
        enrolled, message = await invited(scene)
        await scene.jo.click(message, "open_lesson")
        assert scene.jo.modal is not None
        assert scene.jo.modal["private_metadata"] == f"{enrolled.id}:0"

    async def test_long_after_one_has_left_it_says_so(self, scene: Scene) -> None:
        enrolled, message = await invited(scene)
        await change(scene.company, enrolled, state=EnrollmentState.LEFT)
        await scene.jo.click(message, "open_lesson")
        assert scene.jo.modal is None
        assert (await scene.told(scene.jo))[-1] == scene.say("errors.no_lesson")
