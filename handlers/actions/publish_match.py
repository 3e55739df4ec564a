from bot.matching import approving_service as matching
from bot.matching import summary_service
from bot.runtime import Runtime
from bot.views import match_proposal
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """The message in the admin channel says afterwards what is true of the run, also where it could
    not be approved."""
    run_id, changes = match_proposal.read(request.body["actions"][0]["value"])
    try:
        async with runtime.database.transaction(request.workspace_id) as session:
            await matching.approve(session, runtime, request.person, run_id, changes)
    finally:
        await summary_service.redraw(runtime, request.workspace_id, run_id)
    return NOTHING
