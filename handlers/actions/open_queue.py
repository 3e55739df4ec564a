from bot.runtime import Runtime
from bot.views.modals.queue import Shown
from handlers.commands.queue import open_queue
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    value = request.body["actions"][0]["value"]
    await open_queue(runtime, request, Shown(int(value) if value else None))
    return NOTHING
