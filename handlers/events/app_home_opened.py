"""Somebody looks at the app's Home, or at the messages beside it."""

from typing import Any

from bot.home import service as home
from bot.runtime import Runtime


async def listen(body: dict[str, Any], event: dict[str, Any], context: dict[str, Any]) -> None:
    """Publishing twice does no harm, so that an event that Slack sends again is no matter."""
    runtime: Runtime = context["runtime"]
    if event.get("tab") == "home":
        await home.opened(runtime, body["team_id"], event["user"])
