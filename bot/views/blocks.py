"""Block Kit, the few shapes we use. Texts come ready from the prompt library."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from bot.errors import UserFacingError

Block = dict[str, Any]
Option = tuple[str, str]
"""A value and the text people read."""


@dataclass(frozen=True)
class Message:
    """`text` is what notifications and screen readers say; `blocks` what the eye sees."""

    text: str
    blocks: Sequence[Block]


def message(*texts: str, buttons: Sequence[Block] = ()) -> Message:
    """Paragraphs, and a row of buttons below them."""
    blocks = [section(text) for text in texts]
    if buttons:
        blocks.append(actions(*buttons))
    return Message(text=texts[0], blocks=blocks)


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    """`verbatim`, so that Slack reads only our own mentions: an “@channel” or “#general” that a
    person typed stays what it is."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(text)}


def fields(*texts: str) -> Block:
    """Two columns; Slack takes ten at most."""
    return {"type": "section", "fields": [mrkdwn(text) for text in texts]}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text)}


def context(text: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text)]}


def divider() -> Block:
    return {"type": "divider"}


def actions(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def button(text: str, action_id: str, value: str, **more: Any) -> Block:
    return {
        "type": "button",
        "text": plain(text),
        "action_id": action_id,
        "value": value,
        **more,
    }


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    return {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain(no)}


def bar_chart(
    title: str, name: str, bars: Sequence[tuple[str, int]], *, x_label: str, y_label: str
) -> Block:
    """A message may have two charts, a modal none. Slack takes 20 bars, and 20 characters below
    each and for the `name` of all."""
    data = [{"label": label, "value": value} for label, value in bars]
    axes = {
        "categories": [label for label, _ in bars],
        "x_label": x_label,
        "y_label": y_label,
    }
    chart = {"type": "bar", "series": [{"name": name, "data": data}], "axis_config": axes}
    return {"type": "data_visualization", "title": title, "chart": chart}


def mention(slack_user_id: str) -> str:
    return f"<@{slack_user_id}>"


def modal(
    callback_id: str,
    *,
    title: str,
    submit: str = "",
    close: str,
    fields: Iterable[Block],
    metadata: str = "",
) -> Block:
    """`metadata` comes back with a submission or a press (3,000 characters at most). Without
    `submit` the buttons in it are all there is to press."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        **({"submit": plain(submit)} if submit else {}),
        "close": plain(close),
        "private_metadata": metadata,
        "blocks": list(fields),
    }


def notice(title: str, close: str, text: str) -> Block:
    """A modal with nothing to fill in."""
    return {
        "type": "modal",
        "title": plain(title),
        "close": plain(close),
        "blocks": [section(text)],
    }


VALUE = "value"
"""The action id of every form element: the block id alone says which field it is."""


def field(
    block_id: str, label: str, element: Block, *, hint: str = "", optional: bool = False
) -> Block:
    block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element | {"action_id": VALUE},
        "optional": optional,
    }
    return block | ({"hint": plain(hint)} if hint else {})


def text_input(
    *, longest: int, lines: bool = False, placeholder: str = "", initial: str = ""
) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": longest, "multiline": lines}
    element |= {"placeholder": plain(placeholder)} if placeholder else {}
    return element | ({"initial_value": initial} if initial else {})


def number_input(initial: int | None, least: int, most: int) -> Block:
    element: Block = {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": str(least),
        "max_value": str(most),
    }
    return element | ({"initial_value": str(initial)} if initial is not None else {})


def date_input(initial: date | None = None) -> Block:
    element: Block = {"type": "datepicker"}
    return element | ({"initial_date": initial.isoformat()} if initial else {})


def select_input(options: Sequence[Option], initial: str) -> Block:
    choices = {value: option(value, text) for value, text in options}
    return {
        "type": "static_select",
        "options": list(choices.values()),
        "initial_option": choices[initial],
    }


def radio_input(options: Sequence[tuple[str, str, str]], initial: str) -> Block:
    """Options of a value, its text and a line below it; Slack takes ten at most."""
    choices = {
        value: option(value, text) | ({"description": plain(below)} if below else {})
        for value, text, below in options
    }
    element: Block = {"type": "radio_buttons", "options": list(choices.values())}
    return element | ({"initial_option": choices[initial]} if initial else {})


def hour_input(first: int, last: int, initial: int | None = None) -> Block:
    """Full hours, the last one included."""
    hours = {hour: option(str(hour), f"{hour:02d}:00") for hour in range(first, last + 1)}
    element: Block = {"type": "static_select", "options": list(hours.values())}
    return element | ({"initial_option": hours[initial]} if initial in hours else {})


def several_input(options: Sequence[Option], initial: Iterable[str] = ()) -> Block:
    """Any number of at most a hundred options."""
    choices = {value: option(value, text) for value, text in options}
    chosen = [choices[value] for value in initial if value in choices]
    element: Block = {"type": "multi_static_select", "options": list(choices.values())}
    return element | ({"initial_options": chosen} if chosen else {})


def checkbox_input(options: Sequence[Option], initial: Iterable[str] = ()) -> Block:
    """Slack takes ten options at most."""
    choices = {value: option(value, text) for value, text in options}
    chosen = [choices[value] for value in initial if value in choices]
    element: Block = {"type": "checkboxes", "options": list(choices.values())}
    return element | ({"initial_options": chosen} if chosen else {})


CHANNELS: Block = {"include": ["public", "private"], "exclude_bot_users": True}


def channel_input(initial: str | None) -> Block:
    element: Block = {"type": "conversations_select", "filter": CHANNELS}
    return element | ({"initial_conversation": initial} if initial else {})


def channels_input() -> Block:
    return {"type": "multi_conversations_select", "filter": CHANNELS}


def people_input(initial: Sequence[str] = ()) -> Block:
    element: Block = {"type": "multi_users_select"}
    return element | ({"initial_users": list(initial)} if initial else {})


def option(value: str, text: str) -> Block:
    return {"text": plain(text), "value": value}


Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""`view.state.values` of a submission."""


def text_of(values: Values, block_id: str) -> str:
    """What was typed or picked, without surrounding blanks; "" when nothing was."""
    state = values[block_id][VALUE]
    kinds = ("value", "selected_date", "selected_conversation", "selected_user")
    chosen = next((state[kind] for kind in kinds if state.get(kind)), None)
    if chosen is None and state.get("selected_option"):
        chosen = state["selected_option"]["value"]
    return (chosen or "").strip()


def choices_of(values: Values, block_id: str) -> list[str]:
    state = values[block_id][VALUE]
    for kind in ("selected_users", "selected_conversations"):
        if kind in state:
            return list(state[kind])
    return [chosen["value"] for chosen in state.get("selected_options") or []]


def number_of(values: Values, block_id: str, least: int, most: int) -> int:
    """Raises UserFacingError unless it is a whole number within the bounds."""
    text = text_of(values, block_id)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise UserFacingError("out_of_range", field=block_id, least=least, most=most)
    return int(text)


def optional_number_of(values: Values, block_id: str, least: int, most: int) -> int | None:
    """None when the field was left empty."""
    return number_of(values, block_id, least, most) if text_of(values, block_id) else None


def date_of(values: Values, block_id: str) -> date:
    """Raises UserFacingError when no day was chosen."""
    return optional_date_of(values, block_id) or refuse("day_missing", block_id)


def optional_date_of(values: Values, block_id: str) -> date | None:
    text = text_of(values, block_id)
    return date.fromisoformat(text) if text else None


def refuse(key: str, block_id: str) -> NoReturn:
    raise UserFacingError(key, field=block_id)
