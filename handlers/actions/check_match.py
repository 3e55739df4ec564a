from dataclasses import replace

from bot.errors import UserFacingError
from bot.matching import review_service as matches
from bot.runtime import Runtime
from bot.views import match_words
from bot.views.modals import match_run as form
from handlers.actions import review_page
from handlers.edge import NOTHING, Answer, Request
from prompts.library import Mrkdwn


async def listen(runtime: Runtime, request: Request) -> Answer:
    """For a large match it takes longer than a press may, so that the modal first says so."""
    shown, library = form.read(request.body["view"]), runtime.library
    try:
        async with runtime.database.transaction(request.workspace_id) as session:
            proof = await matches.proof(session, runtime, request.person, shown.run_id)
    except UserFacingError:
        await review_page.show(runtime, request, shown)
        raise
    await review_page.show(runtime, request, shown, library.say("match_review.checking"))
    view = request.body["view"] | {"hash": ""}  # it is another one since
    proved = await matches.checked(proof)
    note = library.say("match_review.check_outdated")
    if proved is not None:
        verdict = match_words.verdict(library, proved, locked=proof.locked)
        note = library.say("match_review.checked", verdict=Mrkdwn(verdict))
    later = replace(request, body=request.body | {"view": view})
    await review_page.show(runtime, later, shown, note)
    return NOTHING
