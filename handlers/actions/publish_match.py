from bot.matching import service as matching
from bot.runtime import Runtime
from bot.views import match_proposal
from handlers.edge import Answer, Request, in_channel, privately


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Everybody in the admin channel reads that it was published; the proposal with its button
    goes. Anywhere else only the manager does."""
    run_id = int(request.body["actions"][0]["value"])
    async with runtime.database.transaction(request.workspace_id) as session:
        program, pairs = await matching.publish(session, runtime, request.person, run_id)
    message = match_proposal.published(runtime.library, request.person, len(pairs))
    at_home = request.channel_id == program.admin_channel_id
    return (in_channel if at_home else privately)(message) | {"delete_original": True}
