from bot.matching import review_service as matches
from bot.runtime import Runtime
from bot.views.modals import match_fairness as form
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    run_id = int(request.body["actions"][0]["value"])
    async with runtime.database.transaction(request.workspace_id) as session:
        program, fates = await matches.fates(session, request.person, run_id)
    view = form.build(runtime.library, await matches.fairness(program, fates))
    await runtime.slack.push_view(request.body["trigger_id"], view)
    return NOTHING
