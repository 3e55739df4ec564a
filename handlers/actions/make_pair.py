from bot.matching import making_service as making
from bot.runtime import Runtime
from bot.views.modals import make_pair as form
from bot.views.modals import match_run
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    mentor_id, _, mentee_id = request.body["actions"][0]["value"].partition(":")
    await open_form(runtime, request, int(mentor_id or 0), int(mentee_id or 0))
    return NOTHING


async def open_form(runtime: Runtime, request: Request, mentor_id: int, mentee_id: int) -> None:
    """With the people of these ids chosen already, 0 for nobody."""
    shown = match_run.read(request.body["view"])
    async with runtime.database.transaction(request.workspace_id) as session:
        ids = [mentor_id, mentee_id]
        people = await making.chosen(session, request.person, shown.run_id, ids)
    view = form.build(runtime.library, shown, people.get(mentor_id), people.get(mentee_id))
    await runtime.slack.push_view(request.body["trigger_id"], view)
