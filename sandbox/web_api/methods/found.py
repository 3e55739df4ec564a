"""Finding what a method is about, with the scope that it takes."""

from sandbox.errors import SlackError
from sandbox.state.records import Conversation, Kind, Message
from sandbox.web_api.context import Context
from sandbox.web_api.scopes import require_kind


def conversation(context: Context, method: str, channel: str) -> Conversation:
    """Any conversation that the app sees; by id only, unlike for chat.postMessage."""
    if channel not in context.workspace.conversations:
        raise SlackError("channel_not_found")
    found = context.workspace.conversation(channel, context.workspace.bot.id)
    require(context, method, found.kind)
    return found


def channel_of(context: Context, method: str, channel: str) -> Conversation:
    """The same, where the method is for channels alone."""
    found = context.workspace.conversations.get(channel)
    if found is not None and not found.is_channel:
        raise SlackError("method_not_supported_for_channel_type")
    return conversation(context, method, channel)


def require(context: Context, method: str, kind: Kind) -> None:
    require_kind(context.contract[method], kind, context.scopes)


def check_member(context: Context, found: Conversation) -> None:
    if context.workspace.bot.id not in found.members:
        raise SlackError("not_in_channel")


def message(found: Conversation, ts: str) -> Message:
    """What everybody in the conversation sees; an ephemeral message is not there."""
    there = found.messages.get(ts)
    if there is None or there.visible_to is not None:
        raise SlackError("message_not_found")
    return there


def ids(listed: str) -> list[str]:
    return [one.strip() for one in listed.split(",") if one.strip()]
