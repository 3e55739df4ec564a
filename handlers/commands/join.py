from bot.enrollment import service as enrollment
from bot.runtime import Runtime
from bot.views import enrollment_messages
from bot.views.modals import join as form
from handlers.edge import NOTHING, Answer, Request, privately


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Opens the form where only one program can be meant, else lets the person choose."""
    async with runtime.database.transaction(request.workspace_id) as session:
        choices = await enrollment.choices(session, runtime, request.person)
    if len(choices) > 1:
        return privately(enrollment_messages.choose(runtime.library, choices))
    await open_form(runtime, request, choices[0].program.id)
    return NOTHING


async def open_form(runtime: Runtime, request: Request, program_id: int) -> None:
    """Shared with the Join buttons, which name their program."""
    async with runtime.database.transaction(request.workspace_id) as session:
        asked = await enrollment.joining(session, runtime, request.person, program_id)
    view = form.build(runtime.library, asked)
    await runtime.slack.open_view(request.body["trigger_id"], view)
