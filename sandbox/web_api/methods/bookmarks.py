"""bookmarks.* and pins.*: what stays at the top of a channel."""

import re

from sandbox.blocks import Json
from sandbox.errors import SlackError
from sandbox.state.records import Conversation
from sandbox.web_api.context import Context
from sandbox.web_api.methods import found

MOST_BOOKMARKS = 100
MOST_PINS = 100


def add(context: Context, args: Json) -> Json:
    """Links alone; the other kinds are for files, messages and folders."""
    conversation, workspace = _conversation(context, args), context.workspace
    if args["type"] != "link":
        raise SlackError("invalid_bookmark_type")
    if not args.get("link", "").startswith(("http://", "https://")):
        raise SlackError("invalid_link")
    if len(conversation.bookmarks) >= MOST_BOOKMARKS:
        raise SlackError("too_many_bookmarks")
    bookmark = {
        "id": workspace.ids.next("Bk"),
        "channel_id": conversation.id,
        "title": args["title"],
        "link": args["link"],
        "emoji": args.get("emoji", ""),
        "type": "link",
        "entity_id": None,
        "date_created": int(context.now().timestamp()),
        "date_updated": 0,
        "last_updated_by_user_id": workspace.bot.id,
        "last_updated_by_team_id": workspace.team_id,
        "app_id": workspace.app_id,
    }
    conversation.bookmarks.append(bookmark)
    return {"bookmark": bookmark}


def list_(context: Context, args: Json) -> Json:
    return {"bookmarks": _conversation(context, args).bookmarks}


def _conversation(context: Context, args: Json) -> Conversation:
    workspace = context.workspace
    conversation = workspace.conversations.get(args.get("channel_id", ""))
    if conversation is None or not workspace.sees(workspace.bot.id, conversation):
        raise SlackError("channel_not_found")
    if workspace.bot.id not in conversation.members:
        raise SlackError("access_denied")
    return conversation


def pin(context: Context, args: Json) -> Json:
    conversation = context.workspace.conversation(args["channel"], context.workspace.bot.id)
    found.check_member(context, conversation)
    if not args.get("timestamp"):
        raise SlackError("no_item_specified")
    if not re.fullmatch(r"\d+\.\d+", args["timestamp"]):
        raise SlackError("bad_timestamp")
    message = found.message(conversation, args["timestamp"])
    if message.ts in conversation.pins:
        raise SlackError("already_pinned")
    if len(conversation.pins) >= MOST_PINS:
        raise SlackError("too_many_pins")
    conversation.pins[message.ts] = None
    return {}
