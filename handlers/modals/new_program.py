from bot.people import service as people
from bot.programs import service as programs
from bot.runtime import Runtime
from bot.views.modals import new_program as form
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    wanted = form.read(request.body["view"])
    caller = await people.with_workspace_rights(runtime, request.person)
    team_id = request.body["team"]["id"]
    team = [
        await people.recognise(runtime, team_id, slack_user_id)
        for slack_user_id in wanted.manager_slack_ids
    ]
    async with runtime.database.transaction(request.workspace_id) as session:
        await programs.open_program(session, runtime, caller, wanted, team)
    return NOTHING
