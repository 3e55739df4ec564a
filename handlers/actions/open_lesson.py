from bot.runtime import Runtime
from handlers.commands.lesson import open_lesson
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    await open_lesson(runtime, request, int(request.body["actions"][0]["value"]))
    return NOTHING
