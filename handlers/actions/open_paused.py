from bot.pairs import decisions_service as decisions
from bot.runtime import Runtime
from bot.views.blocks import Block
from bot.views.modals import paused as form
from handlers.actions import queue_page
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    program_id = int(request.body["actions"][0]["value"])
    view = await built(runtime, request, program_id)
    await runtime.slack.open_view(request.body["trigger_id"], view)
    return NOTHING


async def renew(runtime: Runtime, request: Request) -> None:
    """Shows the pairs as they are after a decision, in the place of those that were shown."""
    program_id = form.read(request.body["view"])
    await queue_page.put_in_its_place(runtime, request, lambda: built(runtime, request, program_id))


async def built(runtime: Runtime, request: Request, program_id: int) -> Block:
    async with runtime.database.transaction(request.workspace_id) as session:
        found = await decisions.undecided(session, request.person, program_id)
    return form.build(runtime.library, found)
