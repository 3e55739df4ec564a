from bot.pairs import decisions_service as decisions
from bot.runtime import Runtime
from handlers.actions.end_pair import shown_afterwards
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    pair_id = int(request.body["actions"][0]["value"])
    async with (
        shown_afterwards(runtime, request, goes_on=True),
        runtime.database.transaction(request.workspace_id) as session,
    ):
        await decisions.go_on(session, runtime, request.person, pair_id)
    return NOTHING
