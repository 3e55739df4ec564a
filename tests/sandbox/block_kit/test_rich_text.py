"""Rich text, which people's clients write and apps may send."""

import pytest

from sandbox.block_kit.rich_text import LEAVES
from tests.sandbox.block_kit.samples import faults, plain, rich_text

GOOD = [
    {"type": "text", "text": "A", "style": {"bold": True, "code": False}},
    {"type": "link", "url": "https://a", "text": "A"},
    {"type": "emoji", "name": "wave", "unicode": "1f44b", "skin_tone": 2},
    {"type": "user", "user_id": "U1"},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "team", "team_id": "T1"},
    {"type": "channel", "channel_id": "C1"},
    {"type": "broadcast", "range": "here"},
    {"type": "color", "value": "#ff0000"},
    {"type": "date", "timestamp": 1_760_000_000, "format": "{date_num}", "fallback": "then"},
]


def part(kind: str, *elements: dict, **more: object) -> dict:
    inner = {"type": kind, "elements": list(elements), **more}
    return {"type": "rich_text", "elements": [inner]}


ITEM = {"type": "rich_text_section", "elements": [GOOD[0]]}

WRONG = {
    "plain text": (rich_text(plain()), "/elements/0/elements/0/type"),
    "a word without text": (rich_text({"type": "text"}), "/elements/0/elements/0"),
    "an empty word": (
        rich_text({"type": "text", "text": ""}),
        "/elements/0/elements/0/text",
    ),
    "a style": (
        rich_text({"type": "text", "text": "A", "style": {"big": True}}),
        "/elements/0/elements/0/style",
    ),
    "a broadcast to all the world": (
        rich_text({"type": "broadcast", "range": "world"}),
        "/elements/0/elements/0/range",
    ),
    "a list in a list": (
        part("rich_text_list", part("rich_text_list")["elements"][0], style="bullet"),
        "/elements/0/elements/0/type",
    ),
    "a list without a style": (part("rich_text_list", ITEM), "/elements/0"),
    "a list too deep": (
        part("rich_text_list", ITEM, style="bullet", indent=9),
        "/elements/0/indent",
    ),
    "a border": (part("rich_text_quote", GOOD[0], border=2), "/elements/0/border"),
}


class TestGood:
    def test_is_every_leaf_there_is(self) -> None:
        assert {one["type"] for one in GOOD} == set(LEAVES)
        assert faults(rich_text(*GOOD)) == {}

    @pytest.mark.parametrize(
        "block",
        [
            part("rich_text_list", ITEM, style="ordered", indent=8, border=1),
            part("rich_text_quote", *GOOD),
            part("rich_text_preformatted", GOOD[0], language="python"),
            rich_text(),
        ],
    )
    def test_is_every_part_there_is(self, block) -> None:
        assert faults(block) == {}


class TestWrong:
    @pytest.mark.parametrize("what", WRONG)
    def test_is_found_where_it_is(self, what: str) -> None:
        block, pointer = WRONG[what]
        assert list(faults(block)) == [pointer]
