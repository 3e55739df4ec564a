from bot.runtime import Runtime
from handlers.commands import support
from handlers.edge import Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """On the Home, and below a question about a pair, which its button names."""
    value = request.body["actions"][0]["value"]
    return await support.show(runtime, request, f"pair:{value}")
