from bot.runtime import Runtime
from bot.vetting import service as vetting
from handlers.actions import queue_page
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """The group DM is opened before it is noted that the two talk: opening it twice does no harm,
    and a talk without a place would."""
    manager, enrollment_id = request.person, int(request.body["actions"][0]["value"])
    async with queue_page.shown_afterwards(runtime, request):
        async with runtime.database.transaction(request.workspace_id) as session:
            people = await vetting.conversation(session, manager, enrollment_id)
        slack_ids = [person.slack_user_id or "" for person in people]
        channel_id = await runtime.slack.open_group_dm(slack_ids)
        async with runtime.database.transaction(request.workspace_id) as session:
            await vetting.talk_first(session, runtime, manager, enrollment_id, channel_id)
    return NOTHING
