"""Templates: programs to start from, each complete and sensible as it stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from models import Cadence, Space
from models.program import BOUNDS
from prompts.entries import LibraryError, TomlFile, identified, sentence
from prompts.texts import limit_of

LONGEST_PURPOSE = 500
NUMBERS = BOUNDS.keys() - {"mentee_from_level", "lowest_level", "highest_level", "seats"}
"""How levels are counted and how many take part is for each company to say."""
SWITCHES = frozenset({"vetted", "training_required", "asks_participants"})
MOST_WEIGHT = 10
CHOICES: Mapping[str, type[StrEnum]] = {"cadence": Cadence, "space": Space}

Setting = int | bool | StrEnum


@dataclass(frozen=True)
class Template:
    """`settings` are those that differ from a new program's, by their names in models.Program;
    `weights` likewise, by the parts of a match's score."""

    id: str
    name: str
    description: str
    purpose: str
    topics: tuple[str, ...]
    settings: Mapping[str, Setting]
    weights: Mapping[str, int]


def templates(file: TomlFile, topics: Collection[str]) -> tuple[Template, ...]:
    """Raises LibraryError for the first entry that no program could be opened from."""
    required = frozenset({"name", "description", "purpose", "topics"})
    optional = NUMBERS | SWITCHES | CHOICES.keys()
    found: list[Template] = []
    for table in file.entries("template"):
        entry = identified(file, table, required, frozenset(optional | {"weights"}))
        if any(template.id == entry for template in found):
            raise LibraryError(file.name, entry, "the id is in use twice")
        limits = {"name": limit_of("option"), "description": limit_of("option")}
        name, description, purpose = (
            sentence(
                file,
                entry,
                table[field],
                limit=limits.get(field, LONGEST_PURPOSE),
                allowed=frozenset(),
            )
            for field in ("name", "description", "purpose")
        )
        settings = {
            field: _setting(file, entry, field, table[field])
            for field in sorted(optional & table.keys())
        }
        found.append(
            Template(
                id=entry,
                name=name,
                description=description,
                purpose=purpose,
                topics=_topics(file, entry, table["topics"], topics),
                settings=MappingProxyType(settings),
                weights=_weights(file, entry, table.get("weights", {})),
            )
        )
    return tuple(found)


def _topics(file: TomlFile, entry: str, wanted: object, known: Collection[str]) -> tuple[str, ...]:
    if not isinstance(wanted, list) or not wanted:
        raise LibraryError(file.name, entry, "“topics” is not a list with at least one topic")
    for topic in wanted:
        if topic not in known:
            raise LibraryError(file.name, entry, f"there is no topic “{topic}”")
        if wanted.count(topic) > 1:
            raise LibraryError(file.name, entry, f"the topic “{topic}” stands there twice")
    return tuple(wanted)


def _weights(file: TomlFile, entry: str, wanted: object) -> Mapping[str, int]:
    numbers = wanted.values() if isinstance(wanted, dict) else [None]
    if any(type(number) is not int or not 0 <= number <= MOST_WEIGHT for number in numbers):
        reason = f"“weights” are not whole numbers from 0 to {MOST_WEIGHT}, each with its part"
        raise LibraryError(file.name, entry, reason)
    assert isinstance(wanted, dict), "else there was None among the numbers"
    return MappingProxyType(dict(wanted))


def _setting(file: TomlFile, entry: str, field: str, value: object) -> Setting:
    if field in SWITCHES:
        if not isinstance(value, bool):
            raise LibraryError(file.name, entry, f"“{field}” is neither true nor false")
        return value
    if field in CHOICES:
        known = [choice.value for choice in CHOICES[field]]
        if value not in known:
            reason = f"“{field}” is “{value}”, and has to be one of {', '.join(known)}"
            raise LibraryError(file.name, entry, reason)
        return CHOICES[field](value)
    least, most = BOUNDS[field]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        reason = f"“{field}” is not a whole number from {least} to {most}"
        raise LibraryError(file.name, entry, reason)
    return value
