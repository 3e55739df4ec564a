from bot.matching import weights_service as weights
from bot.runtime import Runtime
from bot.views.modals import weights as form
from handlers.edge import Answer, Request, in_its_place


async def listen(runtime: Runtime, request: Request) -> Answer:
    filled = form.read(request.body["view"])
    async with runtime.database.transaction(request.workspace_id) as session:
        program, changed = await weights.keep(session, runtime, request.person, filled)
    said = form.saved(runtime.library, program.name, changed=changed)
    return in_its_place(runtime, request, said)
