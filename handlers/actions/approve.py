from bot.runtime import Runtime
from bot.vetting import service as vetting
from bot.views.modals import queue as form
from handlers.actions import queue_page
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    [pressed] = request.body["actions"]
    enrollment_id, seen = int(pressed["value"]), form.read_stated(pressed["block_id"])
    async with (
        queue_page.shown_afterwards(runtime, request),
        runtime.database.transaction(request.workspace_id) as session,
    ):
        await vetting.approve(session, runtime, request.person, enrollment_id, seen)
    return NOTHING
