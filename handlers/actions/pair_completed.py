from bot.pairs import service as pairs
from bot.runtime import Runtime
from bot.views import messages
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    return await close(runtime, request, completed=True)


async def close(runtime: Runtime, request: Request, *, completed: bool) -> Answer:
    """Notes how the person would like their pair to end, and puts that in the place of the buttons.
    They were asked in a DM: nobody else sees it."""
    pair_id = int(request.body["actions"][0]["value"])
    async with runtime.database.transaction(request.workspace_id) as session:
        await pairs.close(session, request.person, pair_id, completed=completed)
    asked = request.body["message"]
    closed = messages.pair_closed(runtime.library, asked["text"], asked["blocks"], completed)
    await runtime.slack.update(request.channel_id, asked["ts"], closed.text, closed.blocks)
    return NOTHING
