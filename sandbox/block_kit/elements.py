"""Block elements: what people press, choose and fill, and images beside text.

Limits from docs.slack.dev/reference/block-kit/block-elements, one page each.
"""

from datetime import date, time
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from sandbox.block_kit.composition import (
    BOX_OPTION,
    CONFIRM,
    DISPATCH_CONFIG,
    FILTER,
    MAX_SELECTED,
    MENU_OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SLACK_FILE,
    STYLE,
    TYPE,
    URL,
    VISIBLE_TO,
    WORKFLOW,
    plain,
    presets_exist,
)
from sandbox.block_kit.rich_text import RICH_TEXT
from sandbox.block_kit.rules import (
    Fault,
    Faults,
    Json,
    Rule,
    array,
    boolean,
    fields,
    formed,
    integer,
    one_of_keys,
    string,
)

CONFIRMED = {"confirm": CONFIRM}
FOCUS = {"focus_on_load": boolean}
HINTED = {"placeholder": plain(150)}
DISPATCHED = {"dispatch_action_config": DISPATCH_CONFIG}
IDS = array(string())


def _element(required: dict[str, Rule], optional: dict[str, Rule], *more: Rule) -> Rule:
    return fields({**TYPE, **required}, {"action_id": string(255), **optional}, *more)


def _menu(optional: dict[str, Rule], *more: Rule) -> Rule:
    return _element({}, {**HINTED, **CONFIRMED, **FOCUS, **optional}, *more)


def _typed(required: dict[str, Rule], optional: dict[str, Rule], *more: Rule) -> Rule:
    """An input people type into."""
    return _element(required, {**HINTED, **DISPATCHED, **FOCUS, **optional}, *more)


def _date(value: str) -> None:
    """YYYY-MM-DD and nothing else: Python reads more of ISO 8601 than that."""
    if date.fromisoformat(value).isoformat() != value:
        raise ValueError


def _time(value: str) -> None:
    if time.fromisoformat(value).strftime("%H:%M") != value:
        raise ValueError


def _number(value: str) -> None:
    try:
        finite = Decimal(value).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise ValueError


NUMBER = formed("a number", _number)


def _numbers_in_order(value: Json, at: str, faults: Faults) -> None:
    order = [key for key in ("min_value", "initial_value", "max_value") if key in value]
    for lower, upper in pairwise(order):
        if Decimal(value[lower]) > Decimal(value[upper]):
            faults.append(Fault(f"{at}/{upper}", f"must not be less than `{lower}`"))


def _lengths_in_order(value: Json, at: str, faults: Faults) -> None:
    longest = value.get("max_length", 3_000)
    if value.get("min_length", 0) > longest:
        faults.append(Fault(f"{at}/min_length", "must not be more than `max_length`"))
    if len(value.get("initial_value", "")) > longest:
        faults.append(Fault(f"{at}/initial_value", f"must be less than {longest + 1} characters"))


def _lines_in_order(value: Json, at: str, faults: Faults) -> None:
    if value.get("min_lines", 1) > value.get("max_lines", 100):
        faults.append(Fault(f"{at}/min_lines", "must not be more than `max_lines`"))


LABELLED = {"accessibility_label": string(75)}
BUTTON = _element(
    {"text": plain(75)},
    {"value": string(2_000), "url": URL, "style": STYLE, **CONFIRMED, **LABELLED},
)
IMAGE = fields(
    {**TYPE, "alt_text": string(2_000)},
    {"image_url": URL, "slack_file": SLACK_FILE},
    one_of_keys("image_url", "slack_file"),
)
FEEDBACK = fields({"text": plain(75), "value": string(2_000)}, LABELLED)
STATIC = {"options": array(MENU_OPTION, 100), "option_groups": array(OPTION_GROUP, 100)}
STATIC_RULES = (one_of_keys("options", "option_groups"), presets_exist)
CONVERSATIONS = {"filter": FILTER, "default_to_current_conversation": boolean}
SEVERAL = {"max_selected_items": MAX_SELECTED}
LINES = {"min_lines": integer(1, 100), "max_lines": integer(1, 100)}

SELECTS = {
    "static_select": _menu({**STATIC, "initial_option": MENU_OPTION}, *STATIC_RULES),
    "external_select": _menu({"initial_option": MENU_OPTION, "min_query_length": integer(0)}),
    "users_select": _menu({"initial_user": string()}),
    "conversations_select": _menu({**CONVERSATIONS, "initial_conversation": string()}),
    "channels_select": _menu({"initial_channel": string()}),
    "multi_static_select": _menu(
        {**STATIC, **SEVERAL, "initial_options": array(MENU_OPTION, 100)}, *STATIC_RULES
    ),
    "multi_external_select": _menu(
        {
            **SEVERAL,
            "initial_options": array(MENU_OPTION, 100),
            "min_query_length": integer(0),
        }
    ),
    "multi_users_select": _menu({**SEVERAL, "initial_users": IDS}),
    "multi_conversations_select": _menu({**CONVERSATIONS, **SEVERAL, "initial_conversations": IDS}),
    "multi_channels_select": _menu({**SEVERAL, "initial_channels": IDS}),
}

# Only in an input of a modal may a menu say where the answer to the submission goes.
SELECTS_WITH_RESPONSE_URL = {
    "conversations_select": _menu(
        {**CONVERSATIONS, "initial_conversation": string(), "response_url_enabled": boolean}
    ),
    "channels_select": _menu({"initial_channel": string(), "response_url_enabled": boolean}),
}

CHOICES = {
    "checkboxes": _element(
        {"options": array(BOX_OPTION, 10)},
        {"initial_options": array(BOX_OPTION, 10), **CONFIRMED, **FOCUS},
        presets_exist,
    ),
    "radio_buttons": _element(
        {"options": array(BOX_OPTION, 10)},
        {"initial_option": BOX_OPTION, **CONFIRMED, **FOCUS},
        presets_exist,
    ),
    "datepicker": _menu({"initial_date": formed("a date like 2026-01-31", _date)}),
    "timepicker": _menu({"initial_time": formed("a time like 09:30", _time), "timezone": string()}),
}

DATETIME = {
    "datetimepicker": _element(
        {},
        {"initial_date_time": integer(1_000_000_000, 9_999_999_999), **CONFIRMED, **FOCUS},
    ),
}

PRESSED = {
    "button": BUTTON,
    "overflow": _element({"options": array(OVERFLOW_OPTION, 5)}, CONFIRMED),
    "workflow_button": _element(
        {"text": plain(75), "workflow": WORKFLOW}, {"style": STYLE, **CONFIRMED, **LABELLED}
    ),
}

RICH_TEXT_INPUT = {
    "rich_text_input": _typed({}, {"initial_value": RICH_TEXT, **LINES}, _lines_in_order)
}

TYPED = {
    "plain_text_input": _typed(
        {},
        {
            "initial_value": string(3_000, shortest=0),
            "multiline": boolean,
            "min_length": integer(0, 3_000),
            "max_length": integer(1, 3_000),
        },
        _lengths_in_order,
    ),
    "email_text_input": _typed({}, {"initial_value": string(shortest=0)}),
    "url_text_input": _typed({}, {"initial_value": string(shortest=0)}),
    "number_input": _typed(
        {"is_decimal_allowed": boolean},
        {"initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
        _numbers_in_order,
    ),
    "file_input": _element({}, {"filetypes": array(string()), "max_files": integer(1, 10)}),
}

CONTEXT_ACTIONS = {
    "feedback_buttons": _element({"positive_button": FEEDBACK, "negative_button": FEEDBACK}, {}),
    "icon_button": _element(
        {"icon": string(), "text": plain(75)},
        {"value": string(2_000), "visible_to_user_ids": VISIBLE_TO, **CONFIRMED, **LABELLED},
    ),
}
