"""chat.*: what the app says."""

from sandbox.blocks import Json
from sandbox.context import Context
from sandbox.errors import SlackError
from sandbox.shapes import message_json
from sandbox.workspace import Message

MOST_BLOCKS = 50
MOST_ATTACHMENTS = 100
LONGEST_UPDATE = 4_000


def post_message(context: Context, args: Json) -> Json:
    workspace = context.workspace
    content = _content(args)
    anywhere = "chat:write.public" in context.scopes
    conversation = workspace.writable(args["channel"], workspace.bot.id, anywhere=anywhere)
    message = workspace.post(
        conversation, workspace.bot.id, thread_ts=args.get("thread_ts"), **content
    )
    if message.metadata:
        context.emit(_metadata_posted(context, message))
    shape = message_json(message, workspace)
    return {"channel": conversation.id, "ts": message.ts, "message": shape}


def post_ephemeral(context: Context, args: Json) -> Json:
    workspace = context.workspace
    content = _content(args)
    conversation = workspace.writable(args["channel"], workspace.bot.id)
    if args["user"] not in conversation.members:
        raise SlackError("user_not_in_channel")
    message = workspace.post(conversation, workspace.bot.id, visible_to=args["user"], **content)
    return {"message_ts": message.ts}


def update(context: Context, args: Json) -> Json:
    """What is not given stays as it was."""
    workspace = context.workspace
    content = _content(args)
    if len(content["text"]) > LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    conversation = workspace.conversation(args["channel"], workspace.bot.id)
    if conversation.archived:
        raise SlackError("is_inactive")
    message = conversation.messages.get(args["ts"])
    if message is None or message.visible_to is not None:
        raise SlackError("message_not_found")
    if message.user != workspace.bot.id:
        raise SlackError("cant_update_message")
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


def _content(args: Json) -> Json:
    """text, blocks, attachments and metadata of a message that Slack would take."""
    text, blocks = args.get("text", ""), args.get("blocks", [])
    if "markdown_text" in args:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        text = args["markdown_text"]
    attachments = args.get("attachments", [])
    if len(blocks) > MOST_BLOCKS:
        raise _invalid_blocks(f"no more than {MOST_BLOCKS} items allowed [json-pointer:/blocks]")
    if not all(isinstance(block.get("type"), str) for block in blocks):
        raise _invalid_blocks("missing required field: type [json-pointer:/blocks]")
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    if not (text.strip() or blocks or attachments):
        raise SlackError("no_text")
    metadata = args.get("metadata")
    _check_metadata(metadata)
    return {"text": text, "blocks": blocks, "attachments": attachments, "metadata": metadata}


def _check_metadata(metadata: Json | None) -> None:
    """An empty object is how chat.update takes metadata away."""
    if metadata and not (
        isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    ):
        raise SlackError("invalid_metadata_schema")


def _invalid_blocks(message: str) -> SlackError:
    return SlackError(
        "invalid_blocks",
        errors=[message],
        response_metadata={"messages": [f"[ERROR] {message}"]},
    )


def _metadata_posted(context: Context, message: Message) -> Json:
    workspace = context.workspace
    return {
        "type": "message_metadata_posted",
        "app_id": workspace.app_id,
        "bot_id": workspace.bot_id,
        "user_id": workspace.bot.id,
        "team_id": workspace.team_id,
        "channel_id": message.channel,
        "metadata": message.metadata,
        "message_ts": message.ts,
        "event_ts": message.ts,
    }
