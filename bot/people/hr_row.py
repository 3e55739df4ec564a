"""One row of an HR file: what it must hold, and what is said when it does not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from zoneinfo import available_timezones

from bot.people.csv_text import tidy
from bot.people.import_errors import shown

HIGHEST_LEVEL = 100
LONGEST_ID = 64
LONGEST_EMAIL = 254
LONGEST_TEXT = 200

LEVEL = re.compile(r"0{0,9}([0-9]{1,3})(?:[.,]0{1,2})?")
WHOLE_AS_DECIMAL = re.compile(r"([0-9]+)\.0")
EMAIL = re.compile(r"[^@\s,;<>\"]+@(?:[^@\s.,;<>\"]+\.)+[^@\s.,;<>\"]+")
DAY = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[T ][0-9:.]*(?:Z|[+-][0-9:]+)?)?")
DAY_WITH_DOTS = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
LEFT = frozenset({"1", "1.0", "yes", "y", "true", "left"})
STAYED = frozenset({"", "0", "0.0", "no", "n", "false", "active"})
MACHINE_ZONES = frozenset({"localtime", "Factory"})


@dataclass(frozen=True, slots=True)
class HrRow:
    """One employee, as HR has them. Text is "" and an optional value None where there is none.

    `active` is False for somebody HR says has left. They work here from `starts_on` to `ends_on`,
    both included.

    `written_manager` is what the file says, also when no row here has that id. Somebody whom an
    earlier file brought in may have it; never show it, it may be a name.
    """

    line: int
    employee_id: str
    name: str
    email: str | None
    level: int | None
    department: str
    title: str
    manager_employee_id: str | None
    time_zone: str | None
    active: bool
    written_manager: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Something about the row that starts at `line`, counted from 1 as in the file.

    A refused row did not come in; otherwise it did, without the value in question. The sentence
    is `import.<reason_key>`, and `values` fill its placeholders.
    """

    line: int
    reason_key: str
    values: Mapping[str, str | int]
    refused: bool = False


class RowRefused(Exception):
    """Why a row cannot be used."""

    def __init__(self, key: str, **values: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where each field is in a row, what its column is called, and how wide the header is. A row
    without a level is refused if `needs_level`."""

    columns: Mapping[str, int]
    names: Mapping[str, str]
    width: int
    needs_level: bool = True

    def name(self, field: str) -> str:
        return shown(self.names[field])


Cells = Mapping[str, str]
"""What a row says of each field; a field without a column is not in it."""


def identify(sheet: Sheet, cells: list[str] | None) -> Cells:
    """The mapped cells of a row that says whose it is. Raises RowRefused.

    Cells missing at the end are empty. Ids stay as written, "007" too. Only "17.0", which
    spreadsheets make of 17 in a column with gaps, is 17 again: ids and managers would not meet.
    """
    if cells is None:
        raise RowRefused("quotes")
    if len(cells) > sheet.width and any(tidy(cell) for cell in cells[sheet.width :]):
        raise RowRefused("too_many_cells", cells=len(cells), columns=sheet.width)
    count = len(cells)
    said = {field: tidy(cells[at]) if at < count else "" for field, at in sheet.columns.items()}
    for field in ("id", "manager"):
        if whole := WHOLE_AS_DECIMAL.fullmatch(said.get(field, "")):
            said[field] = whole[1]
    if not said["id"]:
        raise RowRefused("missing_id", column=sheet.name("id"))
    if len(said["id"]) > LONGEST_ID:
        raise RowRefused("id_too_long", column=sheet.name("id"), most=LONGEST_ID)
    return said


def read_row(sheet: Sheet, line: int, said: Cells) -> HrRow:
    """The row, its manager as written. Raises RowRefused."""
    starts_on, ends_on = _day(sheet, said, "start"), _day(sheet, said, "end")
    if starts_on and ends_on and ends_on < starts_on:
        about = {"column": sheet.name("end"), "start_column": sheet.name("start")}
        raise RowRefused("ends_before_start", id=said["id"], **about)
    return HrRow(
        line=line,
        employee_id=said["id"],
        name=said.get("name", "")[:LONGEST_TEXT],
        email=_email(sheet, said),
        level=_level(sheet, said),
        department=said.get("department", "")[:LONGEST_TEXT],
        title=said.get("title", "")[:LONGEST_TEXT],
        manager_employee_id=said.get("manager") or None,
        time_zone=_zones().get(said.get("time_zone", "").casefold()),
        active=said.get("left", "").casefold() not in LEFT,
        written_manager=said.get("manager") or None,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def warnings(sheet: Sheet, row: HrRow, said: Cells) -> Iterator[RowProblem]:
    """What the file says of a usable row and the row does not take over."""
    if row.time_zone is None and said.get("time_zone"):
        yield _warning(sheet, row, "unknown_time_zone", "time_zone")
    if row.active and said.get("left", "").casefold() not in STAYED:
        yield _warning(sheet, row, "left_unclear", "left")
    for field in ("name", "department", "title"):
        if len(said.get(field, "")) > LONGEST_TEXT:
            yield _warning(sheet, row, "text_cut", field, most=LONGEST_TEXT)


def _warning(sheet: Sheet, row: HrRow, key: str, field: str, **values: str | int) -> RowProblem:
    about = {"id": row.employee_id, "column": sheet.name(field), **values}
    return RowProblem(row.line, key, about)


def _level(sheet: Sheet, said: Cells) -> int | None:
    """A whole number from 1 to 100 in the digits 0-9. "3.0" and "3,0" are 3; "3.5" is nothing."""
    if not said.get("level"):
        if not sheet.needs_level:
            return None
        raise RowRefused("level_empty", id=said["id"], column=sheet.name("level"))
    match = LEVEL.fullmatch(said["level"])
    if not match or not 1 <= int(match[1]) <= HIGHEST_LEVEL:
        about = {"id": said["id"], "column": sheet.name("level")}
        raise RowRefused("level_not_a_number", **about, most=HIGHEST_LEVEL)
    return int(match[1])


def _email(sheet: Sheet, said: Cells) -> str | None:
    """The address in small letters, as Slack has it; None when the cell is empty."""
    text = said.get("email", "").lower()
    if not text:
        return None
    if len(text) > LONGEST_EMAIL or not EMAIL.fullmatch(text):
        raise RowRefused("bad_email", id=said["id"], column=sheet.name("email"))
    return text


def _day(sheet: Sheet, said: Cells, field: str) -> date | None:
    """2026-11-22, with or without a time after it, 2026/11/22 or 22.11.2026. 11/12/2026 is another
    day on each side of an ocean, so it is none."""
    text = said.get(field, "")
    if not text:
        return None
    try:
        if found := DAY.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := DAY_WITH_DOTS.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:  # the 31st of February
        pass
    raise RowRefused("not_a_day", id=said["id"], column=sheet.name(field))


@cache
def _zones() -> dict[str, str]:
    return {zone.casefold(): zone for zone in available_timezones() - MACHINE_ZONES}
