from bot.matching import review_service as matches
from bot.runtime import Runtime
from bot.views.modals import match_run as form
from bot.views.modals import match_run_cards as cards
from bot.views.modals.match_run import Shown
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    shown = Shown(int(request.body["actions"][0]["value"]))
    async with runtime.database.transaction(request.workspace_id) as session:
        found = await matches.review(session, request.person, shown)
    view = form.build(runtime.library, found, cards.build(runtime.library, found))
    await runtime.slack.open_view(request.body["trigger_id"], view)
    return NOTHING
