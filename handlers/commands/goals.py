from bot.goals import service as goals
from bot.pairs import service as pairs
from bot.roles import Act
from bot.runtime import Runtime
from bot.views.modals import goal as form
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    await open_form(runtime, request, None)
    return NOTHING


async def open_form(runtime: Runtime, request: Request, pair_id: int | None) -> None:
    """Shared with the button under a nudge, which names its pair."""
    async with runtime.database.transaction(request.workspace_id) as session:
        found = await pairs.own(
            session,
            request.person,
            Act.SET_GOAL,
            pair_id=pair_id,
            channel_id=request.channel_id,
        )
    view = form.build(runtime.library, found.program, found.pair.id, goals.last_day(found))
    await runtime.slack.open_view(request.body["trigger_id"], view)
