"""Ids that Slack adds, and what a person can press and fill, wherever it stands in a block."""

from itertools import count
from typing import Any

from sandbox.blocks import identified, interactive_elements

BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
CARD = {"type": "card", "actions": [BUTTON, {**BUTTON, "action_id": "mine"}]}
FIELD = {"type": "input", "element": {"type": "plain_text_input"}}
IMAGE = {"type": "section", "accessory": {"type": "image", "alt_text": "A"}}
BLOCKS: list[dict[str, Any]] = [
    {"type": "actions", "block_id": "mine", "elements": [BUTTON]},
    {"type": "carousel", "elements": [CARD]},
    {"type": "container", "child_blocks": [FIELD, IMAGE]},
    {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash"}]},
    {"type": "card"},
]


def with_ids() -> list[dict[str, Any]]:
    numbers = count(1)
    return identified(BLOCKS, lambda: f"b{next(numbers)}")


class TestIdentified:
    def test_adds_what_is_missing_and_nothing_else(self) -> None:
        actions, carousel, container, context, card = with_ids()
        assert actions["block_id"] == "mine"
        assert actions["elements"][0]["action_id"].startswith("b")
        [inner] = carousel["elements"]
        assert inner["block_id"].startswith("b")
        assert inner["actions"][0]["action_id"].startswith("b")
        assert inner["actions"][1]["action_id"] == "mine"
        field, section = container["child_blocks"]
        assert field["element"]["action_id"].startswith("b")
        assert section["accessory"] == IMAGE["accessory"]
        assert context["elements"][0]["action_id"].startswith("b")
        assert card.keys() == {"type", "block_id"}

    def test_leaves_what_was_given(self) -> None:
        with_ids()
        assert "block_id" not in BLOCKS[1]
        assert "action_id" not in BUTTON


class TestInteractiveElements:
    def test_from_the_top_down(self) -> None:
        found = [(block["type"], one["type"]) for block, one in interactive_elements(with_ids())]
        assert found == [
            ("actions", "button"),
            ("card", "button"),
            ("card", "button"),
            ("input", "plain_text_input"),
        ]
