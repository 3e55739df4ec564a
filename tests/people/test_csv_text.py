import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people.csv_text import LONGEST_ROW, decode, records, split_lines, tidy
from bot.people.import_errors import FileError

WORDS = st.text(alphabet="aé ,;\t\"'\n\r=0", max_size=8)


def refused(data: bytes) -> str:
    with pytest.raises(FileError) as caught:
        decode(data)
    return caught.value.key


class TestDecode:
    @pytest.mark.parametrize(
        ("codec", "encoding"),
        [
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8"),
            ("utf-16", "utf-16"),
            ("latin-1", "cp1252"),
            ("cp1252", "cp1252"),
        ],
    )
    def test_reads(self, codec: str, encoding: str) -> None:
        assert decode("id;name\n1;Zoé".encode(codec)) == ("id;name\n1;Zoé", encoding)

    def test_big_endian_utf_16(self) -> None:
        assert decode(b"\xfe\xff" + "id\né".encode("utf-16-be")) == ("id\né", "utf-16")

    def test_the_euro_sign_of_windows(self) -> None:
        assert decode(b"id\n\x80") == ("id\n€", "cp1252")

    def test_what_cannot_be_seen_is_left_out(self) -> None:
        assert decode("id\n1\u200b7\x1b[31m\u202e".encode())[0] == "id\n17[31m"

    @pytest.mark.parametrize("data", [b"", b"\n \r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
    def test_an_empty_file(self, data: bytes) -> None:
        assert refused(data) == "empty_file"

    @pytest.mark.parametrize(
        "data",
        [
            b"\x89PNG\r\n\x1a\n\x00",
            b"\x1f\x8b\x08junk",
            b"id,level\n1,\x00",
            b"\x81\x8d",
            b"\xff\xfeodd",
            "id,level\n1,2".encode("utf-16-le"),
            "id,level\n1,2".encode("utf-32"),
        ],
    )
    def test_what_is_no_text(self, data: bytes) -> None:
        assert refused(data) == "not_text"


class TestRecords:
    def read(self, text: str) -> list[tuple[int, list[str] | None]]:
        return list(records(split_lines(text), ","))

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_every_line_end_counts_once(self, end: str) -> None:
        assert self.read(f"a,b{end}c,d{end}{end}e,f") == [
            (1, ["a", "b"]),
            (2, ["c", "d"]),
            (4, ["e", "f"]),
        ]

    def test_rows_of_blank_cells_are_skipped(self) -> None:
        assert self.read('a\n,,\n  ,\t\n"",""\nb') == [(1, ["a"]), (5, ["b"])]

    def test_a_row_is_counted_where_it_starts(self) -> None:
        assert self.read('a,"x\r\n\r\ny"\r\nb,c') == [(1, ["a", "x\r\n\r\ny"]), (4, ["b", "c"])]

    def test_quotes_after_a_space_and_in_a_word(self) -> None:
        assert self.read('a, "b, c"\nO"Brien,5\'10"') == [
            (1, ["a", "b, c"]),
            (2, ['O"Brien', "5'10\""]),
        ]

    def test_a_quote_never_closed_costs_one_line(self) -> None:
        assert self.read('a,"b\nc,d\ne,f') == [(1, None), (2, ["c", "d"]), (3, ["e", "f"])]

    def test_a_quote_closed_in_the_wrong_place_costs_one_line(self) -> None:
        assert self.read('a,"b\n"c",d\n') == [(1, None), (2, ["c", "d"])]

    def test_a_cell_of_too_many_lines_costs_one_line(self) -> None:
        long = '"' + "\n" * LONGEST_ROW + '",x'
        assert self.read(long + "\na") == [
            (1, None),
            (LONGEST_ROW + 1, None),
            (LONGEST_ROW + 2, ["a"]),
        ]

    def test_a_cell_longer_than_the_csv_module_takes(self) -> None:
        assert self.read('"' + "x" * 200_000 + '"\na') == [(1, None), (2, ["a"])]

    @given(
        st.lists(st.lists(WORDS, min_size=2, max_size=4), max_size=8),
        st.sampled_from([",", ";", "\t"]),
        st.sampled_from(["\n", "\r\n"]),
        st.booleans(),
    )
    def test_what_csv_writes_is_read_back(
        self, rows: list[list[str]], delimiter: str, end: str, quote_all: bool
    ) -> None:
        out = io.StringIO(newline="")
        if not quote_all:  # Python 3.11 does not quote a carriage return of its own accord
            rows = [[cell.replace("\r", "\n") for cell in row] for row in rows]
        writer = csv.writer(
            out,
            delimiter=delimiter,
            lineterminator=end,
            quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
        )
        writer.writerows(rows)
        read = [cells for _, cells in records(split_lines(out.getvalue()), delimiter)]
        tidied = [[tidy(cell) for cell in cells or []] for cells in read]
        wanted = [[tidy(cell) for cell in row] for row in rows]
        assert tidied == [row for row in wanted if any(row)]


class TestTidy:
    def test_is_one_line(self) -> None:
        assert tidy(" Head of\r\n\u00a0 Sales\t") == "Head of Sales"
