"""What a filled-in element says in `view.state.values` and in `actions`, in Slack's shapes.

One table, by element type: how a person's value becomes Slack's JSON, refused where Slack's own
client would refuse it; what an element nobody touched says; and when an element is empty.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
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
        raise ValueError(f"please write at least {element['min_length']} characters")
    if len(text) > element.get("max_length", 3_000):
        raise ValueError(f"please write at most {element.get('max_length', 3_000)} characters")
    return text


def _number(element: Json, value: Any) -> str:
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", str(value)):
        raise ValueError("please enter a number")
    number = Decimal(str(value))
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        raise ValueError("please enter a whole number")
    if "min_value" in element and number < Decimal(element["min_value"]):
        raise ValueError(f"please enter {element['min_value']} or more")
    if "max_value" in element and number > Decimal(element["max_value"]):
        raise ValueError(f"please enter {element['max_value']} or less")
    return str(value)


def _email(element: Json, value: Any) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value)):
        raise ValueError("please enter an e-mail address")
    return str(value)


def _url(element: Json, value: Any) -> str:
    if not re.fullmatch(r"https?://\S+", str(value)):
        raise ValueError("please enter an address that begins with https://")
    return str(value)


def _date(element: Json, value: Any) -> str:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
        raise ValueError("please choose a day")
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError("there is no such day") from None


def _time(element: Json, value: Any) -> str:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", str(value)):
        raise ValueError("please choose a time of day")
    return str(value)


def _moment(element: Json, value: Any) -> int:
    """Slack's are seconds since 1970, ten digits of them."""
    if not re.fullmatch(r"[0-9]{10}", str(value)):
        raise ValueError("please choose a day and a time")
    return int(value)


def _rich_text(element: Json, value: Any) -> Json:
    """Formatted text as it is; a plain one becomes a paragraph."""
    if isinstance(value, dict):
        return value
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(value)}]}
    return {"type": "rich_text", "elements": [section]}


def _not_here(element: Json, value: Any) -> Any:
    raise ValueError("this cannot be filled in here: the sandbox has neither files nor such lists")


def _option(element: Json, value: Any) -> Json:
    for option in options_of(element):
        if option["value"] == value:
            return option
    raise ValueError("this choice is not there")


def _options(element: Json, values: Any) -> list[Json]:
    return [_option(element, value) for value in _listed(element, values)]


def _id(element: Json, value: Any) -> str:
    return str(value)


def _ids(element: Json, values: Any) -> list[str]:
    return [str(value) for value in _listed(element, values)]


def _listed(element: Json, values: Any) -> list[Any]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ValueError("please choose from the list")
    listed = list(values)
    most = element.get("max_selected_items")
    if most is not None and len(listed) > most:
        raise ValueError(f"please choose at most {most}")
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
    "datetimepicker": Element("selected_date_time", "initial_date_time", _moment),
    "rich_text_input": Element("rich_text_value", "initial_value", _rich_text),
    "file_input": Element("files", "", _not_here, empty=[]),
    "static_select": Element("selected_option", "initial_option", _option),
    "radio_buttons": Element("selected_option", "initial_option", _option),
    "overflow": Element("selected_option", "", _option),
    "checkboxes": _several("options", _options),
    "multi_static_select": _several("options", _options),
    "external_select": Element("selected_option", "initial_option", _not_here),
    "multi_external_select": _several("options", _not_here),
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

    A value is named by its block_id, or by (block_id, action_id). Raises SlackRefuses for a value
    that has no input, and for all that do not fit and all required inputs left empty at once.
    """
    state, faults = _read(blocks, before, values)
    for block, element in interactive_elements(blocks):
        required = block["type"] == "input" and not block.get("optional")
        if required and is_empty(element, state[block["block_id"]][element["action_id"]]):
            faults.setdefault(block["block_id"], "this is required")
    unknown = values.keys() - set(names_of(blocks))
    if unknown:
        name = next(name for name in values if name in unknown)
        raise SlackRefuses(name if isinstance(name, str) else name[0], "no such input")
    if faults:
        first, reason = next(iter(faults.items()))
        raise SlackRefuses(first, reason, faults)
    return state


def current(blocks: list[Json], before: dict[str, Json], values: Values) -> dict[str, Json]:
    """What each element holds: the value given, if it fits, else what was filled in before, else
    what was set beforehand."""
    return _read(blocks, before, values)[0]


def names_of(blocks: list[Json]) -> Iterator[str | tuple[str, str]]:
    """Both names of everything that holds a value: its block_id, and (block_id, action_id)."""
    for block, element in _holding(blocks):
        yield from (block["block_id"], (block["block_id"], element["action_id"]))


def _read(
    blocks: list[Json], before: dict[str, Json], values: Values
) -> tuple[dict[str, Json], dict[str, str]]:
    """The state, and what is wrong with the values that did not make it into it, by block id."""
    state: dict[str, Json] = {}
    faults: dict[str, str] = {}
    for block, element in _holding(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        entry = _earlier(element, before.get(block_id, {}).get(action_id))
        for name in (block_id, (block_id, action_id)):
            if name in values:
                try:
                    entry = filled(element, values[name], block_id)
                except SlackRefuses as refusal:
                    faults[block_id] = refusal.reason
        state.setdefault(block_id, {})[action_id] = entry
    return state, faults


def _holding(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    return (both for both in interactive_elements(blocks) if both[1]["type"] not in STATELESS)


def _earlier(element: Json, earlier: Json | None) -> Json:
    fits = earlier is not None and earlier["type"] == element["type"]
    return earlier if earlier is not None and fits else untouched(element)


def pressed(blocks: list[Json], action_id: str, value: Any, block_id: str | None = None) -> Json:
    """An entry of `actions`, for the first element of that name, in that block if one is given,
    that can hold the value.

    Buttons of one action_id are told apart by their value. Raises SlackRefuses.
    """
    refusal = SlackRefuses("", "that button is gone: the message has changed")
    for block, element in interactive_elements(blocks):
        if element["action_id"] != action_id or block_id not in (None, block["block_id"]):
            continue
        if element["type"] != "button":
            try:
                held = filled(element, value, block["block_id"])
            except SlackRefuses as refused:
                refusal = refused
                continue
        elif value is None or element.get("value") == value:
            held = {key: element[key] for key in ("type", "text", "value") if key in element}
        else:
            continue
        return {**held, "action_id": action_id, "block_id": block["block_id"]}
    raise refusal


def entry_of(action: Json) -> Json | None:
    """What an action leaves in the state of the view it was taken in."""
    if action["type"] in STATELESS:
        return None
    key = ELEMENTS[action["type"]].key
    return {"type": action["type"], key: action[key]}
