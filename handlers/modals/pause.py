from bot.enrollment import breaks_service as breaks
from bot.runtime import Runtime
from bot.views import enrollment_messages
from bot.views.modals import pause as form
from handlers.edge import Answer, Request, in_its_place


async def listen(runtime: Runtime, request: Request) -> Answer:
    until = form.read(request.body["view"])
    async with runtime.database.transaction(request.workspace_id) as session:
        await breaks.pause(session, runtime, request.person, until)
    return in_its_place(runtime, request, enrollment_messages.paused(runtime.library, until))
