from bot.runtime import Runtime
from handlers.actions.pair_completed import close
from handlers.edge import Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    return await close(runtime, request, completed=False)
