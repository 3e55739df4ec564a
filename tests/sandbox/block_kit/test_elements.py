"""Block elements: each limit kept and exceeded by one, and what is wrong."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.block_kit.blocks import ACCESSORIES, ACTIONS, INPUTS
from tests.sandbox.block_kit.samples import (
    actions,
    button,
    confirm,
    faults,
    field,
    image,
    mrkdwn,
    option,
    options,
    plain,
    rich_text,
    section,
)

Build = Callable[[int], dict[str, Any]]


def menu(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "options": options(2)} | more


def box(**more: Any) -> dict[str, Any]:
    return {"type": "checkboxes", "options": options(2)} | more


def text_input(**more: Any) -> dict[str, Any]:
    return {"type": "plain_text_input"} | more


def number(**more: Any) -> dict[str, Any]:
    return {"type": "number_input", "is_decimal_allowed": True} | more


def group(count: int = 1, label: str = "Label") -> dict[str, Any]:
    return {"label": plain(label), "options": options(count)}


def rich_input(**more: Any) -> dict[str, Any]:
    return {"type": "rich_text_input"} | more


PRESSED: dict[str, tuple[Build, int, str]] = {
    "button text": (lambda n: button(text="W" * n), 75, "/text/text"),
    "button value": (lambda n: button(value="W" * n), 2_000, "/value"),
    "button url": (lambda n: button(url="https://a/".ljust(n, "W")), 3_000, "/url"),
    "button label": (lambda n: button(accessibility_label="W" * n), 75, "/accessibility_label"),
    "action_id": (lambda n: button("W" * n), 255, "/action_id"),
    "overflow": (lambda n: {"type": "overflow", "options": options(n)}, 5, "/options"),
    "confirm title": (
        lambda n: button(confirm=confirm(title=plain("W" * n))),
        100,
        "/confirm/title/text",
    ),
    "confirm text": (
        lambda n: button(confirm=confirm(text=mrkdwn("W" * n))),
        300,
        "/confirm/text/text",
    ),
    "confirm yes": (
        lambda n: button(confirm=confirm(confirm=plain("W" * n))),
        30,
        "/confirm/confirm/text",
    ),
    "confirm no": (
        lambda n: button(confirm=confirm(deny=plain("W" * n))),
        30,
        "/confirm/deny/text",
    ),
}

FILLED: dict[str, tuple[Build, int, str]] = {
    "options": (lambda n: menu(options=options(n)), 100, "/options"),
    "option groups": (
        lambda n: {"type": "static_select", "option_groups": [group()] * n},
        100,
        "/option_groups",
    ),
    "options of a group": (
        lambda n: {"type": "static_select", "option_groups": [group(n)]},
        100,
        "/option_groups/0/options",
    ),
    "label of a group": (
        lambda n: {"type": "static_select", "option_groups": [group(1, "W" * n)]},
        75,
        "/option_groups/0/label/text",
    ),
    "option text": (
        lambda n: menu(options=[option(text="W" * n)]),
        75,
        "/options/0/text/text",
    ),
    "option value": (
        lambda n: menu(options=[option("W" * n)]),
        150,
        "/options/0/value",
    ),
    "option description": (
        lambda n: menu(options=[option(description=plain("W" * n))]),
        75,
        "/options/0/description/text",
    ),
    "placeholder": (lambda n: menu(placeholder=plain("W" * n)), 150, "/placeholder/text"),
    "checkboxes": (lambda n: box(options=options(n)), 10, "/options"),
    "box text": (
        lambda n: box(options=[option() | {"text": mrkdwn("W" * n)}]),
        75,
        "/options/0/text/text",
    ),
    "radio buttons": (
        lambda n: {"type": "radio_buttons", "options": options(n)},
        10,
        "/options",
    ),
    "max_length": (lambda n: text_input(max_length=n), 3_000, "/max_length"),
    "initial text": (lambda n: text_input(initial_value="W" * n), 3_000, "/initial_value"),
    "initial text within max_length": (
        lambda n: text_input(initial_value="W" * n, max_length=7),
        7,
        "/initial_value",
    ),
    "min_length within max_length": (
        lambda n: text_input(min_length=n, max_length=7),
        7,
        "/min_length",
    ),
    "max_files": (lambda n: {"type": "file_input", "max_files": n}, 10, "/max_files"),
    "lines": (lambda n: rich_input(max_lines=n), 100, "/max_lines"),
    "lines in order": (lambda n: rich_input(min_lines=n, max_lines=3), 3, "/min_lines"),
    "number within its bounds": (
        lambda n: number(initial_value=str(n), min_value="1", max_value="5.5"),
        5,
        "/max_value",
    ),
}

WRONG = {
    "a style": (button(style="loud"), "/style", "must be one of primary, danger"),
    "a button text in mrkdwn": (
        button() | {"text": mrkdwn()},
        "/text/type",
        "unsupported type: mrkdwn",
    ),
    "a button that cannot be pressed": (
        button(disabled=True),
        "",
        "invalid additional property: disabled",
    ),
    "an empty action_id": (button(""), "/action_id", "must be more than 0 characters"),
    "a confirmation without a no": (
        button(confirm={"title": plain(), "text": plain(), "confirm": plain()}),
        "/confirm",
        "missing required field: deny",
    ),
    "options and groups": (
        menu(option_groups=[group()]),
        "",
        "must define either `options` or `option_groups`",
    ),
    "a menu of nothing": (menu(options=[]), "/options", "no fewer than 1 items allowed"),
    "a menu's option in mrkdwn": (
        menu(options=[option() | {"text": mrkdwn()}]),
        "/options/0/text/type",
        "unsupported type: mrkdwn",
    ),
    "a link in a menu": (
        menu(options=[option(url="https://a")]),
        "/options/0",
        "invalid additional property: url",
    ),
    "chosen beforehand, nearly the same": (
        menu(initial_option=option("0", "B")),
        "/initial_option",
        "must be one of the provided options",
    ),
    "several chosen beforehand, one not there": (
        box(initial_options=[option("0"), option("9")]),
        "/initial_options/1",
        "must be one of the provided options",
    ),
    "no date": (
        {"type": "datepicker", "initial_date": "2026-02-30"},
        "/initial_date",
        "must be a date like 2026-01-31",
    ),
    "a date in another form": (
        {"type": "datepicker", "initial_date": "20260131"},
        "/initial_date",
        "must be a date like 2026-01-31",
    ),
    "no time": (
        {"type": "timepicker", "initial_time": "9:30"},
        "/initial_time",
        "must be a time like 09:30",
    ),
    "a moment in milliseconds": (
        {"type": "datetimepicker", "initial_date_time": 1_760_000_000_000},
        "/initial_date_time",
        "must be at least 1000000000 and at most 9999999999",
    ),
    "nobody may be chosen": (
        {"type": "multi_users_select", "max_selected_items": 0},
        "/max_selected_items",
        "must be at least 1",
    ),
    "an empty filter": (
        {"type": "conversations_select", "filter": {}},
        "/filter",
        "must define at least one filter",
    ),
    "a filter for what is not there": (
        {"type": "conversations_select", "filter": {"include": ["secret"]}},
        "/filter/include/0",
        "must be one of im, mpim, private, public",
    ),
}

INPUT_WRONG = {
    "a number of letters": (number(min_value="one"), "/min_value", "must be a number"),
    "a number that is a number": (number(min_value=1), "/min_value", "must provide a string"),
    "an endless number": (number(max_value="Infinity"), "/max_value", "must be a number"),
    "whole or not": (
        {"type": "number_input"},
        "",
        "missing required field: is_decimal_allowed",
    ),
    "a length of a half": (text_input(max_length=1.5), "/max_length", "must provide an integer"),
    "a length of yes": (text_input(max_length=True), "/max_length", "must provide an integer"),
    "no length at all": (
        text_input(max_length=0),
        "/max_length",
        "must be at least 1 and at most 3000",
    ),
    "told of something else": (
        text_input(dispatch_action_config={"trigger_actions_on": ["on_blur"]}),
        "/dispatch_action_config/trigger_actions_on/0",
        "must be one of on_enter_pressed, on_character_entered",
    ),
    "an upload": (
        {"type": "file_input", "filetypes": []},
        "/filetypes",
        "no fewer than 1 items allowed",
    ),
    "rich text that is plain": (
        rich_input(initial_value=plain()),
        "/initial_value/type",
        "unsupported type: plain_text",
    ),
}

GOOD = [
    button(value="1", url="https://a", style="danger", confirm=confirm(style="primary")),
    {"type": "workflow_button", "text": plain(), "workflow": {"trigger": {"url": "https://a"}}},
    {"type": "overflow", "options": [option(url="https://a")]},
    menu(initial_option=option("1"), placeholder=plain(), focus_on_load=True, confirm=confirm()),
    {"type": "static_select", "option_groups": [group(2)], "initial_option": option("1")},
    {"type": "multi_static_select", "options": options(2), "initial_options": options(1)},
    {"type": "external_select", "min_query_length": 3},
    {"type": "multi_external_select", "max_selected_items": 2},
    {"type": "users_select", "initial_user": "U1"},
    {"type": "multi_users_select", "initial_users": ["U1"]},
    {"type": "conversations_select", "filter": {"include": ["im"], "exclude_bot_users": True}},
    {"type": "multi_conversations_select", "default_to_current_conversation": True},
    {"type": "channels_select", "initial_channel": "C1"},
    {"type": "multi_channels_select", "initial_channels": ["C1"]},
    box(initial_options=options(1)),
    {"type": "radio_buttons", "options": options(2), "initial_option": option("1")},
    {"type": "datepicker", "initial_date": "2026-02-28", "placeholder": plain()},
    {"type": "timepicker", "initial_time": "09:30", "timezone": "Europe/Berlin"},
    {"type": "datetimepicker", "initial_date_time": 1_760_000_000},
    text_input(multiline=True, initial_value="", min_length=1, max_length=3_000),
    {"type": "email_text_input", "initial_value": "ada@example.org"},
    {"type": "url_text_input", "placeholder": plain()},
    number(initial_value="2.5", min_value="-1", max_value="3"),
    rich_input(initial_value=rich_text(), min_lines=2, max_lines=2),
    {"type": "file_input", "filetypes": ["pdf"], "max_files": 1},
    image(),
]


class TestLimits:
    @pytest.mark.parametrize("what", PRESSED)
    def test_of_what_is_pressed(self, what: str) -> None:
        build, limit, pointer = PRESSED[what]
        assert faults(actions(build(limit))) == {}
        assert f"/elements/0{pointer}" in faults(actions(build(limit + 1)))

    @pytest.mark.parametrize("what", FILLED)
    def test_of_what_is_filled_in(self, what: str) -> None:
        build, limit, pointer = FILLED[what]
        assert faults(field(build(limit)), "modal") == {}
        assert f"/element{pointer}" in faults(field(build(limit + 1)), "modal")


class TestWrong:
    @pytest.mark.parametrize("what", WRONG)
    def test_is_found_among_the_actions(self, what: str) -> None:
        element, pointer, reason = WRONG[what]
        assert faults(actions(element))[f"/elements/0{pointer}"] == reason

    @pytest.mark.parametrize("what", INPUT_WRONG)
    def test_is_found_in_an_input(self, what: str) -> None:
        element, pointer, reason = INPUT_WRONG[what]
        assert faults(field(element), "modal")[f"/element{pointer}"] == reason


class TestGood:
    def test_is_every_element_there_is(self) -> None:
        assert {one["type"] for one in GOOD} == {*ACTIONS, *ACCESSORIES, *INPUTS}

    @pytest.mark.parametrize("element", GOOD, ids=lambda one: one["type"])
    def test_is_taken_where_it_may_stand(self, element) -> None:
        kind = element["type"]
        assert (faults(actions(element)) == {}) == (kind in ACTIONS and kind != "rich_text_input")
        assert (faults(section(accessory=element)) == {}) == (kind in ACCESSORIES)
        assert (faults(field(element), "modal") == {}) == (kind in INPUTS)


class TestAddress:
    @pytest.mark.parametrize("url", ["https://a", "HTTP://a"])
    def test_of_the_web(self, url: str) -> None:
        assert faults(actions(button(url=url))) == {}

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", " https://a", "data:text/html,x", "//a", "mailto:a@b"]
    )
    def test_no_other(self, url: str) -> None:
        found = faults(actions(button(url=url)))
        assert found == {"/elements/0/url": "must begin with http:// or https://"}
