"""The form that opens a program, and its reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.errors import UserFacingError
from bot.views import blocks
from bot.views.blocks import Block, Values
from models import Cadence
from prompts.library import Library

CALLBACK = "new_program"
LONGEST_NAME, LONGEST_PURPOSE = 80, 500
LEAST_WEEKS, MOST_WEEKS = 1, 52
LOWEST_LEVEL, HIGHEST_LEVEL = 2, 100


@dataclass(frozen=True)
class NewProgram:
    """What was asked for. The fields' names are the form's block ids."""

    name: str
    purpose: str
    topics: list[str]
    mentee_from_level: int
    weeks: int
    cadence: Cadence
    starts_on: date
    admin_channel_id: str
    manager_slack_ids: list[str]


def build(
    library: Library, channel_id: str | None, starts_on: date, mentee_from_level: int
) -> Block:
    """`channel_id` is the admin channel to begin with, if there is a likely one."""
    label = library.label
    cadences = [(kind.value, label(f"program.cadence_{kind.value}_option")) for kind in Cadence]
    weeks = {"least": LEAST_WEEKS, "most": MOST_WEEKS}
    fields = [
        _text(library, "name", longest=LONGEST_NAME),
        _text(library, "purpose", longest=LONGEST_PURPOSE, lines=True),
        _field(library, "topics", blocks.checkbox_input(list(library.topics.items()))),
        _field(
            library,
            "mentee_from_level",
            blocks.number_input(mentee_from_level, LOWEST_LEVEL, HIGHEST_LEVEL),
        ),
        _field(library, "weeks", blocks.number_input(12, LEAST_WEEKS, MOST_WEEKS), hint=weeks),
        _field(library, "cadence", blocks.select_input(cadences, Cadence.WEEKLY.value)),
        _field(library, "starts_on", blocks.date_input(starts_on)),
        _field(library, "admin_channel_id", blocks.channel_input(channel_id)),
        _field(library, "manager_slack_ids", blocks.people_input(), optional=True),
    ]
    return blocks.modal(
        CALLBACK,
        title=label("program.title"),
        submit=label("program.submit"),
        close=label("program.close"),
        fields=fields,
    )


def read(view: Mapping[str, Any]) -> NewProgram:
    """Raises UserFacingError with the field at fault."""
    values: Values = view["state"]["values"]
    topics = blocks.choices_of(values, "topics")
    if not topics:
        raise UserFacingError("topics_missing", field="topics")
    return NewProgram(
        name=_required(values, "name", "name_missing"),
        purpose=_required(values, "purpose", "purpose_missing"),
        topics=topics,
        mentee_from_level=blocks.number_of(
            values, "mentee_from_level", LOWEST_LEVEL, HIGHEST_LEVEL
        ),
        weeks=blocks.number_of(values, "weeks", LEAST_WEEKS, MOST_WEEKS),
        cadence=Cadence(blocks.text_of(values, "cadence")),
        starts_on=blocks.date_of(values, "starts_on"),
        admin_channel_id=_required(values, "admin_channel_id", "channel_missing"),
        manager_slack_ids=blocks.choices_of(values, "manager_slack_ids"),
    )


def _required(values: Values, block_id: str, key: str) -> str:
    return blocks.text_of(values, block_id) or blocks.refuse(key, block_id)


def _text(library: Library, name: str, *, longest: int, lines: bool = False) -> Block:
    placeholder = library.label(f"program.{name}_placeholder")
    element = blocks.text_input(longest=longest, lines=lines, placeholder=placeholder)
    return _field(library, name, element)


def _field(
    library: Library,
    name: str,
    element: Block,
    *,
    optional: bool = False,
    hint: Mapping[str, int] | None = None,
) -> Block:
    """`hint` are the placeholders of the hint."""
    return blocks.field(
        name,
        library.label(f"program.{name}_label"),
        element,
        hint=library.label(f"program.{name}_hint", **(hint or {})),
        optional=optional,
    )
