"""chat.*: what the app says."""

import re

from sandbox.block_kit.refusals import check_length, check_message
from sandbox.blocks import Json
from sandbox.errors import SlackError
from sandbox.state.records import Conversation
from sandbox.state.shapes import message_json
from sandbox.web_api.context import Context
from sandbox.web_api.methods import found
from sandbox.web_api.methods.files import unseen_images

MOST_ATTACHMENTS = 100
LONGEST_UPDATE = 4_000
LONGEST_TEXT = 40_000
LONGEST_MARKDOWN = 12_000


def post_message(context: Context, args: Json) -> Json:
    """Slack cuts a text that is too long, where its other methods refuse it."""
    workspace = context.workspace
    content = _content(args, "msg_blocks_too_long")
    check_length(content["blocks"])
    _check_images(context, content["blocks"])
    content["text"] = content["text"][:LONGEST_TEXT]
    anywhere = "chat:write.public" in context.scopes
    conversation = _writable(context, args["channel"], anywhere=anywhere)
    message = workspace.post(
        conversation, workspace.bot.id, thread_ts=args.get("thread_ts") or None, **content
    )
    shape = message_json(message, workspace)
    return {"channel": conversation.id, "ts": message.ts, "message": shape}


def post_ephemeral(context: Context, args: Json) -> Json:
    workspace = context.workspace
    content = _content(args, "msg_too_long")
    if len(content["text"]) > LONGEST_TEXT:
        raise SlackError("msg_too_long")
    conversation = _writable(context, args["channel"])
    _check_images(context, content["blocks"])
    if args["user"] not in conversation.members:
        raise SlackError("user_not_in_channel")
    message = workspace.post(conversation, workspace.bot.id, visible_to=args["user"], **content)
    return {"message_ts": message.ts}


def update(context: Context, args: Json) -> Json:
    """What is not given stays as it was."""
    workspace = context.workspace
    content = _content(args, "msg_too_long")
    if len(args.get("text", "")) > LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    conversation = workspace.conversation(args["channel"], workspace.bot.id)
    if conversation.archived:
        raise SlackError("is_inactive")
    message = found.message(conversation, args["ts"])
    if message.user != workspace.bot.id:
        raise SlackError("cant_update_message")
    _check_images(context, content["blocks"])
    changed = {name: value for name, value in content.items() if name in args}
    if "markdown_text" in args:
        changed["text"] = content["text"]
    workspace.edit(message, changed)
    return {
        "channel": conversation.id,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(message, workspace),
    }


def delete(context: Context, args: Json) -> Json:
    """The app's own messages alone."""
    workspace = context.workspace
    conversation = workspace.conversation(args["channel"], workspace.bot.id)
    message = found.message(conversation, args["ts"])
    if message.user != workspace.bot.id:
        raise SlackError("cant_delete_message")
    workspace.delete(message)
    return {"channel": conversation.id, "ts": message.ts}


def get_permalink(context: Context, args: Json) -> Json:
    workspace = context.workspace
    conversation = workspace.conversation(args["channel"], workspace.bot.id)
    message = found.message(conversation, args["message_ts"])
    place = f"{conversation.id}/p{message.ts.replace('.', '')}"
    address = f"https://{workspace.domain}.slack.com/archives/{place}"
    return {"channel": conversation.id, "permalink": address}


def _writable(context: Context, channel: str, *, anywhere: bool = False) -> Conversation:
    bot = context.workspace.bot.id
    conversation = context.workspace.writable(channel, bot, anywhere=anywhere)
    if conversation.kind == "im" and not context.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")
    return conversation


def _check_images(context: Context, blocks: list[Json]) -> None:
    if faults := unseen_images(context, blocks):
        messages = [f"[ERROR] {fault}" for fault in faults]
        raise SlackError("invalid_blocks", errors=faults, response_metadata={"messages": messages})


def _content(args: Json, markdown_too_long: str) -> Json:
    """text, blocks, attachments and metadata of a message that Slack would take.

    Slack documents how long markdown_text may be, but not what it answers to more; of the errors
    that it lists for a method, `markdown_too_long` fits best.
    """
    text, blocks = args.get("text", ""), args.get("blocks", [])
    if "markdown_text" in args:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        text = args["markdown_text"]
        if len(text) > LONGEST_MARKDOWN:
            raise SlackError(markdown_too_long)
    _check_thread(args.get("thread_ts", ""))
    attachments = args.get("attachments", [])
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    check_message(blocks, attachments)
    if not (text.strip() or blocks or attachments):
        raise SlackError("no_text")
    metadata = args.get("metadata")
    _check_metadata(metadata)
    return {"text": text, "blocks": blocks, "attachments": attachments, "metadata": metadata}


def _check_thread(thread_ts: str) -> None:
    """Slack refuses one of a wrong form, in these words; one of no message it takes."""
    if thread_ts and not re.fullmatch(r"\d+\.\d+", thread_ts):
        messages = [f"[ERROR] {thread_ts} is not a valid thread_ts"]
        raise SlackError("invalid_thread_ts", response_metadata={"messages": messages})


def _check_metadata(metadata: Json | None) -> None:
    """An empty object is how chat.update takes metadata away."""
    if metadata and not (
        isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    ):
        raise SlackError("invalid_metadata_schema")
