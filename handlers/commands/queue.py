from bot.programs import service as programs
from bot.runtime import Runtime
from bot.vetting import service as vetting
from bot.views.modals import queue as form
from bot.views.modals.queue import Shown
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """In a program's admin channel its applications, anywhere else those of all programs that the
    person manages."""
    async with runtime.database.transaction(request.workspace_id) as session:
        here = await programs.managed_here(session, request.person, request.channel_id)
    await open_queue(runtime, request, Shown(here.id if here else None))
    return NOTHING


async def open_queue(runtime: Runtime, request: Request, shown: Shown) -> None:
    """Shared with the buttons of a message and of the Home."""
    async with runtime.database.transaction(request.workspace_id) as session:
        found = await vetting.queue(session, request.person, shown)
    view = form.build(runtime.library, found)
    await runtime.slack.open_view(request.body["trigger_id"], view)
