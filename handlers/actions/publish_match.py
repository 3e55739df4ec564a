from bot.matching import service as matching
from bot.runtime import Runtime
from bot.views import match_asking, match_proposal
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """The message in the admin channel says what has come of it; with the last approval that is
    needed, its buttons go."""
    run_id, library = int(request.body["actions"][0]["value"]), runtime.library
    async with runtime.database.transaction(request.workspace_id) as session:
        outcome = await matching.approve(session, runtime, request.person, run_id)
    approvals, needed = outcome.approvals, outcome.needed
    if outcome.asked:
        said = match_asking.begun(library, outcome.asked)
    else:
        said = match_proposal.outcome(library, request.person, approvals, needed, outcome.pairs)
    asked = request.body["message"]
    is_settled = outcome.asked or outcome.pairs is not None
    change = match_proposal.settled if is_settled else match_proposal.noted
    shown = change(asked["text"], asked["blocks"], said.text)
    await runtime.slack.update(request.channel_id, asked["ts"], shown.text, shown.blocks)
    return NOTHING
