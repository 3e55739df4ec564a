"""files.*: Slack's external upload, and what becomes of a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.blocks import Json
from sandbox.errors import SlackError, invalid_arguments
from sandbox.state.files import File
from sandbox.state.records import Conversation
from sandbox.web_api.context import Context
from sandbox.web_api.methods import found

MOST_CHANNELS = 100


def get_upload_url_external(context: Context, args: Json) -> Json:
    file, ticket = context.workspace.files.ask(
        context.workspace.bot.id,
        args["filename"],
        args["length"],
        args.get("alt_txt", ""),
        args.get("snippet_type", ""),
    )
    return {"upload_url": context.new_upload(ticket), "file_id": file.id}


def complete_upload_external(context: Context, args: Json) -> Json:
    """Without a channel the file is there for the app alone. With one, everybody there sees it in
    a message; `blocks` are that message's, unless there is an initial comment."""
    workspace = context.workspace
    entries = [(_id(entry), entry.get("title")) for entry in args["files"]]
    if not entries:
        raise invalid_arguments("missing required field: files")
    uploaded = [workspace.files.uploaded(file, workspace.bot.id) for file, _ in entries]
    conversations = [_conversation(context, channel) for channel in _channels(args)]
    for file, (_, title) in zip(uploaded, entries, strict=True):
        file.title, file.state = str(title or file.title), "complete"
    for conversation in conversations:
        _share(context, conversation, uploaded, args)
    return {"files": [workspace.files.shape(file.id) for file in uploaded]}


def _id(entry: Json) -> str:
    file_id: Any = entry.get("id")
    if not isinstance(file_id, str):
        raise invalid_arguments("missing required field: id [json-pointer:/files/0]")
    return file_id


def _channels(args: Json) -> list[str]:
    listed = found.ids(args.get("channels", ""))
    if args.get("channel_id"):
        listed.insert(0, args["channel_id"])
    if len(listed) > MOST_CHANNELS:
        raise SlackError("channels_limit_exceeded")
    return list(dict.fromkeys(listed))


def _conversation(context: Context, channel: str) -> Conversation:
    """By id alone; Slack says `invalid_channel` to a name and to a user's id."""
    if channel not in context.workspace.conversations:
        looks_like_one = channel[:1] in ("C", "D", "G")
        raise SlackError("channel_not_found" if looks_like_one else "invalid_channel")
    conversation = context.workspace.conversation(channel, context.workspace.bot.id)
    found.check_member(context, conversation)
    if conversation.archived:
        raise SlackError("posting_to_channel_denied")
    return conversation


def _share(context: Context, conversation: Conversation, files: Sequence[File], args: Json) -> None:
    comment = args.get("initial_comment", "")
    context.workspace.post(
        conversation,
        context.workspace.bot.id,
        comment,
        blocks=None if comment else args.get("blocks"),
        files=files,
        thread_ts=args.get("thread_ts"),
    )


def info(context: Context, args: Json) -> Json:
    file = _visible(context, args["file"])
    metadata = {"next_cursor": ""}
    shape = context.workspace.files.shape(file.id) | _places(file)
    return {"file": shape, "comments": [], "response_metadata": metadata}


def unseen_images(context: Context, blocks: Sequence[Json]) -> list[str]:
    """A fault for every image of a file that is not there, or that the app does not see."""
    return [
        f"invalid slack file [json-pointer:{pointer}/slack_file]"
        for index, block in enumerate(blocks)
        for pointer, image in _images(f"/blocks/{index}", block)
        if not _shown(context, image["slack_file"])
    ]


def _images(pointer: str, block: Json) -> Iterator[tuple[str, Json]]:
    elements = enumerate(block.get("elements", ()))
    for path, one in [
        (pointer, block),
        (f"{pointer}/accessory", block.get("accessory")),
        *((f"{pointer}/elements/{index}", element) for index, element in elements),
    ]:
        if isinstance(one, dict) and "slack_file" in one:
            yield path, one


def _shown(context: Context, reference: Json) -> bool:
    """By id, or by the address of its bytes."""
    files = context.workspace.files
    file_id = reference.get("id") or files.id_of(str(reference.get("url")))
    try:
        _visible(context, file_id)
    except SlackError:
        return False
    return True


def delete(context: Context, args: Json) -> Json:
    workspace = context.workspace
    file = workspace.files.find(args["file"])
    if not workspace.sees_file(workspace.bot.id, file):
        raise SlackError("file_not_found")
    if file.owner != workspace.bot.id:
        raise SlackError("cant_delete_file")
    workspace.files.delete(file)
    return {}


def _visible(context: Context, file_id: str) -> File:
    file = context.workspace.files.find(file_id)
    if not context.workspace.sees_file(context.workspace.bot.id, file):
        raise SlackError("not_visible")
    return file


def _places(file: File) -> Json:
    direct = [channel for channel in file.shares if channel.startswith("D")]
    channels = [channel for channel in file.shares if not channel.startswith("D")]
    return {"channels": channels, "ims": direct, "groups": []}
