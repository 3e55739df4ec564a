from datetime import timedelta

from bot.clock import next_monday
from bot.errors import UserFacingError
from bot.people import service as people
from bot.programs import service as programs
from bot.runtime import Runtime
from bot.views.modals import new_program as form
from handlers.edge import NOTHING, Answer, Request, shown

TIME_TO_JOIN = timedelta(weeks=2)
"""People hear of a program, think about it, and join; then come the pairs."""


async def listen(runtime: Runtime, request: Request) -> Answer:
    if request.text.lower() != "new":
        raise _unknown(request.text)
    caller = await people.with_workspace_rights(runtime, request.person)
    async with runtime.database.transaction(request.workspace_id) as session:
        await programs.require_may_open(session, caller)
        level = await programs.suggested_mentee_level(session)
    starts_on = next_monday(runtime.clock().date() + TIME_TO_JOIN)
    view = form.build(runtime.library, _likely_channel(request.channel_id), starts_on, level)
    await runtime.slack.open_view(request.body["trigger_id"], view)
    return NOTHING


def _unknown(words: str) -> UserFacingError:
    if not words:
        return UserFacingError("program_new_only")
    return UserFacingError(
        "unknown_command", word=shown(f"program {words}"), suggestion="program new"
    )


def _likely_channel(channel_id: str) -> str | None:
    """Where the command was typed, unless that is a direct message, which nobody else sees."""
    return None if channel_id.startswith("D") else channel_id
