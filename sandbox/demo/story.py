"""What happened in a conversation, to be read: Markdown, with names for ids."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sandbox.blocks import Json
from sandbox.state.records import Message
from sandbox.state.workspace import Workspace

MENTION = re.compile(r"<@(\w+)>")
CHANNEL = re.compile(r"<#(\w+)(?:\|[^>]*)?>")
BOLD = re.compile(r"(?<![\w*])\*(?! )([^*\n]+?)(?<! )\*(?![\w*])")
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def conversation(workspace: Workspace, channel: str) -> str:
    """Every message of a conversation, the oldest first; it says which only one person saw."""
    messages = workspace.conversations[channel].messages.values()
    return "\n\n".join(_message(workspace, message) for message in messages)


def of_a_pair(workspace: Workspace, admin_channel: str, pair_channel: str | None) -> str:
    """The admin channel, and one pair's."""
    channels = [admin_channel, *([pair_channel] if pair_channel else [])]
    return "\n\n".join(
        f"# #{workspace.conversations[channel].name}\n\n{conversation(workspace, channel)}"
        for channel in channels
    )


def as_markdown(workspace: Workspace, blocks: Sequence[Json], text: str = "") -> str:
    """Blocks as Markdown; the plain text where there are none."""
    lines = [line for block in blocks for line in _lines(block)] or [text]
    return _with_names(workspace, "\n\n".join(lines))


def _message(workspace: Workspace, message: Message) -> str:
    only = f", only {_name(workspace, message.visible_to)} sees this" if message.visible_to else ""
    heading = f"**{_name(workspace, message.user)}**, {_when(message.ts)}{only}"
    return f"{heading}\n\n{as_markdown(workspace, message.blocks, message.text)}"


def _lines(block: Json) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield f"## {block['text']['text']}"
        case "section" if "fields" in block:
            fields = (field["text"].partition("\n") for field in block["fields"])
            yield "\n".join(f"- {_bold(label)}: {value}" for label, _, value in fields)
        case "section":
            yield _bold(block["text"]["text"]).strip().replace("\n", "  \n")  # a line stays a line
        case "context":
            yield from (f"_{_bold(element['text']).strip()}_" for element in block["elements"])
        case "data_visualization" if block["chart"]["type"] == "bar":
            yield f"{block['title']}:"
            yield "\n".join(
                f"- {point['label']}: {point['value']}"
                for series in block["chart"]["series"]
                for point in series["data"]
            )
        case "actions":
            yield " ".join(f"`[{element['text']['text']}]`" for element in block["elements"])


def _bold(mrkdwn: str) -> str:
    return BOLD.sub(r"**\1**", mrkdwn)


def _with_names(workspace: Workspace, text: str) -> str:
    text = MENTION.sub(lambda found: f"@{_name(workspace, found[1])}", text)
    text = CHANNEL.sub(lambda found: f"#{workspace.conversations[found[1]].name}", text)
    for entity, sign in ENTITIES:
        text = text.replace(entity, sign)
    return text


def _name(workspace: Workspace, user_id: str) -> str:
    return workspace.users[user_id].real_name


def _when(ts: str) -> str:
    return f"{datetime.fromtimestamp(float(ts), UTC):%A %-d %B, %H:%M} UTC"
