from bot.lessons import service as lessons
from bot.runtime import Runtime
from bot.views.modals import lesson as form
from handlers.edge import Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Puts the next card in the place of the one that was read."""
    place = form.read(request.body["view"])
    async with runtime.database.transaction(request.workspace_id) as session:
        found = await lessons.finish_card(session, runtime, request.person, place)
    view = form.build(runtime.library, found.program, found.enrollment, found.number)
    return {"response_action": "update", "view": view}
