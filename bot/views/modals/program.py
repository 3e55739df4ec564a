"""The form with all settings of a program, for a new one and for changes, and its reading."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bot.errors import UserFacingError
from bot.views import blocks
from bot.views.blocks import Block, Values
from bot.views.messages import day
from bot.views.modals.program_settings import Marks, ProgramSettings, mark, marks
from models import Audience, Cadence, Space
from models.program import BOUNDS
from prompts.library import Library

CALLBACK = "program"
LONGEST_NAME, LONGEST_PURPOSE = 80, 500
LANGUAGES = ("en",)
YES = "yes"
MOST_DEPARTMENTS, LONGEST_DEPARTMENT = 100, 150
"""What a select holds; departments beyond it cannot be chosen."""
OPTIONAL = frozenset(
    {
        *("join_by", "departments", "lowest_level", "highest_level", "invited_slack_ids", "seats"),
        *("vetted", "training_required", "asks_participants"),
        *("sponsor_slack_ids", "support_contact_slack_id"),
    }
)
SWITCHES = ("vetted", "training_required", "asks_participants")
NUMBERS = tuple(BOUNDS.keys() - {"hour"})
DATES = ("starts_on", "join_by")
LISTS = (
    *("topics", "departments"),
    *("invited_slack_ids", "manager_slack_ids", "sponsor_slack_ids"),
)
CHOICES = {"cadence": Cadence, "audience": Audience, "space": Space}
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "essentials": ("name", "purpose", "topics", "admin_channel_id"),
    "people": (
        *("mentee_from_level", "audience", "departments", "lowest_level", "highest_level"),
        *("invited_slack_ids", "seats"),
    ),
    "rhythm": ("starts_on", "join_by", "weeks", "cadence", "hour"),
    "matching": (
        *("level_gap", "mentor_capacity", "mentee_capacity", "vetted", "training_required"),
        *("approvals_needed", "asks_participants", "feedback_group_size", "space"),
    ),
    "team": (*("manager_slack_ids", "sponsor_slack_ids", "support_contact_slack_id", "language"),),
}
"""The form's fields, by the heading above them."""


@dataclass(frozen=True)
class Filled:
    """A submitted form. `given` are the settings that the form asked for, whatever they are;
    `shown` marks what they were when it was opened (empty for a new program). `weights` are those
    that a new program takes over for its matches."""

    program_id: int | None
    given: Mapping[str, Any]
    shown: Marks
    weights: Mapping[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> dict[str, Any]:
        """The settings that the person has changed: the others are as somebody else may have set
        them meanwhile."""
        return {
            name: value for name, value in self.given.items() if mark(value) != self.shown.get(name)
        }


def build(
    library: Library,
    settings: ProgramSettings,
    departments: Sequence[str],
    *,
    program_id: int | None = None,
    fixed: Collection[str] = (),
    weights: Mapping[str, int] = MappingProxyType({}),
) -> Block:
    """`departments` are those that HR knows; `fixed` the settings that cannot be changed any more,
    of the program that is edited. `weights` are not asked for: a new program takes them over from
    what it was begun with."""
    shown = {name: value for name, value in marks(settings).items() if name not in fixed}
    edited = {"program": program_id, "shown": shown}
    begun = {"weights": dict(weights)} if weights else None
    asked = _elements(library, settings, departments)
    fields: list[Block] = []
    for section, names in SECTIONS.items():
        own = [name for name in names if name in asked and name not in fixed]
        if own:
            fields.append(blocks.header(library.label(f"program.section_{section}_heading")))
            fields += [_field(library, name, asked[name]) for name in own]
        fields += [
            blocks.context(_fixed_line(library, name, settings)) for name in names if name in fixed
        ]
    new = program_id is None
    return blocks.modal(
        CALLBACK,
        title=library.label("program.new_title" if new else "program.edit_title"),
        submit=library.label("program.new_submit" if new else "program.edit_submit"),
        close=library.label("program.close"),
        fields=fields,
        metadata=_packed(begun if new else edited),
    )


def read(view: Mapping[str, Any]) -> Filled:
    """Raises UserFacingError with the field at fault."""
    values: Values = view["state"]["values"]
    edited = json.loads(view["private_metadata"] or "{}")
    given = dict(_read(values))
    _required(given, "name", "name_missing")
    _required(given, "purpose", "purpose_missing")
    _required(given, "topics", "topics_missing")
    _required(given, "admin_channel_id", "channel_missing")
    return Filled(edited.get("program"), given, edited.get("shown", {}), edited.get("weights", {}))


def _packed(metadata: Mapping[str, Any] | None) -> str:
    return json.dumps(metadata, separators=(",", ":")) if metadata else ""


def _required(given: Mapping[str, Any], name: str, key: str) -> None:
    if not given[name]:
        raise UserFacingError(key, field=name)


def _read(values: Values) -> Iterator[tuple[str, Any]]:
    """Every setting whose field was there: some are only shown, and some not even that."""
    for name in values:
        if name in LISTS:
            yield name, blocks.choices_of(values, name)
        elif name in SWITCHES:
            yield name, bool(blocks.choices_of(values, name))
        elif name == "support_contact_slack_id":
            yield name, next(iter(blocks.choices_of(values, name)), "")
        elif name in DATES:
            optional = name in OPTIONAL
            yield name, (blocks.optional_date_of if optional else blocks.date_of)(values, name)
        elif name == "hour":
            yield name, int(blocks.text_of(values, name))
        elif name in NUMBERS:
            read_one = blocks.optional_number_of if name in OPTIONAL else blocks.number_of
            yield name, read_one(values, name, *BOUNDS[name])
        elif name in CHOICES:
            yield name, CHOICES[name](blocks.text_of(values, name))
        else:
            yield name, blocks.text_of(values, name)


def _elements(
    library: Library, settings: ProgramSettings, departments: Sequence[str]
) -> dict[str, Block]:
    """By setting, how it is asked for."""
    label = library.label
    topics = list(library.topics.items())
    elements = {
        "name": blocks.text_input(
            longest=LONGEST_NAME,
            placeholder=label("program.name_placeholder"),
            initial=settings.name,
        ),
        "purpose": blocks.text_input(
            longest=LONGEST_PURPOSE,
            lines=True,
            placeholder=label("program.purpose_placeholder"),
            initial=settings.purpose,
        ),
        "topics": blocks.several_input(topics, settings.topics),
        "admin_channel_id": blocks.channel_input(settings.admin_channel_id or None),
        "hour": blocks.hour_input(*BOUNDS["hour"], settings.hour),
        "language": blocks.select_input(
            [(one, label(f"program.language_{one}_option")) for one in LANGUAGES], settings.language
        ),
        "starts_on": blocks.date_input(settings.starts_on),
        "join_by": blocks.date_input(settings.join_by),
    }
    for name in ("invited_slack_ids", "manager_slack_ids", "sponsor_slack_ids"):
        elements[name] = blocks.people_input(getattr(settings, name))
    for name in NUMBERS:
        elements[name] = blocks.number_input(getattr(settings, name), *BOUNDS[name])
    contact = [settings.support_contact_slack_id] if settings.support_contact_slack_id else []
    elements["support_contact_slack_id"] = blocks.people_input(contact) | {"max_selected_items": 1}
    for key in SWITCHES:
        options = [(YES, label(f"program.{key}_option"))]
        elements[key] = blocks.checkbox_input(options, [YES] if getattr(settings, key) else [])
    for name, choice in CHOICES.items():
        keys = {one.value: f"{name}_{one.value}" for one in choice}
        named = [(value, label(f"program.{key}_option")) for value, key in keys.items()]
        elements[name] = blocks.select_input(named, getattr(settings, name).value)
    if known := _departments(settings.departments, departments):
        elements["departments"] = blocks.several_input(known, settings.departments)
    return elements


def _departments(chosen: Sequence[str], known: Sequence[str]) -> list[blocks.Option]:
    """The chosen ones first, which HR may not know any more."""
    every = dict.fromkeys([*chosen, *known])
    fitting = [one for one in every if len(one) <= LONGEST_DEPARTMENT][:MOST_DEPARTMENTS]
    return [(one, one if len(one) <= 75 else one[:74] + "…") for one in fitting]


def _field(library: Library, name: str, element: Block) -> Block:
    return blocks.field(
        name,
        library.label(f"program.{name}_label"),
        element,
        hint=library.label(f"program.{name}_hint"),
        optional=name in OPTIONAL,
    )


def _fixed_line(library: Library, name: str, settings: ProgramSettings) -> str:
    match name:
        case "starts_on":
            value = day(settings.starts_on)
        case "cadence" | "space":
            key = f"{name}_{getattr(settings, name).value}"
            value = library.label(f"program.{key}_option")
        case _:
            value = str(getattr(settings, name))
    return library.say("program.fixed", setting=library.label(f"program.{name}_label"), value=value)
