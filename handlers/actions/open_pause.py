from bot.runtime import Runtime
from handlers.commands.pause import open_form
from handlers.edge import Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    return await open_form(runtime, request)
