"""Files of the library, and what all their entries have in common.

Every function raises LibraryError for the first thing wrong, with the sentence to show.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prompts.texts import LONGEST, Text, TextError, checked, checked_text, limit_of, placeholders

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 60
KEY = re.compile(r"[a-z][a-z0-9_]*")


class LibraryError(Exception):
    """A file of the library that cannot be used; as a string, one sentence to show as it is."""

    def __init__(self, file: str, entry: str | None, reason: str) -> None:
        where = file if entry is None else f"{file}, entry “{entry}”"
        super().__init__(f"{where}: {reason}.")
        self.file = file
        self.entry = entry
        self.reason = reason


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


def words(file: TomlFile, name: str, form: re.Pattern[str], one: str) -> frozenset[str]:
    """A file that holds one list, and nothing else; each of its words has the form, and is `one`
    of its kind."""
    listed = file.content.get(name)
    if file.content.keys() != {name} or not isinstance(listed, list):
        raise LibraryError(file.name, None, f"needs one list named “{name}”, and nothing else")
    for word in listed:
        if not isinstance(word, str) or not form.fullmatch(word):
            raise LibraryError(file.name, str(word), f"is not {one}")
    return frozenset(listed)


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


def one_of(
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
