from bot.programs import moves_service as moves
from bot.runtime import Runtime
from bot.views.modals import close_program as form
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    program_id = form.read(request.body["view"])
    async with runtime.database.transaction(request.workspace_id) as session:
        await moves.close(session, runtime, request.person, program_id)
    return NOTHING
