import asyncio

from bot.errors import UserFacingError
from bot.people import service as people
from bot.programs import moves_service as moves
from bot.programs import service as programs
from bot.programs import settings_service as settings
from bot.programs.lifecycle import Verb
from bot.runtime import Runtime
from bot.views.modals import launch as launch_form
from bot.views.modals import program as form
from bot.views.modals.program import Filled
from handlers.edge import NOTHING, Answer, Request
from models import Person

MOST_NEW = 30
"""People in one field about whom Slack is asked, while it waits three seconds for the answer."""


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Saves changes; or a draft, and asks in the same place whether it is to be launched."""
    filled = form.read(request.body["view"])
    caller = await people.with_workspace_rights(runtime, request.person)
    today = runtime.clock().date()
    async with runtime.database.transaction(request.workspace_id) as session:
        if filled.program_id is None:
            await programs.require_may_open(session, caller)
        else:
            await programs.meant(session, caller, Verb.EDIT, today, program_id=filled.program_id)
    if not await runtime.slack.is_in(filled.given["admin_channel_id"]):
        raise UserFacingError("channel_not_reachable", field="admin_channel_id")
    team = await _team(runtime, request, filled)
    async with runtime.database.transaction(request.workspace_id) as session:
        if filled.program_id is not None:
            await settings.save_changes(session, runtime, caller, filled, team)
            return NOTHING
        program = await settings.save_draft(session, runtime, caller, filled, team)
        invited = await moves.invited(session, program)
        contact = await settings.support_contact(session, program)
    join_by = moves.proposed_join_by(program, today)
    view = launch_form.build(runtime.library, program, join_by, invited, contact)
    return {"response_action": "update", "view": view}


async def _team(runtime: Runtime, request: Request, filled: Filled) -> dict[str, Person]:
    """Everybody who is named where the form was changed, by their Slack ids."""
    return {
        **await _recognised(runtime, request, filled, "manager_slack_ids", "manager_unknown"),
        **await _recognised(runtime, request, filled, "sponsor_slack_ids", "sponsor_unknown"),
        **await _recognised(runtime, request, filled, "invited_slack_ids", "invited_unknown"),
        **await _recognised(
            runtime, request, filled, "support_contact_slack_id", "support_contact_unknown"
        ),
    }


async def _recognised(
    runtime: Runtime, request: Request, filled: Filled, field: str, key: str
) -> dict[str, Person]:
    """Raises UserFacingError with this key for whoever cannot take part, and when Slack would have
    to be asked about more people than the form has time for."""
    changed, team_id = filled.changed.get(field, []), request.body["team"]["id"]
    slack_ids = [changed] if isinstance(changed, str) and changed else list(changed)
    recognised = await people.known(runtime, request.workspace_id, slack_ids)
    unknown = [slack_id for slack_id in slack_ids if slack_id not in recognised]
    if len(unknown) > MOST_NEW:
        raise UserFacingError("too_many_new", field=field, most=MOST_NEW)
    found = await asyncio.gather(
        *(people.recognise(runtime, team_id, slack_id) for slack_id in unknown),
        return_exceptions=True,
    )
    for slack_id, person in zip(unknown, found, strict=True):
        if isinstance(person, UserFacingError) and person.key == "unknown_person":
            raise UserFacingError(key, field=field)
        if isinstance(person, BaseException):
            raise person
        recognised[slack_id] = person
    return recognised
