from bot.matching import service as matching
from bot.runtime import Runtime
from bot.views import match_proposal
from handlers.edge import Answer, Request, in_channel, privately


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Everybody in the admin channel reads who approved, and that it was published: then the
    proposal with its button goes. Anywhere else only the manager does."""
    run_id = int(request.body["actions"][0]["value"])
    async with runtime.database.transaction(request.workspace_id) as session:
        outcome = await matching.approve(session, runtime, request.person, run_id)
    program, who = outcome.program, request.person
    at_home = request.channel_id == program.admin_channel_id
    answer = in_channel if at_home else privately
    if outcome.pairs is None:
        needed = program.approvals_needed
        return answer(match_proposal.approved(runtime.library, who, outcome.approvals, needed))
    message = match_proposal.published(runtime.library, who, len(outcome.pairs))
    return answer(message) | {"delete_original": True}
