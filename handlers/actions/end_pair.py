from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.errors import UserFacingError
from bot.pairs import decisions_service as decisions
from bot.runtime import Runtime
from bot.views import decision_messages
from handlers.actions import open_paused
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    pair_id = int(request.body["actions"][0]["value"])
    async with (
        shown_afterwards(runtime, request, goes_on=False),
        runtime.database.transaction(request.workspace_id) as session,
    ):
        await decisions.end(session, runtime, request.person, pair_id)
    return NOTHING


@asynccontextmanager
async def shown_afterwards(
    runtime: Runtime, request: Request, *, goes_on: bool
) -> AsyncIterator[None]:
    """In a message the decision takes the place of the buttons; a list of pairs is shown as it is
    then, also after a refusal."""
    try:
        yield
    except UserFacingError:
        if "message" not in request.body:
            await open_paused.renew(runtime, request)
        raise
    if "message" not in request.body:
        await open_paused.renew(runtime, request)
        return
    asked = request.body["message"]
    said = decision_messages.decided(
        runtime.library, asked["text"], asked["blocks"], goes_on=goes_on
    )
    await runtime.slack.update(request.channel_id, asked["ts"], said.text, said.blocks)
