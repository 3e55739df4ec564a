from bot.matching import service as matching
from bot.runtime import Runtime
from bot.views import match_proposal
from handlers.edge import Answer, Request, in_channel


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Everybody in the channel reads that it was published; the proposal with its button goes."""
    run_id = int(request.body["actions"][0]["value"])
    async with runtime.database.transaction(request.workspace_id) as session:
        pairs = await matching.publish(session, runtime, request.person, run_id)
    message = match_proposal.published(runtime.library, request.person, len(pairs))
    return in_channel(message) | {"delete_original": True}
