"""Which column of an HR file is which field of a person."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.people.csv_text import tidy
from bot.people.import_errors import MappingError

SYNONYMS: Mapping[str, frozenset[str]] = {
    "id": frozenset({"id", "employeeid", "employeenumber", "employeeno", "personnelnumber"}),
    "name": frozenset({"name", "fullname", "employeename"}),
    "email": frozenset({"email", "emailaddress", "workemail"}),
    "level": frozenset({"level", "joblevel", "senioritylevel"}),
    "department": frozenset({"department", "dept", "departmentname"}),
    "title": frozenset({"title", "jobtitle", "jobrole"}),
    "manager": frozenset(
        {"manager", "managerid", "manageremployeeid", "supervisorid", "linemanagerid", "reportsto"}
    ),
    "time_zone": frozenset({"timezone", "tz"}),
    "left": frozenset({"left", "hasleft"}),
    "start": frozenset({"start", "startdate", "hiredate", "entrydate"}),
    "end": frozenset({"end", "enddate", "lastday", "lastworkingday", "terminationdate"}),
}
"""The fields there are and the headers that stand for them, as `_plain` writes them. Nothing that
describes a person's age, gender, family or pay may ever be in this table."""

REQUIRED = ("id", "level")


def parse_mapping(text: str) -> dict[str, str]:
    """Reads "level=JobLevel,department=Department" into field -> column.

    An entry in double quotes may hold a comma. Raises MappingError for an entry that is not
    field=column, an unknown field, an empty column and a field that comes twice.
    """
    pairs: list[tuple[str, str]] = []
    for entry in _entries(text):
        name, equals, column = entry.partition("=")
        if not equals:
            raise MappingError("not_a_pair", entry=tidy(entry))
        pairs.append((name, column))
    return checked(pairs)


def checked(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The mapping these pairs of field and column make; raises MappingError as above."""
    mapping: dict[str, str] = {}
    for name, column in pairs:
        field = _known_field(name)
        if not _plain(column):
            raise MappingError("empty_column", field=field)
        if field in mapping:
            raise MappingError("field_twice", field=field)
        mapping[field] = tidy(column)
    return mapping


def _entries(text: str) -> list[str]:
    try:
        rows = list(csv.reader([text], strict=True, skipinitialspace=True))
    except csv.Error:
        raise MappingError("not_a_pair", entry=tidy(text)) from None
    return [entry for row in rows for entry in row if entry.strip()]


def _known_field(name: str) -> str:
    """The field's own name for "Time-Zone" or "LEVEL"; raises MappingError when there is none."""
    field = tidy(name).casefold().replace("-", "_").replace(" ", "_")
    if field not in SYNONYMS:
        raise MappingError("unknown_field", field=tidy(name), fields=", ".join(SYNONYMS))
    return field


def find_columns(header: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """The place of each mapped field in the header; without a mapping, of each that is there.

    Raises MappingError when a mapped column is not in the file, when more than one column
    could be meant, and when there is none for a required field.
    """
    columns: dict[str, int] = {}
    for field, places in _candidates(header, mapping):
        if len(places) > 1:
            names = ", ".join(tidy(header[place]) for place in places)
            raise MappingError("ambiguous_column", field=field, columns=names)
        if places:
            columns[field] = places[0]
        elif mapping:
            raise MappingError("missing_column", field=field, column=mapping[field])
    for field in REQUIRED:
        if field not in columns:
            raise MappingError("missing_field", field=field)
    return columns


def recognised(header: Sequence[str], mapping: Mapping[str, str]) -> int:
    """How many fields have a column in this header: the measure of a guessed delimiter."""
    return sum(1 for _, places in _candidates(header, mapping) if places)


def _candidates(
    header: Sequence[str], mapping: Mapping[str, str]
) -> Iterator[tuple[str, list[int]]]:
    if not mapping:
        for field, names in SYNONYMS.items():
            yield field, [at for at, cell in enumerate(header) if _plain(cell) in names]
        return
    for field, column in mapping.items():
        exact = [at for at, cell in enumerate(header) if tidy(cell) == column]
        alike = [at for at, cell in enumerate(header) if _plain(cell) == _plain(column)]
        yield field, exact or alike


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign not in " _-.\t\r\n\xa0")
