"""What a filled-in element says in `view.state.values` and in `actions`, in Slack's shapes.

One table, by element type: how a person's value becomes Slack's JSON, refused where Slack's own
client would refuse it; what an element nobody touched says; and when an element is empty.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.blocks import Json, interactive_elements, options_of
from sandbox.errors import SlackRefuses

# From a block_id, or a (block_id, action_id), to what a person enters or chooses there.
Values = Mapping[Any, Any]


@dataclass(frozen=True)
class Element:
    """`key` holds the value in the state, `initial` the one set beforehand."""

    key: str
    initial: str
    read: Callable[[Json, Any], Any]
    empty: Any = None


def _text(element: Json, value: Any) -> str:
    text = str(value)
    if len(text) < element.get("min_length", 0):
        raise ValueError(f"at least {element['min_length']} characters")
    if len(text) > element.get("max_length", 3_000):
        raise ValueError(f"at most {element.get('max_length', 3_000)} characters")
    return text


def _number(element: Json, value: Any) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError("not a number") from None
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        raise ValueError("not a whole number")
    if "min_value" in element and number < Decimal(element["min_value"]):
        raise ValueError(f"at least {element['min_value']}")
    if "max_value" in element and number > Decimal(element["max_value"]):
        raise ValueError(f"at most {element['max_value']}")
    return str(value)


def _email(element: Json, value: Any) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value)):
        raise ValueError("not an e-mail address")
    return str(value)


def _url(element: Json, value: Any) -> str:
    if not re.fullmatch(r"https?://\S+", str(value)):
        raise ValueError("not an address")
    return str(value)


def _date(element: Json, value: Any) -> str:
    text = str(value)
    if len(text) != len("2000-01-31"):
        raise ValueError("not a date like 2000-01-31")
    return date.fromisoformat(text).isoformat()


def _time(element: Json, value: Any) -> str:
    if not re.fullmatch(r"\d\d:\d\d", str(value)):
        raise ValueError("not a time like 09:30")
    return time.fromisoformat(str(value)).isoformat("minutes")


def _option(element: Json, value: Any) -> Json:
    for option in options_of(element):
        if option["value"] == value:
            return option
    raise ValueError(f"no option {value!r}")


def _options(element: Json, values: Any) -> list[Json]:
    return [_option(element, value) for value in _listed(element, values)]


def _id(element: Json, value: Any) -> str:
    return str(value)


def _ids(element: Json, values: Any) -> list[str]:
    return [str(value) for value in _listed(element, values)]


def _listed(element: Json, values: Any) -> list[Any]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ValueError("several values go in a list")
    listed = list(values)
    most = element.get("max_selected_items")
    if most is not None and len(listed) > most:
        raise ValueError(f"at most {most}")
    return listed


def _several(name: str, read: Callable[[Json, Any], Any], initial: str = "") -> Element:
    return Element(f"selected_{name}", initial or f"initial_{name}", read, empty=[])


ELEMENTS: dict[str, Element] = {
    "plain_text_input": Element("value", "initial_value", _text),
    "number_input": Element("value", "initial_value", _number),
    "email_text_input": Element("value", "initial_value", _email),
    "url_text_input": Element("value", "initial_value", _url),
    "datepicker": Element("selected_date", "initial_date", _date),
    "timepicker": Element("selected_time", "initial_time", _time),
    "static_select": Element("selected_option", "initial_option", _option),
    "radio_buttons": Element("selected_option", "initial_option", _option),
    "overflow": Element("selected_option", "", _option),
    "checkboxes": _several("options", _options),
    "multi_static_select": _several("options", _options),
    "users_select": Element("selected_user", "initial_user", _id),
    "conversations_select": Element("selected_conversation", "initial_conversation", _id),
    "channels_select": Element("selected_channel", "initial_channel", _id),
    "multi_users_select": _several("users", _ids),
    "multi_conversations_select": _several("conversations", _ids),
    "multi_channels_select": _several("channels", _ids),
}

# Elements that act when pressed and keep nothing.
STATELESS = ("button", "overflow", "workflow_button")


def filled(element: Json, value: Any, field: str) -> Json:
    """The element's state with this value. Raises SlackRefuses for a value it cannot hold."""
    kind = _kind(element)
    if value is None or value == "":
        return {"type": element["type"], kind.key: kind.empty}
    try:
        return {"type": element["type"], kind.key: kind.read(element, value)}
    except ValueError as error:
        raise SlackRefuses(field, str(error)) from None


def untouched(element: Json) -> Json:
    kind = _kind(element)
    return {"type": element["type"], kind.key: element.get(kind.initial, kind.empty)}


def _kind(element: Json) -> Element:
    try:
        return ELEMENTS[element["type"]]
    except KeyError:
        raise NotImplementedError(f"the sandbox does not know {element['type']}") from None


def is_empty(element: Json, state: Json) -> bool:
    return state[_kind(element).key] in (None, "", [])


def fill(blocks: list[Json], values: Values, before: dict[str, Json]) -> dict[str, Json]:
    """`state.values` of a view as it is submitted.

    A value is named by its block_id, or by (block_id, action_id). Raises SlackRefuses for a
    required input left empty, a value that does not fit, or one that has no input.
    """
    left = dict(values)
    state = current(blocks, before, left)
    if left:
        name = next(iter(left))
        raise SlackRefuses(name if isinstance(name, str) else name[0], "no such input")
    for block, element in interactive_elements(blocks):
        required = block["type"] == "input" and not block.get("optional")
        if required and is_empty(element, state[block["block_id"]][element["action_id"]]):
            raise SlackRefuses(block["block_id"], "required")
    return state


def current(blocks: list[Json], before: dict[str, Json], values: dict[Any, Any]) -> dict[str, Json]:
    """What each element holds: the value given, which is taken out of `values`, else what was
    filled in before, else what was set beforehand."""
    state: dict[str, Json] = {}
    for block, element in interactive_elements(blocks):
        if element["type"] not in STATELESS:
            block_id, action_id = block["block_id"], element["action_id"]
            earlier = before.get(block_id, {}).get(action_id)
            entry = _entry(element, block_id, values, earlier)
            state.setdefault(block_id, {})[action_id] = entry
    return state


def _entry(element: Json, block_id: str, values: dict[Any, Any], earlier: Json | None) -> Json:
    for name in (block_id, (block_id, element["action_id"])):
        if name in values:
            return filled(element, values.pop(name), block_id)
    if earlier is not None and earlier["type"] == element["type"]:
        return earlier
    return untouched(element)


def pressed(blocks: list[Json], action_id: str, value: Any) -> Json:
    """An entry of `actions`, for the first element of that name that can hold the value.

    Buttons of one action_id are told apart by their value. Raises SlackRefuses.
    """
    for block, element in interactive_elements(blocks):
        if element["action_id"] != action_id:
            continue
        if element["type"] != "button":
            held = filled(element, value, block["block_id"])
        elif value is None or element.get("value") == value:
            held = {key: element[key] for key in ("type", "text", "value") if key in element}
        else:
            continue
        return {**held, "action_id": action_id, "block_id": block["block_id"]}
    raise SlackRefuses("", f"nothing here is called {action_id}")


def entry_of(action: Json) -> Json | None:
    """What an action leaves in the state of the view it was taken in."""
    if action["type"] in STATELESS:
        return None
    key = ELEMENTS[action["type"]].key
    return {"type": action["type"], key: action[key]}
