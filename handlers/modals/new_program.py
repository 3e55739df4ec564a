from bot.errors import UserFacingError
from bot.people import service as people
from bot.programs import service as programs
from bot.runtime import Runtime
from bot.views.modals import new_program as form
from handlers.edge import NOTHING, Answer, Request
from models import Person


async def listen(runtime: Runtime, request: Request) -> Answer:
    wanted = form.read(request.body["view"])
    caller = await people.with_workspace_rights(runtime, request.person)
    async with runtime.database.transaction(request.workspace_id) as session:
        await programs.require_may_open(session, caller)
    if not await runtime.slack.is_in(wanted.admin_channel_id):
        raise UserFacingError("channel_not_reachable", field="admin_channel_id")
    team = [await _manager(runtime, request, found) for found in wanted.manager_slack_ids]
    async with runtime.database.transaction(request.workspace_id) as session:
        await programs.open_program(session, runtime, caller, wanted, team)
    return NOTHING


async def _manager(runtime: Runtime, request: Request, slack_user_id: str) -> Person:
    try:
        return await people.recognise(runtime, request.body["team"]["id"], slack_user_id)
    except UserFacingError as error:
        if error.key != "unknown_person":
            raise
        raise UserFacingError("manager_unknown", field="manager_slack_ids") from None
