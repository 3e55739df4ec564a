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


def mention(slack_user_id: str) -> str:
    return f"<@{slack_user_id}>"


def modal(
    callback_id: str,
    *,
    title: str,
    submit: str,
    close: str,
    fields: Iterable[Block],
    metadata: str = "",
) -> Block:
    """`metadata` comes back with the submission (3,000 characters at most)."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "submit": plain(submit),
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


def text_input(*, longest: int, lines: bool = False, placeholder: str = "") -> Block:
    element: Block = {"type": "plain_text_input", "max_length": longest, "multiline": lines}
    return element | ({"placeholder": plain(placeholder)} if placeholder else {})


def number_input(initial: int, least: int, most: int) -> Block:
    return {
        "type": "number_input",
        "is_decimal_allowed": False,
        "initial_value": str(initial),
        "min_value": str(least),
        "max_value": str(most),
    }


def date_input(initial: date) -> Block:
    return {"type": "datepicker", "initial_date": initial.isoformat()}


def select_input(options: Sequence[Option], initial: str) -> Block:
    choices = {value: option(value, text) for value, text in options}
    return {
        "type": "static_select",
        "options": list(choices.values()),
        "initial_option": choices[initial],
    }


def checkbox_input(options: Sequence[Option], initial: Iterable[str] = ()) -> Block:
    """Slack takes ten options at most."""
    choices = {value: option(value, text) for value, text in options}
    chosen = [choices[value] for value in initial if value in choices]
    element: Block = {"type": "checkboxes", "options": list(choices.values())}
    return element | ({"initial_options": chosen} if chosen else {})


def channel_input(initial: str | None) -> Block:
    element: Block = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return element | ({"initial_conversation": initial} if initial else {})


def people_input() -> Block:
    return {"type": "multi_users_select"}


def option(value: str, text: str) -> Block:
    return {"text": plain(text), "value": value}


Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""`view.state.values` of a submission."""


def text_of(values: Values, block_id: str) -> str:
    """What was typed or picked, without surrounding blanks; "" when nothing was."""
    state = values[block_id][VALUE]
    chosen = state.get("value") or state.get("selected_date") or state.get("selected_conversation")
    if chosen is None and state.get("selected_option"):
        chosen = state["selected_option"]["value"]
    return (chosen or "").strip()


def choices_of(values: Values, block_id: str) -> list[str]:
    state = values[block_id][VALUE]
    if "selected_users" in state:
        return list(state["selected_users"])
    return [chosen["value"] for chosen in state.get("selected_options") or []]


def number_of(values: Values, block_id: str, least: int, most: int) -> int:
    """Raises UserFacingError unless it is a whole number within the bounds."""
    text = text_of(values, block_id)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise UserFacingError("out_of_range", field=block_id, least=least, most=most)
    return int(text)


def date_of(values: Values, block_id: str) -> date:
    """Raises UserFacingError when no day was chosen."""
    text = text_of(values, block_id)
    return date.fromisoformat(text) if text else refuse("day_missing", block_id)


def refuse(key: str, block_id: str) -> NoReturn:
    raise UserFacingError(key, field=block_id)
