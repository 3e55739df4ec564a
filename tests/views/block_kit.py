"""Slack's limits on Block Kit, as a table of our own beside what slack_sdk checks."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = dict[str, Any]

KEYS = {
    "header": {"text"},
    "section": {"text", "fields"},
    "context": {"elements"},
    "actions": {"elements"},
    "input": {"label", "element", "hint", "optional"},
    "button": {"text", "value", "style", "confirm"},
    "plain_text_input": {"max_length", "multiline", "placeholder"},
    "number_input": {"is_decimal_allowed", "initial_value", "min_value", "max_value"},
    "datepicker": {"initial_date"},
    "static_select": {"options", "initial_option"},
    "checkboxes": {"options", "initial_options"},
    "conversations_select": {"filter", "initial_conversation"},
    "multi_users_select": set(),
    "plain_text": {"text"},
    "mrkdwn": {"text", "verbatim"},
    "confirm": {"title", "text", "confirm", "deny"},
    "modal": {"callback_id", "title", "submit", "close", "private_metadata", "blocks"},
}
"""What we use of Block Kit: a key that is not here is misspelt, or wants a rule below."""

BLOCKS = {"header", "section", "context", "actions", "input"}
MOST_OPTIONS = {"checkboxes": 10, "static_select": 100}
OUR_MENTION = re.compile(r"<(?!@U\w+>|#C\w+>)")
LONGEST_TEXT = 4000


def message_faults(message: Json) -> list[str]:
    """What Slack would not take of {"text", "blocks"}, each with where it is."""
    faults = [] if message.keys() == {"text", "blocks"} else ["a message has a text and blocks"]
    faults += _size("text", message["text"], LONGEST_TEXT)
    faults += _strange_mentions("text", message["text"])
    faults += _blocks(message["blocks"], 50)
    if any(block["type"] == "input" for block in message["blocks"]):
        faults.append("an input in a message")
    return faults


def view_faults(view: Json) -> list[str]:
    """What Slack would not take of a modal."""
    faults = _keys("view", view, "modal")
    for name in ("title", "submit", "close"):
        if name in view:
            faults += _plain(name, view[name], 24)
    faults += [] if "title" in view else ["a modal without a title"]
    faults += _size("private_metadata", view.get("private_metadata", "-") or "-", 3000)
    faults += _size("callback_id", view.get("callback_id", "-"), 255)
    faults += _blocks(view["blocks"], 100)
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if has_input != ("submit" in view):
        faults.append("an input needs submit, and submit an input")
    try:
        View(**view).validate_json()
    except SlackObjectFormationError as error:
        faults.append(f"slack_sdk: {error}")
    return faults


def _blocks(blocks: list[Json], most: int) -> list[str]:
    faults = [] if 1 <= len(blocks) <= most else [f"{len(blocks)} blocks"]
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    faults += [f"block_id {name} comes {count} times" for name, count in ids.items() if count > 1]
    for at, block in enumerate(blocks):
        faults += _block(f"blocks/{at}", block)
    if len(json.dumps(blocks)) > 200_000:
        faults.append("too large in all")
    return faults


def _block(at: str, block: Json) -> list[str]:
    kind = block["type"]
    if kind not in BLOCKS:
        return [f"{at}: no block we use is called {kind}"]
    faults = _keys(at, block, kind, "block_id") + _size(at, block.get("block_id", "-"), 255)
    match kind:
        case "header":
            faults += _plain(at, block["text"], 150)
        case "section":
            faults += _section(at, block)
        case "context":
            faults += _count(at, block["elements"], 10)
            for text in block["elements"]:
                faults += _mrkdwn(at, text, 3000)
        case "actions":
            faults += _actions(at, block["elements"])
        case "input":
            faults += _plain(f"{at}/label", block["label"], 2000)
            faults += _plain(f"{at}/hint", block["hint"], 2000) if "hint" in block else []
            faults += _element(f"{at}/element", block["element"])
    return faults + list(_of_the_sdk(at, block))


def _section(at: str, block: Json) -> list[str]:
    faults = [] if ("text" in block) != ("fields" in block) else [f"{at}: a text or fields"]
    if "text" in block:
        faults += _mrkdwn(at, block["text"], 3000)
    if "fields" in block:
        faults += _count(at, block["fields"], 10)
        for text in block["fields"]:
            faults += _mrkdwn(f"{at}/fields", text, 2000)
    return faults


def _actions(at: str, buttons: list[Json]) -> list[str]:
    faults = _count(at, buttons, 25)
    if len({button["action_id"] for button in buttons}) < len(buttons):
        faults.append(f"{at}: two elements with one action_id")
    for button in buttons:
        faults += _keys(at, button, "button", "action_id")
        faults += _plain(at, button["text"], 75)
        faults += _size(f"{at}/value", button["value"], 2000)
        faults += _size(f"{at}/action_id", button["action_id"], 255)
        if button.get("style", "primary") not in ("primary", "danger"):
            faults.append(f"{at}: no such style")
        faults += _confirm(f"{at}/confirm", button["confirm"]) if "confirm" in button else []
    return faults


def _confirm(at: str, dialog: Json) -> list[str]:
    faults = _keys(at, {"type": "", **dialog}, "confirm")
    for name, longest in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        faults += _plain(f"{at}/{name}", dialog[name], longest)
    return faults


def _element(at: str, element: Json) -> list[str]:
    kind = element["type"]
    faults = _keys(at, element, kind, "action_id") + _size(at, element["action_id"], 255)
    if "placeholder" in element:
        faults += _plain(f"{at}/placeholder", element["placeholder"], 150)
    if not 1 <= element.get("max_length", 1) <= 3000:
        faults.append(f"{at}: max_length from 1 to 3,000")
    if "options" in element:
        faults += _options(at, element, MOST_OPTIONS[kind])
    return faults


def _options(at: str, element: Json, most: int) -> list[str]:
    options = element["options"]
    faults = _count(f"{at}/options", options, most)
    if len({option["value"] for option in options}) < len(options):
        faults.append(f"{at}: two options with one value")
    for option in options:
        faults += _plain(f"{at}/options", option["text"], 75)
        faults += _size(f"{at}/options", option["value"], 150)
    preset = element.get("initial_options", [element.get("initial_option", options[0])])
    if not preset or any(option not in options for option in preset):
        faults.append(f"{at}: what is chosen beforehand is not among the options")
    return faults


def _plain(at: str, text: Json, longest: int) -> list[str]:
    faults = _keys(at, text, "plain_text") + _size(at, text["text"], longest)
    return faults + ([] if text["type"] == "plain_text" else [f"{at}: has to be plain_text"])


def _mrkdwn(at: str, text: Json, longest: int) -> list[str]:
    faults = _keys(at, text, "mrkdwn") + _size(at, text["text"], longest)
    faults += [] if text.get("verbatim") else [f"{at}: reads mentions into what people typed"]
    return faults + _strange_mentions(at, text["text"])


def _strange_mentions(at: str, text: str) -> list[str]:
    """Only people and channels that we name ourselves may be mentioned."""
    return [f"{at}: a “<” that is not ours"] if OUR_MENTION.search(text) else []


def _size(at: str, text: str, longest: int) -> list[str]:
    return [] if 1 <= len(text) <= longest else [f"{at}: {len(text)} of {longest} characters"]


def _count(at: str, things: list[Json], most: int) -> list[str]:
    return [] if 1 <= len(things) <= most else [f"{at}: {len(things)} of {most} elements"]


def _keys(at: str, thing: Mapping[str, Any], kind: str, *more: str) -> list[str]:
    if kind not in KEYS:
        return [f"{at}: we use no {kind}"]
    unknown = thing.keys() - KEYS[kind] - {"type", *more}
    return [f"{at}: unknown {name}" for name in sorted(unknown)]


def _of_the_sdk(at: str, block: Json) -> Iterator[str]:
    try:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
    except SlackObjectFormationError as error:
        yield f"{at}: slack_sdk: {error}"
