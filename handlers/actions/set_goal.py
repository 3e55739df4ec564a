from bot.runtime import Runtime
from handlers.commands.goals import open_form
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    await open_form(runtime, request, int(request.body["actions"][0]["value"]))
    return NOTHING
