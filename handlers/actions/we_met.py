from bot.meetings import service as meetings
from bot.runtime import Runtime
from bot.views import messages
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Notes the meeting and puts the thanks in the place of the button, for both to see."""
    pair_id, number = map(int, request.body["actions"][0]["value"].split(":"))
    async with runtime.database.transaction(request.workspace_id) as session:
        held = await meetings.report(session, runtime, request.person, pair_id, number)
    message = request.body["message"]
    noted = messages.met(runtime.library, message["text"], message["blocks"], held)
    await runtime.slack.update(request.channel_id, message["ts"], noted.text, noted.blocks)
    return NOTHING
