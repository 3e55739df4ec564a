from bot.programs import service as programs
from bot.runtime import Runtime
from bot.views import blocks
from handlers.edge import Answer, Request, privately


async def listen(runtime: Runtime, request: Request) -> Answer:
    say = runtime.library.say
    async with runtime.database.transaction(request.workspace_id) as session:
        is_manager = bool(await programs.managed_by(session, request.person))
    sections = ["help.participant", "help.manager"] if is_manager else ["help.participant"]
    return privately(blocks.message(*(say(section) for section in sections)))
