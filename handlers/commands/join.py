from bot.programs import service as programs
from bot.runtime import Runtime
from bot.views.modals import join as form
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    await open_form(runtime, request, None)
    return NOTHING


async def open_form(runtime: Runtime, request: Request, program_id: int | None) -> None:
    """Shared with the Join button of an announcement, which names its program."""
    async with runtime.database.transaction(request.workspace_id) as session:
        found = await programs.joining(session, request.person, program_id)
    view = form.build(runtime.library, found.program, found.role, found.chosen)
    await runtime.slack.open_view(request.body["trigger_id"], view)
