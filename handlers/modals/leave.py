from bot.enrollment import service as enrollment
from bot.runtime import Runtime
from bot.views import enrollment_messages
from bot.views.modals import leave as form
from handlers.edge import Answer, Request, in_its_place


async def listen(runtime: Runtime, request: Request) -> Answer:
    program_id = form.read(request.body["view"])
    async with runtime.database.transaction(request.workspace_id) as session:
        program, is_open = await enrollment.leave(session, runtime, request.person, program_id)
    said = enrollment_messages.left(runtime.library, program, is_open=is_open)
    return in_its_place(runtime, request, said)
