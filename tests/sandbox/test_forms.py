"""What each kind of input says, and what Slack's client would not send."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import SlackRefuses
from sandbox.forms import ELEMENTS, current, entry_of, fill, names_of, pressed

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


def rich(text: str) -> dict[str, Any]:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


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
            ("datetimepicker", {}, 1767603600, "selected_date_time", 1767603600),
            ("rich_text_input", {}, rich("hello"), "rich_text_value", rich("hello")),
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
            ({"type": "number_input", "is_decimal_allowed": True, "min_value": "1"}, "nan"),
            ({"type": "number_input"}, "1_000"),
            ({"type": "datetimepicker"}, "tomorrow"),
            ({"type": "datetimepicker"}, True),
            ({"type": "file_input"}, ["F1"]),
            ({"type": "external_select"}, "a"),
            ({"type": "multi_external_select"}, ["a"]),
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
        with pytest.raises(NotImplementedError, match="hologram"):
            fill([block({"type": "hologram"})], {}, {})

    def test_plain_text_becomes_a_paragraph(self) -> None:
        assert state({"type": "rich_text_input"}, "hello")["rich_text_value"] == rich("hello")

    def test_everything_at_fault_is_named_at_once(self) -> None:
        blocks = [
            {**block({"type": "plain_text_input"}, optional=False), "block_id": "name"},
            {**block({"type": "number_input"}), "block_id": "weeks"},
            {**block({"type": "plain_text_input"}), "block_id": "why"},
        ]
        with pytest.raises(SlackRefuses) as refusal:
            fill(blocks, {"weeks": "many", "why": "fun"}, {})
        assert refusal.value.fields == {
            "name": "this is required",
            "weeks": "please enter a number",
        }

    @given(number=st.integers(), low=st.integers(), high=st.integers())
    def test_a_number_within_its_bounds(self, number: int, low: int, high: int) -> None:
        element = {"type": "number_input", "min_value": str(low), "max_value": str(high)}
        if low <= number <= high:
            assert state(element, number)["value"] == str(number)
        else:
            with pytest.raises(SlackRefuses):
                state(element, number)


class TestCurrent:
    def test_what_does_not_fit_is_left_out(self) -> None:
        blocks = [block({"type": "number_input", "initial_value": "3"})]
        before = {"field": {"it": {"type": "number_input", "value": "4"}}}
        assert current(blocks, {}, {"field": "many"})["field"]["it"]["value"] == "3"
        assert current(blocks, before, {"field": "many", "other": "x"}) == before
        assert current(blocks, before, {"field": "5"})["field"]["it"]["value"] == "5"


class TestNamesOf:
    def test_what_holds_a_value(self) -> None:
        button = {"type": "section", "block_id": "b", "accessory": {"type": "button"}}
        assert list(names_of([block({"type": "plain_text_input"}), button])) == [
            "field",
            ("field", "it"),
        ]


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

    def test_of_several_menus_the_one_that_has_the_choice(self) -> None:
        menus = [
            {
                "type": "section",
                "block_id": option["value"],
                "accessory": {"type": "overflow", "action_id": "more", "options": [option]},
            }
            for option in (A, B)
        ]
        assert pressed(menus, "more", "b")["block_id"] == "b"
        with pytest.raises(SlackRefuses, match="this choice is not there"):
            pressed(menus, "more", "c")

    def test_by_block(self) -> None:
        button = {"type": "button", "action_id": "go"}
        blocks = [
            {"type": "section", "block_id": name, "accessory": button} for name in ("one", "two")
        ]
        assert pressed(blocks, "go", None)["block_id"] == "one"
        assert pressed(blocks, "go", None, "two")["block_id"] == "two"
        with pytest.raises(SlackRefuses, match="that button is gone"):
            pressed(blocks, "go", None, "three")

    def test_what_is_not_there(self) -> None:
        with pytest.raises(SlackRefuses, match="that button is gone"):
            pressed([], "go", None)
