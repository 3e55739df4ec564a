"""From the bytes of an XLSX workbook to numbered rows of cells. Knows nothing of people."""

import datetime
import io
from collections.abc import Iterator

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from bot.people.csv_text import INVISIBLE, Record
from bot.people.import_errors import FileError

ZIP = b"PK\x03\x04"
OLD_OR_PROTECTED = b"\xd0\xcf\x11\xe0"

Cell = (
    int
    | float
    | str
    | bool
    | datetime.time
    | datetime.date
    | datetime.datetime
    | datetime.timedelta
)


def is_workbook(data: bytes) -> bool:
    return data.startswith((ZIP, OLD_OR_PROTECTED))


def records(data: bytes) -> Iterator[Record]:
    """Every row with something in it of the first sheet that can be seen and has one, numbered as
    in the spreadsheet. Raises FileError for what is no such workbook, at once."""
    if data.startswith(OLD_OR_PROTECTED):
        raise FileError("old_workbook")
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            sheet = _first_sheet(workbook)
            rows = sheet.to_python(skip_empty_area=False) if sheet else []
    except PasswordError:
        raise FileError("old_workbook") from None
    except CalamineError:
        raise FileError("broken_workbook") from None
    if not rows:
        raise FileError("empty_file")
    return _numbered(rows)


def _first_sheet(workbook: CalamineWorkbook) -> CalamineSheet | None:
    for place, about in enumerate(workbook.sheets_metadata):
        if about.typ is SheetTypeEnum.WorkSheet and about.visible is SheetVisibleEnum.Visible:
            sheet = workbook.get_sheet_by_index(place)
            if sheet.height:
                return sheet
    return None


def _numbered(rows: list[list[Cell]]) -> Iterator[Record]:
    for line, row in enumerate(rows, start=1):
        cells = [cell if type(cell) is str and cell.isprintable() else _text(cell) for cell in row]
        if any(cells) and any(cell and not cell.isspace() for cell in cells):
            yield line, cells


def _text(cell: Cell) -> str:
    """As somebody would type it: a whole number without “.0”, a day as 2026-11-22."""
    if isinstance(cell, str):
        return INVISIBLE.sub("", cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return str(cell)
