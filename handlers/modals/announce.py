from bot.programs import moves_service as moves
from bot.runtime import Runtime
from bot.views.modals import announce as form
from handlers.edge import NOTHING, Answer, Request
from handlers.modals.launch import require_reachable


async def listen(runtime: Runtime, request: Request) -> Answer:
    wanted = form.read(request.body["view"])
    await require_reachable(runtime, wanted.channels)
    async with runtime.database.transaction(request.workspace_id) as session:
        await moves.announce(session, runtime, request.person, wanted)
    return NOTHING
