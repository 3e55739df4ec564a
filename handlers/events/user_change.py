"""Somebody's profile or account has changed."""

from typing import Any

from bot.people import service as people
from bot.runtime import Runtime
from bot.slack.gateway import profile_of


async def listen(body: dict[str, Any], event: dict[str, Any], context: dict[str, Any]) -> None:
    """Slack tells of everybody in the workspace: of those we do not know nothing is kept."""
    await follow(body, event, context, joined=False)


async def follow(
    body: dict[str, Any], event: dict[str, Any], context: dict[str, Any], *, joined: bool
) -> None:
    """If this fails, Bolt answers with an error and Slack sends the event again."""
    runtime: Runtime = context["runtime"]
    profile = profile_of(event["user"])
    workspace_id = await runtime.database.workspace_id(body["team_id"])
    if workspace_id is None:
        return
    async with runtime.database.transaction(workspace_id) as session:
        await people.follow_slack(session, runtime, body["event_id"], profile, joined=joined)
