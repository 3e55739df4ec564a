from bot.errors import UserFacingError
from bot.matching import holds_service as holds
from bot.matching import summary_service as summary
from bot.runtime import Runtime
from bot.views.modals import never_pair as form
from handlers.actions import review_page
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """What has become of the run is seen below the form."""
    shown, mentor_id, mentee_id = form.read(request.body["view"])
    person, run_id = request.person, shown.run_id
    try:
        async with runtime.database.transaction(request.workspace_id) as session:
            await holds.forbid(session, runtime, person, run_id, mentor_id, mentee_id)
    except UserFacingError:
        await review_page.show_below(runtime, request, shown)
        raise
    await review_page.show_below(runtime, request, shown)
    await summary.redraw(runtime, request.workspace_id, run_id)
    return NOTHING
