"""What each kind of input says, and what Slack's client would not send."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import SlackRefuses
from sandbox.forms import ELEMENTS, current, entry_of, fill, pressed

A = {"text": {"type": "plain_text", "text": "Ay"}, "value": "a"}
B = {"text": {"type": "plain_text", "text": "Bee"}, "value": "b"}
OPTIONS = {"options": [A, B]}


def block(element: dict[str, Any], *, optional: bool = True) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": "field",
        "optional": optional,
        "element": {"action_id": "it", **element},
    }


def state(element: dict[str, Any], *given: Any) -> dict[str, Any]:
    """What one optional element says, with a value or without."""
    values = {"field": given[0]} if given else {}
    entry: dict[str, Any] = fill([block(element)], values, {})["field"]["it"]
    return entry


class TestFill:
    @pytest.mark.parametrize(
        ("kind", "more", "value", "key", "said"),
        [
            ("plain_text_input", {}, "hello", "value", "hello"),
            ("number_input", {"is_decimal_allowed": False}, 5, "value", "5"),
            ("number_input", {"is_decimal_allowed": True}, "2.5", "value", "2.5"),
            ("email_text_input", {}, "a@b.example", "value", "a@b.example"),
            ("url_text_input", {}, "https://a.example", "value", "https://a.example"),
            ("datepicker", {}, "2026-03-02", "selected_date", "2026-03-02"),
            ("timepicker", {}, "09:30", "selected_time", "09:30"),
            ("static_select", OPTIONS, "b", "selected_option", B),
            ("static_select", {"option_groups": [OPTIONS]}, "b", "selected_option", B),
            ("radio_buttons", OPTIONS, "a", "selected_option", A),
            ("checkboxes", OPTIONS, ["b", "a"], "selected_options", [B, A]),
            ("multi_static_select", OPTIONS, ["a"], "selected_options", [A]),
            ("users_select", {}, "U1", "selected_user", "U1"),
            ("conversations_select", {}, "C1", "selected_conversation", "C1"),
            ("channels_select", {}, "C1", "selected_channel", "C1"),
            ("multi_users_select", {}, ["U1", "U2"], "selected_users", ["U1", "U2"]),
            ("multi_channels_select", {}, ["C1"], "selected_channels", ["C1"]),
            ("multi_conversations_select", {}, ["C1"], "selected_conversations", ["C1"]),
        ],
    )
    def test_the_shape_of_each_kind(self, kind, more, value, key, said) -> None:
        element = {"type": kind, **more}
        empty: list[str] | None = [] if isinstance(said, list) else None
        assert state(element, value) == {"type": kind, key: said}
        assert state(element) == {"type": kind, key: empty}
        assert state(element, None) == {"type": kind, key: empty}
        initial = ELEMENTS[kind].initial
        assert state({**element, initial: said}) == {"type": kind, key: said}
        assert state({**element, initial: said}, None) == {"type": kind, key: empty}

    @pytest.mark.parametrize(
        ("element", "value"),
        [
            ({"type": "plain_text_input", "min_length": 3}, "ab"),
            ({"type": "plain_text_input", "max_length": 3}, "abcd"),
            ({"type": "plain_text_input"}, "a" * 3001),
            ({"type": "number_input"}, "five"),
            ({"type": "number_input"}, "nan"),
            ({"type": "number_input", "is_decimal_allowed": False}, 2.5),
            ({"type": "number_input", "min_value": "3"}, 2),
            ({"type": "number_input", "max_value": "3"}, 4),
            ({"type": "email_text_input"}, "ada"),
            ({"type": "url_text_input"}, "ada"),
            ({"type": "datepicker"}, "2.3.2026"),
            ({"type": "datepicker"}, "2026-02-30"),
            ({"type": "datepicker"}, "20260302"),
            ({"type": "timepicker"}, "25:00"),
            ({"type": "timepicker"}, "9:30"),
            ({"type": "static_select", **OPTIONS}, "c"),
            ({"type": "multi_static_select", **OPTIONS}, "a"),
            ({"type": "multi_static_select", "max_selected_items": 1, **OPTIONS}, ["a", "b"]),
            ({"type": "checkboxes", **OPTIONS}, ["a", "c"]),
        ],
    )
    def test_a_value_that_does_not_fit(self, element, value) -> None:
        with pytest.raises(SlackRefuses) as refusal:
            state(element, value)
        assert refusal.value.field == "field"

    @pytest.mark.parametrize("value", [None, "", "given"])
    def test_required_means_filled_in(self, value) -> None:
        blocks = [block({"type": "plain_text_input"}, optional=False)]
        if value:
            assert fill(blocks, {"field": value}, {})
        else:
            with pytest.raises(SlackRefuses, match="required"):
                fill(blocks, {"field": value}, {})

    def test_required_and_nothing_ticked(self) -> None:
        with pytest.raises(SlackRefuses, match="required"):
            fill([block({"type": "checkboxes", **OPTIONS}, optional=False)], {"field": []}, {})

    def test_by_block_and_action(self) -> None:
        blocks = [block({"type": "plain_text_input"})]
        assert fill(blocks, {("field", "it"): "x"}, {})["field"]["it"]["value"] == "x"

    def test_a_name_nothing_has(self) -> None:
        for name in ("other", ("field", "other")):
            with pytest.raises(SlackRefuses, match="no such input"):
                fill([block({"type": "plain_text_input"})], {name: "x"}, {})

    def test_what_was_filled_in_before(self) -> None:
        blocks = [block({"type": "plain_text_input", "initial_value": "first"})]
        before = {"field": {"it": {"type": "plain_text_input", "value": "second"}}}
        assert fill(blocks, {}, before) == before
        assert fill(blocks, {"field": "third"}, before)["field"]["it"]["value"] == "third"

    def test_selects_outside_inputs_count_and_buttons_do_not(self) -> None:
        select = {"type": "static_select", "action_id": "pick", **OPTIONS}
        button = {"type": "button", "action_id": "go"}
        blocks = [
            {"type": "section", "block_id": "one", "accessory": select},
            {"type": "actions", "block_id": "two", "elements": [button, select]},
        ]
        empty = {"pick": {"type": "static_select", "selected_option": None}}
        assert fill(blocks, {}, {}) == {"one": empty, "two": empty}

    def test_an_element_the_sandbox_does_not_know(self) -> None:
        with pytest.raises(NotImplementedError, match="file_input"):
            fill([block({"type": "file_input"})], {}, {})

    @given(number=st.integers(), low=st.integers(), high=st.integers())
    def test_a_number_within_its_bounds(self, number: int, low: int, high: int) -> None:
        element = {"type": "number_input", "min_value": str(low), "max_value": str(high)}
        if low <= number <= high:
            assert state(element, number)["value"] == str(number)
        else:
            with pytest.raises(SlackRefuses):
                state(element, number)


class TestCurrent:
    def test_takes_out_what_it_used(self) -> None:
        values: dict[str | tuple[str, str], Any] = {"field": "x", "left": "y"}
        current([block({"type": "plain_text_input"}, optional=False)], {}, values)
        assert values == {"left": "y"}


class TestPressed:
    def test_a_button_without_a_value(self) -> None:
        blocks = [
            {"type": "section", "block_id": "b", "accessory": {"type": "button", "action_id": "go"}}
        ]
        assert pressed(blocks, "go", None) == {"type": "button", "action_id": "go", "block_id": "b"}

    def test_an_overflow_menu(self) -> None:
        menu = {"type": "overflow", "action_id": "more", **OPTIONS}
        blocks = [{"type": "section", "block_id": "b", "accessory": menu}]
        action = pressed(blocks, "more", "b")
        assert action["selected_option"] == B
        assert entry_of(action) is None

    def test_what_is_not_there(self) -> None:
        with pytest.raises(SlackRefuses, match="nothing here"):
            pressed([], "go", None)
