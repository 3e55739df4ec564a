from bot.runtime import Runtime
from handlers.commands import program
from handlers.edge import Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    program_id = int(request.body["actions"][0]["value"])
    return await program.weights(runtime, request, program_id)
