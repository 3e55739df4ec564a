from bot.log import get_logger
from bot.matching import weights_service as weights
from bot.matching.weights_service import Compared
from bot.runtime import Runtime
from bot.slack.errors import OurFault, SlackError
from bot.views.modals import weights as form
from bot.views.modals.weights import Preview, Wait, Weighing
from handlers.actions.queue_page import HARMLESS
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Two matches may take longer than Slack waits for an answer: what comes of them is put into
    the form when it is there. Whoever presses the button again meanwhile, in this form or another
    one of the program, waits for that one instead."""
    view = request.body["view"]
    filled = form.read(view)
    async with runtime.database.transaction(request.workspace_id) as session:
        compared = await weights.to_compare(session, runtime, request.person, filled)
    await _show(runtime, view["id"], compared, filled, Wait.WORKING)
    place = f"weights {filled.program_id} {request.person.id}"
    runtime.go_on_with(place, show_when_ready(runtime, view["id"], compared, filled))
    return NOTHING


async def show_when_ready(
    runtime: Runtime, view_id: str, compared: Compared, filled: Weighing
) -> None:
    found: Preview | Wait = Wait.FAILED
    try:
        found = await weights.preview(compared)
    except Exception as error:
        get_logger().error("preview_failed", exc_info=error)
    try:
        await _show(runtime, view_id, compared, filled, found)
    except SlackError as error:
        get_logger().warning("answer_lost", code=error.code)


async def _show(
    runtime: Runtime, view_id: str, compared: Compared, filled: Weighing, found: Preview | Wait
) -> None:
    """In the form as it was filled in; what was chosen since stays chosen, as Slack keeps it."""
    view = form.build(runtime.library, compared.program.name, filled, found)
    try:
        await runtime.slack.update_view(view_id, view)
    except OurFault as error:
        if error.code not in HARMLESS:
            raise
