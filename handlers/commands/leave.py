from bot.enrollment import service as enrollment
from bot.runtime import Runtime
from bot.views.modals import leave as form
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Shared with the button on the Home. Nothing has happened yet: the form asks once more."""
    async with runtime.database.transaction(request.workspace_id) as session:
        programs = await enrollment.leavable(session, request.person)
    view = form.build(runtime.library, programs)
    await runtime.slack.open_view(request.body["trigger_id"], view)
    return NOTHING
