"""What holds of a whole message or view; and that nothing an app sends can crash the checker."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.block_kit.check import message_faults, tables, view_faults
from tests.sandbox.block_kit import test_blocks, test_data, test_elements
from tests.sandbox.block_kit.samples import (
    button,
    field,
    home,
    modal,
    mrkdwn,
    pie,
    plain,
    pointers,
    section,
    table,
)

INPUT = field({"type": "plain_text_input"})
MARKDOWN = {"type": "markdown", "text": "W" * 6_000}

MODAL_LIMITS = {
    "title": (lambda n: modal(title=plain("W" * n)), 24, "/view/title/text"),
    "submit": (lambda n: modal(submit=plain("W" * n)), 24, "/view/submit/text"),
    "close": (lambda n: modal(close=plain("W" * n)), 24, "/view/close/text"),
    "private_metadata": (
        lambda n: modal(private_metadata="W" * n),
        3_000,
        "/view/private_metadata",
    ),
    "callback_id": (lambda n: modal(callback_id="W" * n), 255, "/view/callback_id"),
    "external_id": (lambda n: modal(external_id="W" * n), 255, "/view/external_id"),
    "blocks": (lambda n: modal(*[section()] * n), 100, "/view/blocks"),
}

MODALS_WRONG = {
    "no title": (
        {"type": "modal", "blocks": [section()]},
        "missing required field: title [json-pointer:/view]",
    ),
    "a title in mrkdwn": (
        modal(title=mrkdwn()),
        "unsupported type: mrkdwn [json-pointer:/view/title/type]",
    ),
    "an unknown key": (
        modal(submit_disabled=True),
        "invalid additional property: submit_disabled [json-pointer:/view]",
    ),
    "no blocks": (
        modal() | {"blocks": []},
        "no fewer than 1 items allowed [json-pointer:/view/blocks]",
    ),
    "a Home": (home(), "unsupported type: home [json-pointer:/view/type]"),
    "nothing": (None, "must provide an object [json-pointer:/view]"),
    "one block_id twice": (
        modal(section(block_id="a"), section(), section(block_id="a")),
        "`block_id` already exists: a [json-pointer:/view/blocks/2/block_id]",
    ),
    "two in focus": (
        modal(*[field({"type": "plain_text_input", "focus_on_load": True})] * 2),
        "only one element may have `focus_on_load` [json-pointer:/view/blocks/1]",
    ),
}


class TestMessageFaults:
    def test_fifty_blocks_are_well(self) -> None:
        assert message_faults([section()] * 50) == []
        assert list(map(str, message_faults([section()] * 51))) == [
            "no more than 50 items allowed [json-pointer:/blocks]"
        ]

    def test_no_blocks_are_well(self) -> None:
        assert message_faults([]) == []

    def test_one_block_id_twice(self) -> None:
        inner = {"type": "container", "title": plain(), "child_blocks": [section(block_id="a")]}
        found = message_faults([section(block_id="a"), inner])
        assert pointers(found) == ["/blocks/1/child_blocks/0/block_id"]

    def test_two_charts_are_well_and_a_third_is_not(self) -> None:
        assert message_faults([pie(), pie()]) == []
        assert pointers(message_faults([pie(), pie(), pie()])) == ["/blocks/2"]

    def test_markdown_is_added_up(self) -> None:
        assert message_faults([MARKDOWN, MARKDOWN]) == []
        more = {"type": "markdown", "text": "W"}
        assert pointers(message_faults([MARKDOWN, MARKDOWN, more])) == ["/blocks"]

    def test_one_plan_is_well_and_a_second_is_not(self) -> None:
        plan = {"type": "plan", "title": "Plan"}
        assert message_faults([plan]) == []
        assert pointers(message_faults([plan, plan])) == ["/blocks/1"]

    def test_all_faults_are_told_at_once(self) -> None:
        found = message_faults([section(""), {"type": "marquee"}], "/attachments/0/blocks")
        assert pointers(found) == [
            "/attachments/0/blocks/0/text",
            "/attachments/0/blocks/0/text/text",
            "/attachments/0/blocks/1/type",
        ]

    @pytest.mark.parametrize("nonsense", [None, "blocks", {"type": "section"}, 3])
    def test_what_is_no_array(self, nonsense: Any) -> None:
        assert pointers(message_faults(nonsense)) == ["/blocks"]


class TestTables:
    def test_are_found_in_containers_too(self) -> None:
        inner = {"type": "container", "title": plain(), "child_blocks": [section(), table()]}
        assert tables([table(), inner]) == ["/blocks/0", "/blocks/1/child_blocks/1"]


class TestViewFaults:
    @pytest.mark.parametrize("what", MODAL_LIMITS)
    def test_of_a_limit(self, what: str) -> None:
        build, limit, pointer = MODAL_LIMITS[what]
        assert view_faults(build(limit), "modal") == []
        assert pointers(view_faults(build(limit + 1), "modal")) == [pointer]

    @pytest.mark.parametrize("what", MODALS_WRONG)
    def test_of_a_modal(self, what: str) -> None:
        view, sentence = MODALS_WRONG[what]
        assert [str(fault) for fault in view_faults(view, "modal")] == [sentence]

    def test_of_inputs_without_submit(self) -> None:
        view = modal(section(), INPUT)
        del view["submit"]
        assert [str(fault) for fault in view_faults(view, "modal")] == [
            "must define `submit` to use an `input` block in modals"
            " [json-pointer:/view/blocks/1/input]"
        ]
        assert view_faults(home(INPUT), "home") == []

    def test_of_a_home_with_what_modals_have(self) -> None:
        assert pointers(view_faults(home(title=plain()), "home")) == ["/view"]

    def test_of_views_that_are_well(self) -> None:
        about = {"private_metadata": "", "callback_id": "a", "external_id": "b"}
        on_close = {"close": plain(), "clear_on_close": True, "notify_on_close": False}
        assert view_faults(modal(INPUT, **about, **on_close), "modal") == []
        assert view_faults(home(pie(), **about), "home") == []


SAMPLES = [
    *test_blocks.GOOD.values(),
    *[block for block, _, _ in test_blocks.WRONG.values() if isinstance(block, dict)],
    *[block for block, _, _ in test_data.WRONG.values()],
    *[{"type": "actions", "elements": [element]} for element in test_elements.GOOD],
    *[field(element) for element in test_elements.GOOD],
]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.sampled_from(["section", "mrkdwn", "W" * 3_001, "2026-02-30", "1e5", "NaN"]),
    st.just([]),
    st.just({}),
    st.just([[{}]]),
    st.just(button()),
).map(copy.deepcopy)
KEYS = st.sampled_from(["type", "text", "style", "elements", "block_id", "odd"])


def places(value: Any) -> list[tuple[Any, Any]]:
    """(container, key) of everything in a payload."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += places(value[key])
    return found


@st.composite
def mutated(draw: st.DrawFn) -> list[Any]:
    """Blocks with some values changed, dropped, doubled or put elsewhere."""
    blocks = copy.deepcopy(draw(st.lists(st.sampled_from(SAMPLES), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(0, 4))):
        holder, key = draw(st.sampled_from(places(blocks)))
        match draw(st.sampled_from(["change", "drop", "double", "add"])):
            case "change":
                holder[key] = draw(ODD)
            case "drop":
                del holder[key]
            case "double" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
            case _ if isinstance(holder, dict):
                holder[draw(KEYS)] = draw(ODD)
        if not blocks:
            break
    return blocks


class TestAnyPayload:
    @given(mutated())
    def test_is_answered_with_faults(self, blocks: list[Any]) -> None:
        for found in (
            message_faults(blocks),
            view_faults(modal() | {"blocks": blocks}, "modal"),
            view_faults(home() | {"blocks": blocks}, "home"),
        ):
            assert all(fault.reason and fault.pointer.startswith("/") for fault in found)

    @given(st.recursive(ODD, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
    def test_of_no_form_at_all(self, payload: Any) -> None:
        assert message_faults(payload) or payload == []
        assert view_faults(payload, "modal")
