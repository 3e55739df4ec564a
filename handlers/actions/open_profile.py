from bot.runtime import Runtime
from handlers.commands import profile
from handlers.edge import Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    return await profile.listen(runtime, request)
