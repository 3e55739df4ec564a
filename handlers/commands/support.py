from bot.runtime import Runtime
from bot.support import service as support
from bot.views.modals import support as form
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    return await show(runtime, request)


async def show(runtime: Runtime, request: Request, about: str = "") -> Answer:
    """Shared with the buttons, one of which names a pair. Nothing has happened yet."""
    async with runtime.database.transaction(request.workspace_id) as session:
        matters = await support.matters(session, request.person)
    view = form.build(runtime.library, matters, about)
    await runtime.slack.open_view(request.body["trigger_id"], view)
    return NOTHING
