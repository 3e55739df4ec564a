from dataclasses import replace

from bot.errors import UserFacingError
from bot.log import get_logger
from bot.matching import review_service as matches
from bot.matching.review_service import Proof
from bot.runtime import Runtime
from bot.slack.errors import SlackError
from bot.views import match_words
from bot.views.modals import match_run as form
from bot.views.modals.match_run import Shown
from handlers.actions import review_page
from handlers.edge import NOTHING, Answer, Request
from prompts.library import Mrkdwn


async def listen(runtime: Runtime, request: Request) -> Answer:
    """For a large match it takes longer than Slack waits for an answer, and a process of its own:
    what comes of it is shown when it is there. A run is checked once at a time, however many press
    the button."""
    shown, library = form.read(request.body["view"]), runtime.library
    work_id = f"check_match:{request.workspace_id}:{shown.run_id}"
    if work_id in runtime.at_work:
        await review_page.show(runtime, request, shown, library.say("match_review.check_busy"))
        return NOTHING
    async with (
        review_page.shown_if_refused(runtime, request),
        runtime.database.transaction(request.workspace_id) as session,
    ):
        proof = await matches.proof(session, runtime, request.person, shown.run_id)
    await review_page.show(runtime, request, shown, library.say("match_review.checking"))
    view = request.body["view"] | {"hash": ""}  # it is another one since
    later = replace(request, body=request.body | {"view": view})
    runtime.go_on_with(work_id, _show_when_ready(runtime, later, shown, proof))
    return NOTHING


async def _show_when_ready(runtime: Runtime, request: Request, shown: Shown, proof: Proof) -> None:
    library = runtime.library
    try:
        proved = await matches.checked(proof)
        note = library.say("match_review.check_outdated")
        if proved is not None:
            verdict = match_words.verdict(library, proved, locked=proof.locked)
            note = library.say("match_review.checked", verdict=Mrkdwn(verdict))
    except Exception as error:
        get_logger().error("check_failed", exc_info=error)
        note = library.say("match_review.check_failed")
    try:
        await review_page.show(runtime, request, shown, note)
    except (SlackError, UserFacingError) as error:
        get_logger().warning("answer_lost", code=getattr(error, "code", ""), exc_info=error)
