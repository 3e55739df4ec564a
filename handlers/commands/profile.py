from bot.enrollment import profile_service as profiles
from bot.runtime import Runtime
from bot.views.modals import profile as form
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Shared with the button on the Home."""
    async with runtime.database.transaction(request.workspace_id) as session:
        about = await profiles.about(session, runtime, request.person)
    view = form.build(runtime.library, about)
    await runtime.slack.open_view(request.body["trigger_id"], view)
    return NOTHING
