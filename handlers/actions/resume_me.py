from bot.runtime import Runtime
from handlers.commands import resume
from handlers.edge import Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    return await resume.listen(runtime, request)
