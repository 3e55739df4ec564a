"""How Slack refuses a message or view that does not pass."""

from typing import Any

from sandbox.block_kit.attachments import ATTACHMENT
from sandbox.block_kit.blocks import Surface
from sandbox.block_kit.check import message_faults, tables, view_faults
from sandbox.block_kit.data import texts_length
from sandbox.block_kit.rules import Faults, Json
from sandbox.errors import SlackError

LONGEST_BLOCKS = 13_200
"""Undocumented; reported for chat.postMessage in slackapi/bolt-js issue 2509, for all texts."""


def check_message(blocks: Any, attachments: Any) -> None:
    """Raises invalid_blocks or invalid_attachments, with all that is wrong."""
    if faults := message_faults(blocks):
        raise _refusal("invalid_blocks", faults)
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise SlackError("invalid_attachments")
    found = tables(blocks)
    for place, attachment in enumerate(attachments):
        at = f"/attachments/{place}"
        faults = []
        ATTACHMENT(attachment, at, faults)
        inner = attachment.get("blocks", [])
        if faults := faults or message_faults(inner, f"{at}/blocks"):
            raise _refusal("invalid_attachments", faults)
        found += tables(inner, f"{at}/blocks")
    if len(found) > 1:
        raise SlackError("invalid_attachments", errors=["only_one_table_allowed"])


def check_length(blocks: list[Json]) -> None:
    if texts_length(blocks) > LONGEST_BLOCKS:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any, surface: Surface) -> None:
    """Raises invalid_arguments with all that is wrong."""
    if faults := view_faults(view, surface):
        raise SlackError("invalid_arguments", response_metadata=_messages(faults))


def _refusal(code: str, faults: Faults) -> SlackError:
    return SlackError(
        code, errors=[str(fault) for fault in faults], response_metadata=_messages(faults)
    )


def _messages(faults: Faults) -> Json:
    return {"messages": [f"[ERROR] {fault}" for fault in faults]}
