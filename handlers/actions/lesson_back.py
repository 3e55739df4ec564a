from bot.lessons import service as lessons
from bot.runtime import Runtime
from bot.views.modals import lesson as form
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    place = form.place_of(request.body["actions"][0]["value"])
    async with runtime.database.transaction(request.workspace_id) as session:
        found = await lessons.turn_back(session, runtime, request.person, place)
    view = form.build(runtime.library, found.program, found.enrollment, found.number)
    await runtime.slack.update_view(request.body["view"]["id"], view)
    return NOTHING
