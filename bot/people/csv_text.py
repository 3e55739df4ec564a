"""From the bytes of a CSV file to numbered rows of cells. Knows nothing of people."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence

from bot.people.import_errors import FileError

DELIMITERS = (",", ";", "\t")
LONGEST_ROW = 100
"""Lines in one row at most. A quote that is never closed must not swallow the rest of the file,
and reading stays linear however many of them there are."""

CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]"
)

Record = tuple[int, list[str] | None]
"""The line where a row starts, counted from 1, and its cells; None when its quotes do not match."""


def decode(data: bytes) -> tuple[str, str]:
    """The text and how it was read: as utf-8, utf-16 or cp1252 (Latin-1 as Windows has it).

    Characters that cannot be seen are left out, so that two ids which look the same are the same
    and none of them can steer a terminal. Raises FileError for what is no text.
    """
    text, encoding = _decoded(data)
    if not text.strip():
        raise FileError("empty_file")
    if "\0" in text or CONTROL.search(text.lstrip().partition("\n")[0]):
        raise FileError("not_text")
    return INVISIBLE.sub("", text), encoding


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "cp1252"]
    for encoding in candidates:
        try:
            return data.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise FileError("not_text")


def split_lines(text: str) -> list[str]:
    """Lines with their ends, which are \\n, \\r\\n or \\r: the lines that an editor counts."""
    return list(io.StringIO(text, newline=""))


def records(lines: Sequence[str], delimiter: str) -> Iterator[Record]:
    """Every row that has something in it. Rows of blank cells are skipped.

    When the quotes of a row do not match, only its first line is given up: reading goes on with
    the next line. Raises nothing.
    """
    at = 0
    while at < len(lines):
        cells, taken = _row_at(lines, at, delimiter)
        if cells is None or not _blank(cells):
            yield at + 1, cells
        at += taken


def _row_at(lines: Sequence[str], at: int, delimiter: str) -> tuple[list[str] | None, int]:
    if '"' not in lines[at]:
        return lines[at].rstrip("\r\n").split(delimiter), 1
    window = lines[at : at + LONGEST_ROW]
    reader = csv.reader(window, delimiter=delimiter, strict=True, skipinitialspace=True)
    try:
        return next(reader), reader.line_num
    except csv.Error:
        return None, 1


def _blank(cells: Sequence[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in cells)


def tidy(cell: str) -> str:
    """The cell on one line: each run of white space, line breaks included, is one space."""
    return " ".join(cell.split())
