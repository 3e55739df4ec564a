from bot.matching import asking_service as asking
from bot.matching import summary_service
from bot.runtime import Runtime
from bot.views import match_asking
from bot.views.blocks import Block
from handlers.actions import queue_page
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """What has come of it takes the place of the run that was shown."""
    run_id = int(request.body["actions"][0]["value"])
    async with runtime.database.transaction(request.workspace_id) as session:
        said = await asking.stop(session, runtime, request.person, run_id)
    await summary_service.redraw(runtime, request.workspace_id, run_id)

    async def over() -> Block:
        return match_asking.over(runtime.library, said)

    await queue_page.put_in_its_place(runtime, request, over)
    return NOTHING
