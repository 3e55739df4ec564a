import io
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bot.people import workbook
from bot.people.hr_file import HrFileError, read_rows


def book(*sheets: list[list[object]], hidden: int = 0) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"default_date_format": "yyyy-mm-dd"}) as made:
        for place, table in enumerate(sheets):
            sheet = made.add_worksheet()
            for number, row in enumerate(table):
                sheet.write_row(number, 0, row)
            if place < hidden:
                sheet.hide()
        made.worksheets()[-1].activate()
        made.worksheets()[-1].set_first_sheet()
    return data.getvalue()


class TestRecords:
    def test_cells_are_as_somebody_would_type_them(self) -> None:
        row: list[object] = [
            17,
            3.5,
            "Zoë",
            True,
            date(2026, 1, 31),
            datetime(2026, 1, 31, 9),  # noqa: DTZ001 # a spreadsheet knows no zones
            None,
        ]
        [(line, cells)] = workbook.records(book([row]))
        assert line == 1
        assert cells is not None
        assert cells[:6] == ["17", "3.5", "Zoë", "true", "2026-01-31", "2026-01-31"]

    def test_lines_are_those_of_the_spreadsheet(self) -> None:
        table: list[list[object]] = [[], ["id", "level"], [], ["1", " "], [" "], ["2", 3]]
        assert [line for line, _ in workbook.records(book(table))] == [2, 4, 6]

    def test_the_first_sheet_that_can_be_seen_and_has_something(self) -> None:
        data = book([["hidden"]], [], [["this"]], hidden=1)
        assert list(workbook.records(data)) == [(1, ["this"])]

    def test_characters_nobody_sees_are_left_out(self) -> None:
        assert list(workbook.records(book([["a\u200bb", "c\u202ed"]]))) == [(1, ["ab", "cd"])]

    @pytest.mark.parametrize(
        ("data", "key"),
        [
            (b"\xd0\xcf\x11\xe0old", "old_workbook"),
            (b"PK\x03\x04rest", "broken_workbook"),
            (book([]), "empty_file"),
            (book([["id", "level"]]), "no_rows"),
            (book([["id", "id", "level"], [1, 1, 1]]), "ambiguous_column"),
        ],
    )
    def test_what_is_no_table_of_people(self, data: bytes, key: str) -> None:
        with pytest.raises(HrFileError) as caught:
            read_rows(data, {})
        assert caught.value.key == key

    @given(st.binary(max_size=200))
    def test_bytes_after_the_right_beginning_end_in_a_sentence(self, data: bytes) -> None:
        with pytest.raises(HrFileError):
            read_rows(workbook.ZIP + data, {})
