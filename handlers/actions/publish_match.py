from bot.matching import service as matching
from bot.runtime import Runtime
from bot.views import match_proposal, messages
from handlers.edge import NOTHING, Answer, Request, in_channel, privately


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Where several approve, what came of it takes the place of the button in the manager's DM;
    the outbox tells the admin channel. Else everybody in that channel reads that it is published,
    or the manager anywhere else, and the proposal with its button goes."""
    run_id, who = int(request.body["actions"][0]["value"]), request.person
    async with runtime.database.transaction(request.workspace_id) as session:
        outcome = await matching.approve(session, runtime, who, run_id)
    said = match_proposal.outcome(
        runtime.library, who, outcome.approvals, outcome.needed, outcome.pairs
    )
    if outcome.needed > 1:
        asked = request.body["message"]
        shown = messages.answered(asked["text"], asked["blocks"], said.text)
        await runtime.slack.update(request.channel_id, asked["ts"], shown.text, shown.blocks)
        return NOTHING
    at_home = request.channel_id == outcome.program.admin_channel_id
    return (in_channel if at_home else privately)(said) | {"delete_original": True}
