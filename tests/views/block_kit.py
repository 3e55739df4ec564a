"""What Slack would say against our messages and modals, and what the house asks for beyond that."""

import re
from collections.abc import Iterator
from typing import Any

from bot.views.modals import close_program, lesson, never_pair, support
from sandbox.block_kit import check
from sandbox.block_kit.data import texts_length
from sandbox.block_kit.refusals import LONGEST_BLOCKS

Json = dict[str, Any]

DATE = r"!date\^\d+\^\{date_long_pretty\}, \{time\}\|[^<>|]+>"
OUR_MENTION = re.compile(rf"<(?!@U\w+>|#C\w+>|{DATE})")
LONGEST_TEXT = 4000


def message_faults(message: Json) -> list[str]:
    """Of {"text", "blocks"}: the text is what notifications and screen readers say."""
    faults = [str(fault) for fault in check.message_faults(message["blocks"])]
    faults += [] if message.keys() == {"text", "blocks"} else ["a message has a text and blocks"]
    if not 1 <= len(message["text"]) <= LONGEST_TEXT:
        faults.append(f"text: {len(message['text'])} of {LONGEST_TEXT} characters")
    if texts_length(message["blocks"]) > LONGEST_BLOCKS:
        faults.append("too long in all")
    if not message["blocks"] or any(block["type"] == "input" for block in message["blocks"]):
        faults.append("a message has blocks, and no inputs")
    return faults + _strange_mentions(message["text"]) + _mrkdwn_faults(message["blocks"])


def view_faults(view: Json) -> list[str]:
    """Of a modal. A button that submits nothing would puzzle people, unless it turns a page or is
    the answer to a question."""
    faults = [str(fault) for fault in check.view_faults(view, "modal")]
    has_input = any(block["type"] == "input" for block in view["blocks"])
    answers = (
        *(lesson.CALLBACK, close_program.CALLBACK, support.PART, support.CONTACT),
        never_pair.CALLBACK,
    )
    is_clear = view.get("callback_id") in answers
    if "submit" in view and not has_input and not is_clear:
        faults.append("nothing to submit")
    return faults + _mrkdwn_faults(view["blocks"])


def home_faults(view: Json) -> list[str]:
    faults = [str(fault) for fault in check.view_faults(view, "home")]
    return faults + _mrkdwn_faults(view["blocks"])


def _mrkdwn_faults(blocks: list[Json]) -> list[str]:
    faults = []
    for text in _mrkdwn(blocks):
        faults += [] if text.get("verbatim") else ["reads mentions into what people typed"]
        faults += _strange_mentions(text["text"])
    return faults


def _mrkdwn(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _mrkdwn(inner)


def _strange_mentions(text: str) -> list[str]:
    """Only people and channels that we name ourselves may be mentioned."""
    return [f"a “<” that is not ours: {text[:40]}"] if OUR_MENTION.search(text) else []
