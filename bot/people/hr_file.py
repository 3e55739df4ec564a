"""Reads the people of a company from the file that HR exports, or from any other table of them.

Every usable row comes in, every other one is named with its line and reason. Only mapped columns
are ever looked at. What a problem says holds ids, column names and numbers, never a name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.people import workbook
from bot.people.columns import checked, find_columns, parse_mapping, recognised
from bot.people.csv_text import DELIMITERS, Record, decode, records, split_lines, tidy
from bot.people.hr_managers import Chains, settle_managers
from bot.people.hr_row import HrRow, RowProblem, RowRefused, Sheet, identify, read_row, warnings
from bot.people.import_errors import FileError, HrFileError, MappingError
from bot.people.progress import STEP, Tell, quietly

__all__ = [
    "FileError",
    "HrFile",
    "HrFileError",
    "HrRow",
    "MappingError",
    "RowProblem",
    "parse_mapping",
    "read_rows",
    "read_table",
]


@dataclass(frozen=True, slots=True)
class HrFile:
    """What a file holds, in the order of its lines.

    Each row of the file is either in `rows` or has exactly one refused problem. Employee ids are
    unique, each `manager_employee_id` is the id of another row here, and there are no cycles.
    `columns` are the fields that the file has a column for, and what it is called: of any other
    field the file says nothing.
    """

    rows: tuple[HrRow, ...]
    problems: tuple[RowProblem, ...]
    encoding: str
    columns: Mapping[str, str]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(self.columns)

    @property
    def refused(self) -> int:
        """How many rows of the file are not among `rows`."""
        return sum(problem.refused for problem in self.problems)


@dataclass(slots=True)
class _Found:
    """What has been read so far. `managers` and `lines` know every row that has an id to itself."""

    rows: dict[str, HrRow] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    managers: dict[str, str | None] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def read_rows(data: bytes, mapping: Mapping[str, str], tell: Tell = quietly) -> HrFile:
    """Reads the whole file, CSV or XLSX; an empty mapping means that columns are found by their
    usual names.

    Raises FileError when the file is not a table of people, MappingError when it is not clear
    which column is which field, and nothing else, whatever the bytes are.
    """
    mapping = checked(mapping.items())
    if workbook.is_workbook(data):
        body = workbook.records(data)
        _, header = next(body, (0, None))
        sheet, rows = _sheet(header or [], mapping), list(body)
        return read_table(sheet, rows, encoding="xlsx", in_all=len(rows), tell=tell)
    text, encoding = decode(data)
    lines = split_lines(text)
    sheet, body = _open(lines, mapping)
    return read_table(sheet, body, encoding=encoding, in_all=len(lines), tell=tell)


def read_table(
    sheet: Sheet, body: Iterable[Record], *, encoding: str, in_all: int, tell: Tell = quietly
) -> HrFile:
    """The people in the rows of a table, about `in_all` of them. Raises FileError as above."""
    found = _Found()
    count = 0
    for line, cells in body:
        _take(found, sheet, line, cells)
        count += 1
        if count % STEP == 0:
            tell("reading", count, in_all)
    if not count:
        raise FileError("no_rows")
    rows, problems = settle_managers(
        Chains(found.rows, found.managers, found.lines, sheet.names.get("manager", ""))
    )
    return HrFile(
        rows=tuple(rows),
        problems=_in_order([*found.problems, *problems, *_shared_addresses(sheet, rows)]),
        encoding=encoding,
        columns=dict(sheet.names),
    )


def _in_order(problems: Iterable[RowProblem]) -> tuple[RowProblem, ...]:
    """By line, and without the warnings about rows that were refused after all."""
    ordered = sorted(problems, key=lambda problem: problem.line)
    refused = {problem.line for problem in ordered if problem.refused}
    return tuple(found for found in ordered if found.refused or found.line not in refused)


def _shared_addresses(sheet: Sheet, rows: Iterable[HrRow]) -> Iterator[RowProblem]:
    """Slack tells people apart by their address, so two with one are worth a word."""
    first: dict[str, int] = {}
    for row in rows:
        if row.email and (line := first.setdefault(row.email, row.line)) != row.line:
            about = {"id": row.employee_id, "column": sheet.name("email")}
            yield RowProblem(row.line, "email_twice", {**about, "first_line": line})


def _open(lines: Sequence[str], mapping: Mapping[str, str]) -> tuple[Sheet, Iterator[Record]]:
    """The header and the rows after it, by the delimiter that makes most sense of the header."""
    best: tuple[tuple[int, int], list[str], Iterator[Record]] | None = None
    for delimiter in DELIMITERS:
        body = records(lines, delimiter)
        _, header = next(body, (0, None))
        if header is not None:
            fit = (recognised(header, mapping), len(header))
            if best is None or fit > best[0]:
                best = (fit, header, body)
    if best is None:
        raise FileError("header_quotes")
    _, header, body = best
    return _sheet(header, mapping), body


def _sheet(header: Sequence[str], mapping: Mapping[str, str]) -> Sheet:
    columns = find_columns(header, mapping)
    names = {name: tidy(header[at]) for name, at in columns.items()}
    return Sheet(columns, names, width=len(header))


def _take(found: _Found, sheet: Sheet, line: int, cells: list[str] | None) -> None:
    try:
        said = identify(sheet, cells)
        employee_id = said["id"]
        if (first := found.lines.setdefault(employee_id, line)) != line:
            raise RowRefused("duplicate_id", id=employee_id, first_line=first)
        found.managers[employee_id] = said.get("manager") or None
        row = read_row(sheet, line, said)
    except RowRefused as reason:
        found.problems.append(RowProblem(line, reason.key, reason.values, refused=True))
        return
    found.rows[employee_id] = row
    found.problems.extend(warnings(sheet, row, said))
