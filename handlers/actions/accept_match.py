from bot.matching import asking_service as asking
from bot.matching import summary_service
from bot.runtime import Runtime
from bot.views import match_asking
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    return await answer(runtime, request, yes=True)


async def answer(runtime: Runtime, request: Request, *, yes: bool) -> Answer:
    """The answer takes the place of the buttons, in the person's own messages alone."""
    proposal_id = int(request.body["actions"][0]["value"])
    async with runtime.database.transaction(request.workspace_id) as session:
        over = await asking.answer(session, runtime, request.person, proposal_id, yes=yes)
    asked = request.body["message"]
    said = match_asking.answered(runtime.library, asked["text"], asked["blocks"], yes=yes)
    await runtime.slack.update(request.channel_id, asked["ts"], said.text, said.blocks)
    if over is not None:
        await summary_service.redraw(runtime, request.workspace_id, over)
    return NOTHING
