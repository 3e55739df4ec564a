from bot.enrollment import profile_service as profiles
from bot.enrollment import service as enrollment
from bot.errors import UserFacingError
from bot.people import service as people
from bot.runtime import Runtime
from bot.views.modals import join as form
from handlers.edge import NOTHING, Answer, Request
from models import Person


async def listen(runtime: Runtime, request: Request) -> Answer:
    wanted = form.read(request.body["view"])
    await profiles.require_people(runtime, request.person, wanted.about.avoided)
    manager = await _manager(runtime, request, wanted.stated_manager)
    async with runtime.database.transaction(request.workspace_id) as session:
        await enrollment.join(session, runtime, request.person, wanted, manager)
    return NOTHING


async def _manager(runtime: Runtime, request: Request, slack_user_id: str) -> Person | None:
    if not slack_user_id:
        return None
    if slack_user_id == request.person.slack_user_id:
        raise UserFacingError("stated_manager_self", field="stated_manager")
    try:
        return await people.recognise(runtime, request.body["team"]["id"], slack_user_id)
    except UserFacingError as error:
        if error.key != "unknown_person":
            raise
        raise UserFacingError("stated_manager_unknown", field="stated_manager") from None
