from bot.enrollment import profile_service as profiles
from bot.runtime import Runtime
from bot.views import blocks
from bot.views.modals import profile as form
from handlers.edge import Answer, Request, in_its_place


async def listen(runtime: Runtime, request: Request) -> Answer:
    said = form.read(request.body["view"])
    await profiles.require_people(runtime, request.person, said.avoided)
    async with runtime.database.transaction(request.workspace_id) as session:
        await profiles.change(session, runtime, request.person, said)
    return in_its_place(runtime, request, blocks.message(runtime.library.say("profile.saved")))
