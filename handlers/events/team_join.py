"""Somebody new is in the workspace; HR may have told us of them already."""

from typing import Any

from handlers.events.user_change import follow


async def listen(body: dict[str, Any], event: dict[str, Any], context: dict[str, Any]) -> None:
    await follow(body, event, context, joined=True)
