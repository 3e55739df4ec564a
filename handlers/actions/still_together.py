from bot.runtime import Runtime
from bot.support import service as support
from bot.views import support_messages
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    pair_id = int(request.body["actions"][0]["value"])
    async with runtime.database.transaction(request.workspace_id) as session:
        await support.still_together(session, request.person, pair_id)
    asked = request.body["message"]
    said = support_messages.fine(runtime.library, asked["text"], asked["blocks"])
    await runtime.slack.update(request.channel_id, asked["ts"], said.text, said.blocks)
    return NOTHING
