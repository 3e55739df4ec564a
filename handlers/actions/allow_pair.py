from bot.matching import holds_service as holds
from bot.runtime import Runtime
from bot.views.modals import match_run as form
from handlers.actions import review_page
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    two = form.read_two(request.body["actions"][0]["value"])
    run_id = form.read(request.body["view"]).run_id
    allowed = runtime.library.say("match_review.allowed")
    async with (
        review_page.shown_afterwards(runtime, request, allowed),
        runtime.database.transaction(request.workspace_id) as session,
    ):
        await holds.allow(session, runtime, request.person, run_id, *two)
    return NOTHING
