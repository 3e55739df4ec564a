from bot.meetings import service as meetings
from bot.runtime import Runtime
from bot.views import blocks, messages
from handlers.edge import NOTHING, Answer, Request, privately


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Notes the meeting and puts the thanks in the place of the button, for both to see. A Home
    shows it before long by itself; there the thanks come up at once."""
    pair_id, number = map(int, request.body["actions"][0]["value"].split(":"))
    async with runtime.database.transaction(request.workspace_id) as session:
        held = await meetings.report(session, runtime, request.person, pair_id, number)
    message = request.body.get("message")
    if message is None:
        return privately(blocks.message(runtime.library.say("pair.met", count=held)))
    noted = messages.met(runtime.library, message["text"], message["blocks"], held)
    await runtime.slack.update(request.channel_id, message["ts"], noted.text, noted.blocks)
    return NOTHING
