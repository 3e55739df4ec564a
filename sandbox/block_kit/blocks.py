"""Layout blocks, and on which surface each may stand.

Limits from docs.slack.dev/reference/block-kit/blocks, surfaces from docs.slack.dev/blocks.json and
the elements' pages. Where Slack is known to refuse what its page allows (cards in modals, tables in
Homes, `file` anywhere), so does this.
"""

from typing import Literal

from sandbox.block_kit import elements
from sandbox.block_kit.composition import SLACK_FILE, TYPE, URL, mrkdwn, plain, text
from sandbox.block_kit.data import CHART, DATA_TABLE, ID, TABLE
from sandbox.block_kit.elements import BUTTON, CHOICES, DATETIME, IMAGE, PRESSED, SELECTS, TYPED
from sandbox.block_kit.rich_text import RICH_TEXT
from sandbox.block_kit.rules import (
    Fault,
    Faults,
    Json,
    Rule,
    array,
    boolean,
    choice,
    distinct,
    fields,
    formed,
    kinds,
    one_of_keys,
    string,
    without,
)

Surface = Literal["message", "modal", "home"]

MESSAGES_ONLY = {
    "context_actions",
    "data_table",
    "markdown",
    "plan",
    "table",
    "task_card",
    "workflow_button",
}
MODALS_ONLY = {"alert", "email_text_input", "file_input", "number_input", "url_text_input"}
NOT_ON: dict[Surface, set[str]] = {
    "message": {*MODALS_ONLY, "rich_text_input"},
    "modal": {*MESSAGES_ONLY, "card", "carousel", "container", "data_visualization"},
    "home": {*MESSAGES_ONLY, *MODALS_ONLY, "datetimepicker"},
}


def _block(required: dict[str, Rule], optional: dict[str, Rule], *more: Rule) -> Rule:
    return fields({**TYPE, **required}, {**ID, **optional}, *more)


def _text_or_fields(value: Json, at: str, faults: Faults) -> None:
    if "text" not in value and "fields" not in value:
        faults.append(Fault(f"{at}/type", "must define either `text` or `fields`"))


def _file_without_dispatch(value: Json, at: str, faults: Faults) -> None:
    if value.get("dispatch_action") and value["element"]["type"] == "file_input":
        faults.append(Fault(f"{at}/element/type", "unsupported type: file_input"))


def _some_content(value: Json, at: str, faults: Faults) -> None:
    wanted = ("hero_image", "title", "actions", "body")
    if not any(name in value for name in wanted):
        listed = ", ".join(f"`{name}`" for name in wanted)
        faults.append(Fault(at, f"must define at least one of {listed}"))


def _one_kind_of_header(value: Json, at: str, faults: Faults) -> None:
    if value.get("is_collapsible") and value.get("has_header_divider"):
        faults.append(Fault(f"{at}/has_header_divider", "must not be set on a collapsible one"))


def _https(value: str) -> None:
    if not value.startswith("https://"):
        raise ValueError


HTTPS = formed("an https address", _https)
ICON = fields({"type": choice("icon"), "name": string()}, {})
SOURCE = kinds({"url": fields({**TYPE, "url": URL, "text": string()}, {})})
TASK = {
    "task_id": string(),
    "title": string(),
    "status": choice("pending", "in_progress", "complete", "error"),
}
TASK_DETAILS: dict[str, Rule] = {
    "details": RICH_TEXT,
    "output": RICH_TEXT,
    "sources": array(SOURCE),
}
CONTEXT_ELEMENTS = {
    "image": IMAGE,
    "plain_text": plain(3_000),
    "mrkdwn": mrkdwn(3_000),
}
ACTIONS = {**PRESSED, **CHOICES, **DATETIME, **SELECTS, **elements.RICH_TEXT_INPUT}
ACCESSORIES = {**PRESSED, **CHOICES, **SELECTS, "image": IMAGE}
INPUTS = {**CHOICES, **DATETIME, **SELECTS, **TYPED, **elements.RICH_TEXT_INPUT}
CARD = _block(
    {},
    {
        "hero_image": IMAGE,
        "icon": IMAGE,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": array(kinds({"button": BUTTON}), 3),
        "slack_icon": ICON,
    },
    _some_content,
    distinct("actions", "action_id"),
)

# The same on every surface that takes them.
SIMPLE: dict[str, Rule] = {
    "alert": _block(
        {"text": text(200)},
        {"level": choice("default", "info", "warning", "error", "success")},
    ),
    "card": CARD,
    "carousel": _block({"elements": array(kinds({"card": CARD}), 10)}, {}),
    "context": _block({"elements": array(kinds(CONTEXT_ELEMENTS), 10)}, {}),
    "context_actions": _block(
        {"elements": array(kinds(elements.CONTEXT_ACTIONS), 5)},
        {},
        distinct("elements", "action_id"),
    ),
    "data_table": DATA_TABLE,
    "data_visualization": CHART,
    "divider": _block({}, {}),
    "header": _block({"text": plain(150)}, {}),
    "image": _block(
        {"alt_text": string(2_000)},
        {"image_url": URL, "slack_file": SLACK_FILE, "title": plain(2_000)},
        one_of_keys("image_url", "slack_file"),
    ),
    "markdown": _block({"text": string(12_000)}, {}),
    "plan": _block(
        {"title": string()}, {"tasks": array(fields(TASK, {**TYPE, **ID, **TASK_DETAILS}))}
    ),
    "rich_text": RICH_TEXT,
    "table": TABLE,
    "task_card": _block(TASK, TASK_DETAILS),
    "video": _block(
        {"alt_text": string(200), "title": plain(199), "thumbnail_url": URL, "video_url": HTTPS},
        {
            "title_url": HTTPS,
            "author_name": string(49),
            "provider_name": string(50),
            "provider_icon_url": URL,
            "description": plain(200),
        },
    ),
}


def _with_elements(surface: Surface) -> dict[str, Rule]:
    """The blocks whose elements depend on the surface."""
    unwanted = NOT_ON[surface]
    inputs = {**INPUTS, **(elements.SELECTS_WITH_RESPONSE_URL if surface == "modal" else {})}
    return {
        "actions": _block(
            {"elements": array(kinds(without(ACTIONS, unwanted)), 25)},
            {},
            distinct("elements", "action_id"),
        ),
        "input": _block(
            {"label": plain(2_000), "element": kinds(without(inputs, unwanted))},
            {"hint": plain(2_000), "optional": boolean, "dispatch_action": boolean},
            _file_without_dispatch,
        ),
        "section": _block(
            {},
            {
                "text": text(3_000),
                "fields": array(text(2_000), 10),
                "accessory": kinds(without(ACCESSORIES, unwanted)),
                "expand": boolean,
            },
            _text_or_fields,
        ),
    }


def _container(inner: dict[str, Rule]) -> Rule:
    return _block(
        {"child_blocks": array(kinds(inner), 10)},
        {
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": text(150),
            "width": choice("narrow", "standard", "wide", "full"),
            "icon": IMAGE,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        one_of_keys("title", "rich_text_title"),
        _one_kind_of_header,
    )


def _kinds_on(surface: Surface) -> dict[str, Rule]:
    inner = without({**SIMPLE, **_with_elements(surface)}, NOT_ON[surface])
    return without({**inner, "container": _container(inner)}, NOT_ON[surface])


BLOCKS: dict[Surface, dict[str, Rule]] = {
    "message": _kinds_on("message"),
    "modal": _kinds_on("modal"),
    "home": _kinds_on("home"),
}
