"""Composition objects: texts, options, confirmation dialogs, filters, files.

Limits from docs.slack.dev/reference/block-kit/composition-objects.
"""

from functools import cache
from typing import Any

from sandbox.block_kit.rules import (
    Fault,
    Faults,
    Json,
    Rule,
    any_schema,
    array,
    boolean,
    choice,
    fields,
    integer,
    kinds,
    number,
    one_of_keys,
    string,
    without,
)

TYPE = {"type": string()}
STYLE = choice("primary", "danger")


def address(*beginnings: str) -> Rule:
    """No javascript: or the like: what a person presses may open it."""

    def check(value: Any, at: str, faults: Faults) -> None:
        before = len(faults)
        string(3_000)(value, at, faults)
        if len(faults) == before and not value.lower().startswith(beginnings):
            faults.append(Fault(at, f"must begin with {' or '.join(beginnings)}"))

    return check


URL = address("http://", "https://")
LINK = address("http://", "https://", "mailto:")


@cache
def _texts(longest: int) -> dict[str, Rule]:
    words = {**TYPE, "text": string(longest)}
    return {
        "plain_text": fields(words, {"emoji": boolean}),
        "mrkdwn": fields(words, {"verbatim": boolean}),
    }


def plain(longest: int) -> Rule:
    return kinds(without(_texts(longest), ["mrkdwn"]))


def mrkdwn(longest: int) -> Rule:
    return kinds(without(_texts(longest), ["plain_text"]))


def text(longest: int) -> Rule:
    """Plain text or mrkdwn."""
    return any_schema(kinds(_texts(longest)))


RAW_TEXT = fields({**TYPE, "text": string()}, {})
RAW_NUMBER = fields({**TYPE, "value": number}, {"text": string()})

CONFIRM = fields(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": STYLE},
)


def option(words: Rule, *, url: bool = False) -> Rule:
    """`words` is the rule for its texts: mrkdwn only beside a box or a radio button."""
    links = {"url": URL} if url else {}
    return fields({"text": words, "value": string(150)}, {"description": words, **links})


MENU_OPTION = option(plain(75))
BOX_OPTION = option(text(75))
OVERFLOW_OPTION = option(plain(75), url=True)
OPTION_GROUP = fields({"label": plain(75), "options": array(MENU_OPTION, 100)}, {})


def presets_exist(value: Json, at: str, faults: Faults) -> None:
    """What is chosen beforehand has to be, exactly, among the options."""
    groups = value.get("option_groups", [])
    options = value.get("options", []) + [one for group in groups for one in group["options"]]
    if "initial_option" in value and value["initial_option"] not in options:
        faults.append(Fault(f"{at}/initial_option", "must be one of the provided options"))
    for place, preset in enumerate(value.get("initial_options", [])):
        if preset not in options:
            pointer = f"{at}/initial_options/{place}"
            faults.append(Fault(pointer, "must be one of the provided options"))


def _some_filter(value: Json, at: str, faults: Faults) -> None:
    if not value:
        faults.append(Fault(at, "must define at least one filter"))


FILTER = fields(
    {},
    {
        "include": array(choice("im", "mpim", "private", "public")),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    _some_filter,
)

DISPATCH_CONFIG = fields(
    {"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 2)}, {}
)

SLACK_FILE = fields({}, {"id": string(), "url": URL}, one_of_keys("id", "url"))

WORKFLOW = fields(
    {
        "trigger": fields(
            {"url": URL},
            {
                "customizable_input_parameters": array(
                    fields({"name": string(), "value": string(shortest=0)}, {})
                )
            },
        )
    },
    {},
)

VISIBLE_TO = array(string(), 10)
MAX_SELECTED = integer(1)
