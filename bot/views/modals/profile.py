"""What a person says of themselves: a form of its own, and the last part of the form to join."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import UserFacingError
from bot.views import blocks
from bot.views.blocks import Block, Option, Values
from models import Cadence
from prompts.library import Library

CALLBACK = "profile"
MOST_HOURS_A_MONTH = 40
MOST_AVOIDED = 10
STRENGTHS = (
    *("listening", "explaining", "ideas", "order", "numbers"),
    *("writing", "people", "calm", "candour", "technology"),
)
INTERESTS = (
    *("sport", "outdoors", "music", "reading", "films"),
    *("cooking", "games", "making", "travel", "helping"),
)
STYLES = ("doing", "talking", "watching", "reading")
MEANS = ("in_person", "video", "call", "walk", "chat")
NO_MATTER = "no_matter"
"""The choice of those who choose nothing: Slack's menus cannot be emptied again."""


@dataclass(frozen=True)
class About:
    """What a person says of themselves; everything may be left out. The fields' names are the
    form's block ids. `strengths`, `interests`, `learning_style` and `means` are ids of texts;
    `works_from` and `works_to` are full local hours; `avoided` are Slack user ids."""

    strengths: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    learning_style: str | None = None
    means: tuple[str, ...] = ()
    frequency: Cadence | None = None
    works_from: int | None = None
    works_to: int | None = None
    hours_a_month: int | None = None
    avoided: tuple[str, ...] = ()


def build(library: Library, about: About) -> Block:
    return blocks.modal(
        CALLBACK,
        title=library.label("profile.title"),
        submit=library.label("profile.submit"),
        close=library.label("profile.close"),
        fields=[blocks.section(library.say("profile.intro")), *fields(library, about)],
    )


def read(view: Mapping[str, Any]) -> About:
    """Raises UserFacingError with the field at fault."""
    return read_fields(view["state"]["values"])


def fields(library: Library, about: About) -> list[Block]:
    label = library.label
    strengths = [(one, label(f"profile.strength_{one}_option")) for one in STRENGTHS]
    interests = [(one, label(f"profile.interest_{one}_option")) for one in INTERESTS]
    styles = [(style, label(f"profile.style_{style}_option")) for style in STYLES]
    means = [(one, label(f"profile.means_{one}_option")) for one in MEANS]
    cadences = [(often.value, label(f"profile.often_{often.value}_option")) for often in Cadence]
    elements = {
        "strengths": blocks.checkbox_input(strengths, about.strengths),
        "interests": blocks.checkbox_input(interests, about.interests),
        "learning_style": _menu(library, styles, about.learning_style),
        "means": blocks.checkbox_input(means, about.means),
        "frequency": _menu(library, cadences, about.frequency),
        "works_from": _menu(library, _hours(0, 23), about.works_from),
        "works_to": _menu(library, _hours(1, 24), about.works_to),
        "hours_a_month": blocks.number_input(about.hours_a_month, 1, MOST_HOURS_A_MONTH),
        "avoided": blocks.people_input(about.avoided) | {"max_selected_items": MOST_AVOIDED},
    }
    return [
        blocks.field(
            name,
            label(f"profile.{name}_label"),
            element,
            hint=label(f"profile.{name}_hint"),
            optional=True,
        )
        for name, element in elements.items()
    ]


def read_fields(values: Values) -> About:
    """Raises UserFacingError with the field at fault."""
    works_from, works_to = _hour(values, "works_from"), _hour(values, "works_to")
    if (works_from is None) != (works_to is None):
        missing = "works_from" if works_from is None else "works_to"
        raise UserFacingError("works_half", field=missing)
    if works_from is not None and works_to is not None and works_to <= works_from:
        raise UserFacingError("works_backwards", field="works_to")
    avoided = tuple(blocks.choices_of(values, "avoided"))
    if len(avoided) > MOST_AVOIDED:
        raise UserFacingError("avoided_too_many", field="avoided", most=MOST_AVOIDED)
    style = blocks.text_of(values, "learning_style")
    often = blocks.text_of(values, "frequency")
    return About(
        strengths=_known(values, "strengths", STRENGTHS),
        interests=_known(values, "interests", INTERESTS),
        learning_style=style if style in STYLES else None,
        means=_known(values, "means", MEANS),
        frequency=Cadence(often) if often in list(Cadence) else None,
        works_from=works_from,
        works_to=works_to,
        hours_a_month=blocks.optional_number_of(values, "hours_a_month", 1, MOST_HOURS_A_MONTH),
        avoided=avoided,
    )


def _known(values: Values, block_id: str, ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in blocks.choices_of(values, block_id) if one in ids)


def _menu(library: Library, options: Sequence[Option], initial: str | int | None) -> Block:
    nothing = (NO_MATTER, library.label("profile.no_matter_option"))
    values = {value for value, _ in options}
    chosen = str(initial) if str(initial) in values else NO_MATTER
    return blocks.select_input([nothing, *options], chosen)


def _hours(first: int, last: int) -> list[Option]:
    return [(str(hour), f"{hour:02d}:00") for hour in range(first, last + 1)]


def _hour(values: Values, block_id: str) -> int | None:
    text = blocks.text_of(values, block_id)
    return int(text) if text.isascii() and text.isdigit() else None
