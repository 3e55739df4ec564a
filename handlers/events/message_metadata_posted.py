"""Slack says that a message with metadata was posted: one of ours that may have been in doubt."""

from typing import Any

from bot.delivery import service as delivery
from bot.runtime import Runtime
from bot.slack.gateway import METADATA_EVENT


async def listen(body: dict[str, Any], event: dict[str, Any], context: dict[str, Any]) -> None:
    """Noted once by its event id, in the transaction that acts on it: if that fails, Bolt answers
    with an error and Slack sends the event again."""
    runtime: Runtime = context["runtime"]
    metadata = event["metadata"]
    key = metadata.get("event_payload", {}).get("id")
    if metadata.get("event_type") != METADATA_EVENT or not isinstance(key, str):
        return
    workspace_id = await runtime.database.workspace_id(body["team_id"])
    if workspace_id is None:
        return
    async with runtime.database.transaction(workspace_id) as session:
        await delivery.confirm(session, runtime, body["event_id"], key, event["message_ts"])
