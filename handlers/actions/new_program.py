from bot.runtime import Runtime
from handlers.commands import program
from handlers.edge import Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    return await program.new(runtime, request)
