from bot.matching import review_service as matches
from bot.runtime import Runtime
from bot.slack.errors import OurFault
from bot.views.modals import match_fairness as form
from handlers.actions.queue_page import HARMLESS
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Of a large company it takes longer than Slack lets a form be opened."""
    run_id = int(request.body["actions"][0]["value"])
    async with runtime.database.transaction(request.workspace_id) as session:
        program, fates = await matches.fates(session, request.person, run_id)
    library, trigger_id = runtime.library, request.body["trigger_id"]
    view_id = await runtime.slack.push_view(trigger_id, form.waiting(library))
    view = form.build(library, await matches.fairness(program, fates))
    try:
        await runtime.slack.update_view(view_id, view)
    except OurFault as error:
        if error.code not in HARMLESS:
            raise
    return NOTHING
