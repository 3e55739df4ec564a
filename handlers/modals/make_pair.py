from bot.errors import UserFacingError
from bot.matching import making_service as making
from bot.matching import summary_service as summary
from bot.people import service as people
from bot.runtime import Runtime
from bot.views.modals import make_pair as form
from handlers.actions import review_page
from handlers.edge import NOTHING, Answer, Request
from models import Person


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Says first what the pair costs, and makes it when that has been read. What has changed in the
    run meanwhile is seen below the form."""
    chosen = form.read(request.body["view"])
    mentor, mentee = await _people(runtime, request, mentor=chosen.mentor, mentee=chosen.mentee)
    ids, who, run_id = (mentor.id, mentee.id), request.person, chosen.shown.run_id
    try:
        async with runtime.database.transaction(request.workspace_id) as session:
            cost = await making.make(session, runtime, who, run_id, *ids, chosen.told)
    except UserFacingError as error:
        if error.key == making.KEPT_APART:
            async with runtime.database.transaction(request.workspace_id) as session:
                await making.tried(session, runtime, who, run_id, *ids)
        if error.field is None:
            await review_page.show_below(runtime, request, chosen.shown)
        raise
    if cost is not None:
        view = form.build(runtime.library, chosen.shown, mentor, mentee, cost)
        return {"response_action": "update", "view": view}
    await review_page.show_below(runtime, request, chosen.shown)
    await summary.redraw(runtime, request.workspace_id, run_id)
    return NOTHING


async def _people(runtime: Runtime, request: Request, **chosen: str) -> list[Person]:
    """Those who were chosen in these fields."""
    known = await people.known(runtime, request.workspace_id, chosen.values())
    for field, slack_id in chosen.items():
        if slack_id not in known:
            raise UserFacingError("pair_not_in_match", field=field)
    return [known[slack_id] for slack_id in chosen.values()]
