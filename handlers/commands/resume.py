from bot.enrollment import breaks_service as breaks
from bot.runtime import Runtime
from bot.views import enrollment_messages
from handlers.edge import Answer, Request, privately


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Shared with the button on the Home."""
    async with runtime.database.transaction(request.workspace_id) as session:
        resting = await breaks.resume(session, runtime, request.person)
    return privately(enrollment_messages.resumed(runtime.library, resting))
