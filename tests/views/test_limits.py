"""Slack takes every payload, whatever people have written into the forms."""

import copy
from collections.abc import Callable

import pytest

from bot.views import messages
from prompts.library import Library
from tests.views.block_kit import home_faults, message_faults, view_faults
from tests.views.cases import STYLES, Payload, Set, Style, message_cases, view_cases
from tests.views.home_cases import home_cases

by_style = pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)


class TestMessages:
    @by_style
    def test_are_within_slacks_limits(self, english: Library, style: Style) -> None:
        cases = message_cases(english, style)
        faults = {name: message_faults(case) for name, case in cases.items()}
        assert {name: found for name, found in faults.items() if found} == {}

    def test_hold_every_prompt_there_is(self, english: Library) -> None:
        given = Set(english, STYLES[0])
        pair, two = given.pair(), given.two
        said = [
            *(messages.nudge(english, pair, 52, prompt, two) for prompt in english.nudges),
            *(messages.question(english, question, two) for question in english.questions),
            *(messages.reminder(english, prompt) for prompt in english.reminders),
        ]
        for one in said:
            assert message_faults({"text": one.text, "blocks": list(one.blocks)}) == [], one.text


class TestViews:
    @by_style
    def test_are_within_slacks_limits(self, english: Library, style: Style) -> None:
        cases = view_cases(english, style)
        faults = {name: view_faults(case) for name, case in cases.items()}
        assert {name: found for name, found in faults.items() if found} == {}


class TestHomes:
    @by_style
    def test_are_within_slacks_limits(self, english: Library, style: Style) -> None:
        cases = home_cases(english, style)
        faults = {name: home_faults(case) for name, case in cases.items()}
        assert {name: found for name, found in faults.items() if found} == {}


def with_text(*path: str | int, text: str) -> Callable[[Payload], None]:
    """A change that puts another text at this place of a payload."""

    def change(payload: Payload) -> None:
        found = payload
        for step in path[:-1]:
            found = found[step]
        found[path[-1]] = text

    return change


def checkboxes(form: Payload) -> Payload:
    """The first of them in a form."""
    elements: list[Payload] = [block["element"] for block in form["blocks"] if "element" in block]
    return next(element for element in elements if element["type"] == "checkboxes")


BROKEN_MESSAGES: dict[str, Callable[[Payload], object]] = {
    "51 blocks": lambda one: one["blocks"].extend(one["blocks"][:1] * 51),
    "no text": with_text("text", text=""),
    "a broadcast in the text": with_text("text", text="<!channel>"),
    "a long header": with_text("blocks", 0, "text", "text", text="W" * 151),
    "a header in mrkdwn": with_text("blocks", 0, "text", "type", text="mrkdwn"),
    "a long section": with_text("blocks", 1, "text", "text", text="W" * 3001),
    "an empty section": with_text("blocks", 1, "text", "text", text=""),
    "a broadcast in a section": with_text("blocks", 1, "text", "text", text="<!here>"),
    "a misspelt key": with_text("blocks", 1, "blockid", text="x"),
    "a long button": with_text("blocks", 2, "elements", 0, "text", "text", text="W" * 76),
    "two equal action_ids": with_text("blocks", 2, "elements", 0, "action_id", text="set_goal"),
    "mentions read into the text": lambda one: one["blocks"][1]["text"].pop("verbatim"),
}

BROKEN_VIEWS: dict[str, Callable[[Payload], object]] = {
    "a long title": with_text("title", "text", text="W" * 25),
    "no title": lambda one: one.pop("title"),
    "inputs and no submit": lambda one: one.pop("submit"),
    "long metadata": with_text("private_metadata", text="1" * 3001),
    "two equal block_ids": with_text("blocks", 1, "block_id", text="purpose"),
    "a long option": with_text("blocks", 3, "element", "options", 0, "text", "text", text="W" * 76),
    "eleven checkboxes": lambda one: checkboxes(one)["options"].extend(
        {"text": {"type": "plain_text", "text": str(n)}, "value": str(n)} for n in range(10)
    ),
    "a long placeholder": with_text("blocks", 1, "element", "placeholder", "text", text="W" * 151),
    "chosen beforehand and not there": lambda one: one["blocks"][16]["element"].update(
        initial_option={"text": {"type": "plain_text", "text": "Yearly"}, "value": "yearly"}
    ),
}


class TestTheRulesThemselves:
    """A rule that finds nothing proves nothing: each is shown something it must find."""

    @pytest.mark.parametrize("fault", BROKEN_MESSAGES)
    def test_find_a_bad_message(self, english: Library, fault: str) -> None:
        nudge = copy.deepcopy(message_cases(english)["nudge"])
        BROKEN_MESSAGES[fault](nudge)
        assert message_faults(nudge) != []

    @pytest.mark.parametrize("fault", BROKEN_VIEWS)
    def test_find_a_bad_view(self, english: Library, fault: str) -> None:
        form = copy.deepcopy(view_cases(english)["form_program_from_retention"])
        BROKEN_VIEWS[fault](form)
        assert view_faults(form) != []
