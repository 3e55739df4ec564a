from bot.matching import service as matching
from bot.runtime import Runtime
from bot.views.modals import match_run as form
from handlers.actions import review_page
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """The run that is shown stays until the new one is worked out."""
    run_id = form.read(request.body["view"]).run_id
    async with (
        review_page.shown_afterwards(runtime, request),
        runtime.database.transaction(request.workspace_id) as session,
    ):
        program, _ = await matching.reviewer(session, request.person, run_id)
        await matching.request(session, runtime, request.person, program)
    return NOTHING
