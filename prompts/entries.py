"""What stands in the library's files, read and checked entry by entry.

Every function raises LibraryError for the first thing wrong, with the sentence to show.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from prompts.texts import (
    LONGEST,
    Text,
    TextError,
    Value,
    checked,
    checked_text,
    escape,
    fill,
    limit_of,
    placeholders,
)

Phase = Literal["start", "middle", "end"]
Opens = Literal["mentor", "mentee", "both"]
Learner = Literal["mentor", "mentee"]

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 60
KEY = re.compile(r"[a-z][a-z0-9_]*")
CARDS = range(4, 7)
WORDS_A_CARD = range(60, 121)


class LibraryError(Exception):
    """A file of the library that cannot be used; as a string, one sentence to show as it is."""

    def __init__(self, file: str, entry: str | None, reason: str) -> None:
        where = file if entry is None else f"{file}, entry “{entry}”"
        super().__init__(f"{where}: {reason}.")
        self.file = file
        self.entry = entry
        self.reason = reason


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
    """A nudge or a reminder."""

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
    role: Learner
    heading: str
    text: str
    question: str


@dataclass(frozen=True)
class TomlFile:
    """A file as it was read, and the name it has in sentences (from the language's folder on)."""

    name: str
    content: Mapping[str, Any]

    def entries(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """The tables written as [[kind]]. Nothing else may stand in the file."""
        for key in sorted(self.content.keys() - {kind}):
            raise LibraryError(self.name, key, f"only [[{kind}]] entries belong in this file")
        tables = self.content.get(kind)
        if not isinstance(tables, list) or not tables:
            raise LibraryError(self.name, None, f"has no [[{kind}]] entries")
        if not all(isinstance(table, dict) for table in tables):
            raise LibraryError(self.name, kind, f"is not written as [[{kind}]]")
        yield from tables


def read(folder: Path, name: str) -> TomlFile:
    """The file `name` below a language's folder."""
    shown = f"{folder.name}/{name}"
    try:
        content = tomllib.loads((folder / name).read_bytes().decode("utf-8-sig"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LibraryError(shown, None, f"cannot be read ({reason})") from None
    except UnicodeDecodeError as error:
        raise LibraryError(shown, None, f"is not UTF-8 (byte {error.start + 1})") from None
    except tomllib.TOMLDecodeError as error:
        raise LibraryError(shown, None, f"is not valid TOML ({error})") from None
    return TomlFile(shown, content)


def topics(file: TomlFile) -> tuple[Topic, ...]:
    """The topics people offer and want, in the order they are shown in."""
    found = []
    for table in file.entries("topic"):
        entry = identified(file, table, frozenset({"name"}), frozenset({"identity"}))
        name = sentence(file, entry, table["name"], limit=limit_of("option"), allowed=frozenset())
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
        phase = cast(Phase, _one_of(file, entry, table, "phase", get_args(Phase)))
        opens = cast(Opens, _one_of(file, entry, table, "opens", get_args(Opens)))
        text = sentence(file, entry, table["text"], allowed=frozenset())
        found.append(Question(entry, topic, phase, opens, text))
    return tuple(found)


def prompts(file: TomlFile, kind: str, allowed: frozenset[str]) -> tuple[Prompt, ...]:
    """The nudges or reminders; `allowed` are the placeholders their text may use."""
    found = []
    for table in file.entries(kind):
        entry = identified(file, table, frozenset({"text"}))
        found.append(Prompt(entry, sentence(file, entry, table["text"], allowed=allowed)))
    return tuple(found)


def cards(file: TomlFile) -> tuple[Card, ...]:
    """The cards of the lessons: short ones, and a few for each role."""
    found = []
    for table in file.entries("card"):
        entry = identified(file, table, frozenset({"role", "heading", "text", "question"}))
        role = cast(Learner, _one_of(file, entry, table, "role", get_args(Learner)))
        heading, text, question = (
            sentence(file, entry, table[name], limit=limit_of(name), allowed=frozenset())
            for name in ("heading", "text", "question")
        )
        if (words := len(text.split())) not in WORDS_A_CARD:
            least, most = WORDS_A_CARD[0], WORDS_A_CARD[-1]
            reason = f"the text has {words} words, and a card takes {least} to {most}"
            raise LibraryError(file.name, entry, reason)
        found.append(Card(entry, role, heading, text, question))
    for role in get_args(Learner):
        if (count := sum(card.role == role for card in found)) not in CARDS:
            reason = f"has {count} cards for a {role}, and needs {CARDS[0]} to {CARDS[-1]}"
            raise LibraryError(file.name, None, reason)
    return tuple(found)


def interface(file: TomlFile) -> dict[str, Text]:
    """The interface texts by their dotted keys, "join.title" for `title` under [join]."""
    texts = {}
    for section, entries in file.content.items():
        if not KEY.fullmatch(section) or not isinstance(entries, dict):
            raise LibraryError(file.name, section, "is not a [section] of texts")
        for name, entry in entries.items():
            key = f"{section}.{name}"
            if not KEY.fullmatch(name):
                raise LibraryError(file.name, key, "has a key with other signs than a-z, 0-9, _")
            try:
                texts[key] = checked_text(entry, limit_of(key))
            except TextError as error:
                raise LibraryError(file.name, key, f"the text {error}") from None
    return texts


def retired(file: TomlFile) -> frozenset[str]:
    """The ids that were in use once and may not come back with another meaning."""
    ids = file.content.get("retired")
    if file.content.keys() != {"retired"} or not isinstance(ids, list):
        raise LibraryError(file.name, None, "needs one list named “retired”, and nothing else")
    for entry in ids:
        if not isinstance(entry, str) or not ID.fullmatch(entry):
            raise LibraryError(file.name, str(entry), "is not an id")
    return frozenset(ids)


def identified(
    file: TomlFile,
    table: Mapping[str, Any],
    required: frozenset[str],
    optional: frozenset[str] = frozenset(),
) -> str:
    """The entry's id, once its shape is right."""
    entry = table.get("id")
    if not isinstance(entry, str):
        raise LibraryError(file.name, None, "has an entry without an “id”")
    if not ID.fullmatch(entry) or len(entry) > LONGEST_ID:
        reason = f"the id is not lower-case words joined by hyphens ({LONGEST_ID} signs at most)"
        raise LibraryError(file.name, entry, reason)
    for field in sorted(required - table.keys()):
        raise LibraryError(file.name, entry, f"“{field}” is missing")
    for field in sorted(table.keys() - required - optional - {"id"}):
        raise LibraryError(file.name, entry, f"“{field}” is not known here")
    return entry


def _one_of(
    file: TomlFile,
    entry: str,
    table: Mapping[str, Any],
    field: str,
    known: tuple[str, ...],
) -> str:
    value = table[field]
    if value not in known:
        reason = f"“{field}” is “{value}”, and has to be one of {', '.join(known)}"
        raise LibraryError(file.name, entry, reason)
    return str(value)


def sentence(
    file: TomlFile,
    entry: str,
    text: object,
    *,
    allowed: frozenset[str],
    limit: int = LONGEST,
) -> str:
    try:
        good = checked(text, limit)
    except TextError as error:
        raise LibraryError(file.name, entry, f"the text {error}") from None
    for name in sorted(placeholders(good) - allowed):
        raise LibraryError(file.name, entry, f"the text has the unknown placeholder {{{name}}}")
    return good
