"""What slack_sdk lets through and we do not, and the other way about."""

from typing import Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from sandbox.block_kit import sdk
from sandbox.block_kit.check import message_faults, view_faults
from tests.sandbox.block_kit.samples import (
    actions,
    button,
    field,
    modal,
    mrkdwn,
    option,
    options,
    plain,
    pointers,
    section,
)

LONG_FIELD = {"type": "section", "fields": [mrkdwn("W" * 2_001)]}
HEADER_IN_MRKDWN = {"type": "header", "text": mrkdwn()}
LONG_OPTION = {"type": "static_select", "options": [option(text="W" * 76)], "action_id": "a"}
BOXES = {"type": "checkboxes", "options": options(11), "action_id": "a"}

MESSAGES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "more than 50 blocks": ([section()] * 51, "/blocks"),
    "duplicate action_id": ([actions(button(), button())], "/blocks/0/elements/1/action_id"),
    "a field over 2,000": ([LONG_FIELD], "/blocks/0/fields/0/text"),
    "a header in mrkdwn": ([HEADER_IN_MRKDWN], "/blocks/0/text/type"),
    "an option text over 75": ([actions(LONG_OPTION)], "/blocks/0/elements/0/options/0/text/text"),
    "more than 10 checkboxes": ([actions(BOXES)], "/blocks/0/elements/0/options"),
    "an unknown key": ([section(colour="red")], "/blocks/0"),
}


def without(view: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in view.items() if name != key}


VIEWS = {
    "an input without submit": (
        without(modal(field({"type": "plain_text_input", "action_id": "a"})), "submit"),
        "/view/blocks/0/input",
    ),
    "no title": (without(modal(), "title"), "/view"),
}


class TestWhatTheSdkMisses:
    @pytest.mark.parametrize("what", MESSAGES)
    def test_in_a_message(self, what: str) -> None:
        blocks, pointer = MESSAGES[what]
        for block in blocks:
            parsed = Block.parse(block)
            assert parsed is not None
            parsed.to_dict()
        assert sdk.block_faults(blocks, "/blocks") == []
        assert pointer in pointers(message_faults(blocks))

    @pytest.mark.parametrize("what", VIEWS)
    def test_in_a_view(self, what: str) -> None:
        view, pointer = VIEWS[what]
        View(**view).to_dict()
        assert sdk.view_faults(view, "/view") == []
        assert pointers(view_faults(view, "modal")) == [pointer]


class TestBlockFaults:
    def test_a_block_against_the_sdks_rules(self) -> None:
        found = sdk.block_faults([section(), section("W" * 3_001)], "/blocks")
        assert pointers(found) == ["/blocks/1"]

    def test_what_is_inside_a_block(self) -> None:
        found = sdk.block_faults([actions(button(text="W" * 76))], "/blocks")
        assert pointers(found) == ["/blocks/0"]

    def test_a_block_the_sdk_does_not_know(self) -> None:
        assert sdk.block_faults([{"type": "data_visualization"}], "/blocks") == []


class TestViewFaults:
    def test_a_title_that_is_too_long(self) -> None:
        assert pointers(sdk.view_faults(modal(title=plain("W" * 25)), "/view")) == ["/view"]
