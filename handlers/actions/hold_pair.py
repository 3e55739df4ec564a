from bot.matching import holds_service as holds
from bot.runtime import Runtime
from bot.views.modals import match_run as form
from bot.views.modals.match_run import Verb
from handlers.actions import make_pair, review_page
from handlers.edge import NOTHING, Answer, Request

DOES = {Verb.LOCK: holds.lock, Verb.UNLOCK: holds.unlock, Verb.NEVER: holds.forbid}


async def listen(runtime: Runtime, request: Request) -> Answer:
    """What has been chosen in the menu beside a pair."""
    value = request.body["actions"][0]["selected_option"]["value"]
    verb, mentor_id, mentee_id = form.read_hold(value)
    if verb is Verb.CHANGE:
        await make_pair.open_form(runtime, request, mentor_id, mentee_id)
        return NOTHING
    run_id = form.read(request.body["view"]).run_id
    async with (
        review_page.shown_afterwards(runtime, request),
        runtime.database.transaction(request.workspace_id) as session,
    ):
        await DOES[verb](session, runtime, request.person, run_id, mentor_id, mentee_id)
    return NOTHING
