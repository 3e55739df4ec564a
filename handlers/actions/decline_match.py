from bot.runtime import Runtime
from handlers.actions.accept_match import answer
from handlers.edge import Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    return await answer(runtime, request, yes=False)
