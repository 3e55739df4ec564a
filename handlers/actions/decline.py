from bot.runtime import Runtime
from bot.vetting import service as vetting
from handlers.actions import queue_page
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    enrollment_id = int(request.body["actions"][0]["value"])
    async with (
        queue_page.shown_afterwards(runtime, request),
        runtime.database.transaction(request.workspace_id) as session,
    ):
        await vetting.decline(session, runtime, request.person, enrollment_id)
    return NOTHING
