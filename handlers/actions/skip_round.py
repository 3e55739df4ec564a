from bot.enrollment import breaks_service as breaks
from bot.runtime import Runtime
from bot.views import enrollment_messages
from handlers.edge import Answer, Request, privately


async def listen(runtime: Runtime, request: Request) -> Answer:
    """The button names its program."""
    program_id = int(request.body["actions"][0]["value"])
    async with runtime.database.transaction(request.workspace_id) as session:
        what = await breaks.skip(session, runtime, request.person, program_id=program_id)
    return privately(enrollment_messages.skipped(runtime.library, what))
