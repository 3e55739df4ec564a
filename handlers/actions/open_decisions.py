from bot.matching import review_service as matches
from bot.runtime import Runtime
from bot.views.blocks import Block
from bot.views.modals import match_decisions as form
from handlers.actions import queue_page
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """From a run above it; from another page in its place."""
    run_id, _, page = request.body["actions"][0]["value"].partition(":")

    async def build() -> Block:
        async with runtime.database.transaction(request.workspace_id) as session:
            found = await matches.decisions(session, request.person, int(run_id), int(page))
        return form.build(runtime.library, found)

    if request.body["view"]["callback_id"] == form.CALLBACK:
        await queue_page.put_in_its_place(runtime, request, build)
    else:
        await runtime.slack.push_view(request.body["trigger_id"], await build())
    return NOTHING
