"""conversations.*: what is done to a channel as a whole."""

from sandbox.blocks import Json
from sandbox.errors import SlackError
from sandbox.state.records import Conversation, Note
from sandbox.state.shapes import conversation_json
from sandbox.web_api.context import Context
from sandbox.web_api.methods import found

LONGEST_NOTE = 250
"""Characters of a topic or a purpose."""


def archive(context: Context, args: Json) -> Json:
    channel = found.channel_of(context, "conversations.archive", args["channel"])
    found.check_member(context, channel)
    if channel.archived:
        raise SlackError("already_archived")
    context.workspace.archive(channel.id, context.workspace.bot.id)
    return {}


def unarchive(context: Context, args: Json) -> Json:
    channel = found.channel_of(context, "conversations.unarchive", args["channel"])
    if not channel.archived:
        raise SlackError("not_archived")
    context.workspace.unarchive(channel.id, context.workspace.bot.id)
    return {}


def rename(context: Context, args: Json) -> Json:
    """An app renames only channels it made."""
    bot = context.workspace.bot.id
    channel = found.channel_of(context, "conversations.rename", args["channel"])
    found.check_member(context, channel)
    if channel.archived:
        raise SlackError("is_archived")
    if channel.creator != bot:
        raise SlackError("not_authorized")
    context.workspace.rename(channel, args["name"])
    return {"channel": conversation_json(channel, bot)}


def set_topic(context: Context, args: Json) -> Json:
    channel, note = _noted(context, "conversations.setTopic", args, "topic")
    channel.topic = note
    return {"channel": conversation_json(channel, context.workspace.bot.id)}


def set_purpose(context: Context, args: Json) -> Json:
    channel, note = _noted(context, "conversations.setPurpose", args, "purpose")
    channel.purpose = note
    return {"purpose": note.value}


def _noted(context: Context, method: str, args: Json, key: str) -> tuple[Conversation, Note]:
    channel = found.channel_of(context, method, args["channel"])
    if channel.archived:
        raise SlackError("is_archived")
    found.check_member(context, channel)
    if len(args[key]) > LONGEST_NOTE:
        raise SlackError("too_long")
    note = Note(args[key], context.workspace.bot.id, int(context.now().timestamp()))
    return channel, note
