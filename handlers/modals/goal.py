from bot.goals import service as goals
from bot.runtime import Runtime
from bot.views.modals import goal as form
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    wanted = form.read(request.body["view"])
    async with runtime.database.transaction(request.workspace_id) as session:
        await goals.set_goal(session, runtime, request.person, wanted)
    return NOTHING
