from bot.runtime import Runtime
from handlers.commands import leave
from handlers.edge import Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    return await leave.listen(runtime, request)
