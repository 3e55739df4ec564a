from bot.errors import UserFacingError
from bot.people import service as people
from bot.programs import settings_service as settings
from bot.runtime import Runtime
from bot.views.modals import program as program_form
from bot.views.modals import template as form
from handlers.edge import Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """The form with the template's settings takes the place of this one."""
    chosen = form.read(request.body["view"])
    template = runtime.library.templates.get(chosen.template_id)
    if template is None:
        raise UserFacingError("template_gone")
    caller = await people.with_workspace_rights(runtime, request.person)
    async with runtime.database.transaction(request.workspace_id) as session:
        found = await settings.from_template(session, runtime, caller, template, chosen.channel_id)
    view = program_form.build(
        runtime.library, found.settings, found.departments, weights=found.weights
    )
    return {"response_action": "update", "view": view}
