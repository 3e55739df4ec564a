from datetime import UTC, date, datetime, timedelta

from bot.enrollment import breaks_service as breaks
from bot.errors import UserFacingError
from bot.runtime import Runtime
from bot.views import enrollment_messages
from bot.views.modals import pause as form
from handlers.edge import NOTHING, Answer, Request, privately, shown

EXAMPLE = timedelta(weeks=2)


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Without a day, a form asks for one."""
    if not request.text:
        return await open_form(runtime, request)
    until = _day(runtime, request.text)
    async with runtime.database.transaction(request.workspace_id) as session:
        await breaks.pause(session, runtime, request.person, until)
    return privately(enrollment_messages.paused(runtime.library, until))


async def open_form(runtime: Runtime, request: Request) -> Answer:
    """Shared with the button on the Home."""
    async with runtime.database.transaction(request.workspace_id) as session:
        until = await breaks.under_way(session, request.person)
    view = form.build(runtime.library, until)
    await runtime.slack.open_view(request.body["trigger_id"], view)
    return NOTHING


def _day(runtime: Runtime, text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        example = (runtime.clock().date() + EXAMPLE).isoformat()
        raise UserFacingError("pause_not_a_day", typed=shown(text), example=example) from None
