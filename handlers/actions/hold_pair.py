from bot.matching import holds_service as holds
from bot.runtime import Runtime
from bot.views.modals import match_run as form
from bot.views.modals import never_pair
from bot.views.modals.match_run import Verb
from handlers.actions import make_pair, review_page
from handlers.edge import NOTHING, Answer, Request

DOES = {Verb.LOCK: holds.lock, Verb.UNLOCK: holds.unlock}


async def listen(runtime: Runtime, request: Request) -> Answer:
    """What has been chosen in the menu beside a pair, or the button beside one that is locked and
    not proposed."""
    action = request.body["actions"][0]
    value = action["selected_option"]["value"] if "selected_option" in action else action["value"]
    verb, mentor_id, mentee_id = form.read_hold(value)
    if verb is Verb.CHANGE_MENTOR:
        await make_pair.open_form(runtime, request, 0, mentee_id)
    elif verb is Verb.CHANGE_MENTEE:
        await make_pair.open_form(runtime, request, mentor_id, 0)
    elif verb is Verb.NEVER:
        await _ask_first(runtime, request, mentor_id, mentee_id)
    else:
        run_id = form.read(request.body["view"]).run_id
        async with (
            review_page.shown_afterwards(runtime, request),
            runtime.database.transaction(request.workspace_id) as session,
        ):
            await DOES[verb](session, runtime, request.person, run_id, mentor_id, mentee_id)
    return NOTHING


async def _ask_first(runtime: Runtime, request: Request, mentor_id: int, mentee_id: int) -> None:
    """Says what it would cost to keep the two apart."""
    shown = form.read(request.body["view"])
    async with (
        review_page.shown_if_refused(runtime, request),
        runtime.database.transaction(request.workspace_id) as session,
    ):
        person, run_id = request.person, shown.run_id
        parted = await holds.without(session, person, run_id, mentor_id, mentee_id)
    view = never_pair.build(runtime.library, shown, parted)
    await runtime.slack.push_view(request.body["trigger_id"], view)
