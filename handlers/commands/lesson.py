from bot.lessons import service as lessons
from bot.runtime import Runtime
from bot.views.modals import lesson as form
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    await open_lesson(runtime, request, None)
    return NOTHING


async def open_lesson(runtime: Runtime, request: Request, enrollment_id: int | None) -> None:
    """Shared with the buttons of a message and of the Home, which name an enrollment."""
    async with runtime.database.transaction(request.workspace_id) as session:
        found = await lessons.resume(session, runtime, request.person, enrollment_id)
    view = form.build(runtime.library, found.program, found.enrollment, found.number)
    await runtime.slack.open_view(request.body["trigger_id"], view)
