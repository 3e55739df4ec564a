"""The kinds of entries: what each holds, and how a file of them is read.

Every function raises LibraryError for the first thing wrong, with the sentence to show.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeVar, cast, get_args

from prompts.entries import LibraryError, TomlFile, identified, one_of, sentence
from prompts.texts import Value, escape, fill, limit_of

Phase = Literal["start", "middle", "end"]
Opens = Literal["mentor", "mentee", "both"]
Side = Literal["mentor", "mentee"]
Moment = Literal["first", "middle", "farewell"]

NOTHING = frozenset[str]()
THE_TWO = frozenset({"mentor", "mentee"})
LETTER_VALUES = frozenset({"name", "partner", "program", "start", "end", "managers"})

LONGEST_SAID = 240
"""A prompt in a conversation is read at a glance, on a phone."""
LONGEST_OPENING, LONGEST_LETTER = 400, 1500
CARDS = range(4, 7)
WORDS_A_CARD = range(60, 121)
STEPS = range(3, 7)

T = TypeVar("T", bound=str)


@dataclass(frozen=True)
class Question:
    """A question for a pair: `opens` says who asks first, `phase` when in the program it fits."""

    id: str
    topic: str
    phase: Phase
    opens: Opens
    text: str


@dataclass(frozen=True)
class Prompt:
    """A nudge, a reminder, an encouragement or a follow-up."""

    id: str
    text: str

    def say(self, **values: Value) -> str:
        """The text as mrkdwn. Give every value there is, as texts differ in which they use.

        Raises TypeError when the text needs a value that was not given.
        """
        return fill(self.text, values, escape)


@dataclass(frozen=True)
class Topic:
    """Something to talk about; an identity topic needs a consent of its own."""

    id: str
    name: str
    identity: bool = False


@dataclass(frozen=True)
class Card:
    """One card of the lesson for a role. Its question is to think about, not to answer."""

    id: str
    role: Side
    heading: str
    text: str
    question: str


@dataclass(frozen=True)
class Outline:
    """What two people do in a meeting, step by step. Its texts may use {mentor} and {mentee}."""

    id: str
    name: str
    text: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Letter:
    """Thanks in writing, to keep or to show. The `note` comes with it and is for its reader alone.

    Both may use {name}, {partner}, {program}, {start}, {end} and {managers}.
    """

    id: str
    role: Side
    heading: str
    text: str
    note: str


def topics(file: TomlFile) -> tuple[Topic, ...]:
    """The topics people offer and want, in the order they are shown in."""
    found: list[Topic] = []
    for table in file.entries("topic"):
        entry = identified(file, table, frozenset({"name"}), frozenset({"identity"}))
        if any(topic.id == entry for topic in found):
            raise LibraryError(file.name, entry, "the id is in use twice")
        name = sentence(file, entry, table["name"], limit=limit_of("option"), allowed=NOTHING)
        identity = table.get("identity", False)
        if not isinstance(identity, bool):
            raise LibraryError(file.name, entry, "“identity” is neither true nor false")
        found.append(Topic(entry, name, identity))
    return tuple(found)


def questions(file: TomlFile, topic: str) -> tuple[Question, ...]:
    """The questions of one topic."""
    found = []
    for table in file.entries("question"):
        entry = identified(file, table, frozenset({"phase", "opens", "text"}))
        phase = cast(Phase, one_of(file, entry, table, "phase", get_args(Phase)))
        opens = cast(Opens, one_of(file, entry, table, "opens", get_args(Opens)))
        text = sentence(file, entry, table["text"], limit=LONGEST_SAID, allowed=NOTHING)
        found.append(Question(entry, topic, phase, opens, text))
    return tuple(found)


def prompts(file: TomlFile, kind: str, allowed: frozenset[str]) -> tuple[Prompt, ...]:
    """The prompts of one kind; `allowed` are the placeholders their text may use."""
    found = []
    for table in file.entries(kind):
        entry = identified(file, table, frozenset({"text"}))
        text = sentence(file, entry, table["text"], limit=LONGEST_SAID, allowed=allowed)
        found.append(Prompt(entry, text))
    return tuple(found)


def cards(file: TomlFile) -> tuple[Card, ...]:
    """The cards of the lessons: short ones, and a few for each role."""
    found = []
    for table in file.entries("card"):
        entry = identified(file, table, frozenset({"role", "heading", "text", "question"}))
        role = cast(Side, one_of(file, entry, table, "role", get_args(Side)))
        heading, text, question = (
            sentence(file, entry, table[name], limit=limit_of(name), allowed=NOTHING)
            for name in ("heading", "text", "question")
        )
        if (words := len(text.split())) not in WORDS_A_CARD:
            least, most = WORDS_A_CARD[0], WORDS_A_CARD[-1]
            reason = f"the text has {words} words, and a card takes {least} to {most}"
            raise LibraryError(file.name, entry, reason)
        found.append(Card(entry, role, heading, text, question))
    for role in get_args(Side):
        if (count := sum(card.role == role for card in found)) not in CARDS:
            reason = f"has {count} cards for a {role}, and needs {CARDS[0]} to {CARDS[-1]}"
            raise LibraryError(file.name, None, reason)
    return tuple(found)


def retrospectives(file: TomlFile) -> tuple[Outline, ...]:
    """Formats for looking back in about ten minutes."""
    return tuple(_outline(file, table, NOTHING) for table in file.entries("retrospective"))


def guides(file: TomlFile) -> Mapping[Moment, Outline]:
    """The agenda of each meeting that has one of its own."""
    found = []
    for table in file.entries("guide"):
        guide = _outline(file, table, frozenset({"moment"}))
        moment = cast(Moment, one_of(file, guide.id, table, "moment", get_args(Moment)))
        found.append((moment, guide))
    return _one_each(file, found, get_args(Moment))


def letters(file: TomlFile) -> Mapping[Side, Letter]:
    """The letter of recognition for each side."""
    found = []
    for table in file.entries("letter"):
        entry = identified(file, table, frozenset({"role", "heading", "text", "note"}))
        role = cast(Side, one_of(file, entry, table, "role", get_args(Side)))
        limits = {"heading": limit_of("heading"), "text": LONGEST_LETTER, "note": LONGEST_OPENING}
        heading, text, note = (
            sentence(file, entry, table[name], limit=limit, allowed=LETTER_VALUES)
            for name, limit in limits.items()
        )
        found.append((role, Letter(entry, role, heading, text, note)))
    return _one_each(file, found, get_args(Side))


def _outline(file: TomlFile, table: Mapping[str, Any], more: frozenset[str]) -> Outline:
    entry = identified(file, table, frozenset({"name", "text", "steps"}) | more)
    name = sentence(file, entry, table["name"], limit=limit_of("option"), allowed=NOTHING)
    text = sentence(file, entry, table["text"], limit=LONGEST_OPENING, allowed=THE_TWO)
    steps = table["steps"]
    if not isinstance(steps, list) or len(steps) not in STEPS:
        reason = f"“steps” is not a list of {STEPS[0]} to {STEPS[-1]} texts"
        raise LibraryError(file.name, entry, reason)
    said = [sentence(file, entry, step, limit=LONGEST_SAID, allowed=THE_TWO) for step in steps]
    return Outline(entry, name, text, tuple(said))


def _one_each(
    file: TomlFile, found: Iterable[tuple[T, Any]], needed: tuple[T, ...]
) -> Mapping[T, Any]:
    by_name: dict[T, Any] = {}
    for name, one in found:
        if name in by_name:
            reason = f"is for “{name}”, as “{by_name[name].id}” is already"
            raise LibraryError(file.name, one.id, reason)
        by_name[name] = one
    for name in needed:
        if name not in by_name:
            raise LibraryError(file.name, None, f"has nothing for “{name}”")
    return MappingProxyType(by_name)
