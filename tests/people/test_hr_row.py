from collections.abc import Mapping

import pytest

from bot.people.hr_row import HrRow, RowRefused, Sheet, identify, read_row, warnings

FIELDS = ("id", "name", "email", "level", "department", "title", "manager", "time_zone", "left")
SHEET = Sheet(
    columns={field: at for at, field in enumerate(FIELDS)},
    names={field: field.title() for field in FIELDS},
    width=len(FIELDS),
)

NO_LEVELS = ["0", "101", "3.5", "-1", "+3", "senior", "L3", "NaN", "inf", "1e1", "3.000", "3,000"]
NO_LEVELS += ["١", "３", "²", "3 4", "0x3", "3_0", "9" * 5000, "0" * 5000]
NO_ADDRESSES = ["ann", "ann@", "@x.com", "a@b", "a@b@c.com", "a b@c.com", "a@b..com", "a@.com"]
NO_ADDRESSES += ["a@b.com.", "Ann <a@b.com>", "a@b.com;c@d.com", "x" * 250 + "@b.com"]


def cells(**values: str) -> list[str]:
    return [({"id": "7", "level": "3"} | values).get(field, "") for field in FIELDS]


def read(**values: str) -> HrRow:
    return read_row(SHEET, 2, identify(SHEET, cells(**values)))


def refusal(row: list[str] | None) -> tuple[str, Mapping[str, str | int]]:
    with pytest.raises(RowRefused) as caught:
        read_row(SHEET, 2, identify(SHEET, row))
    return caught.value.key, caught.value.values


def warned(**values: str) -> list[tuple[str, Mapping[str, str | int]]]:
    said = identify(SHEET, cells(**values))
    found = list(warnings(SHEET, read_row(SHEET, 2, said), said))
    assert all(problem.line == 2 and not problem.refused for problem in found)
    return [(problem.reason_key, problem.values) for problem in found]


class TestIdentify:
    @pytest.mark.parametrize(
        ("written", "kept"),
        [("007", "007"), ("17.0", "17"), ("17.00", "17.00"), ("E17.0", "E17.0"), (" 1 ", "1")],
    )
    def test_an_id_keeps_its_text(self, written: str, kept: str) -> None:
        assert read(id=written).employee_id == kept

    def test_a_manager_is_written_as_ids_are(self) -> None:
        assert read(manager="17.0").manager_employee_id == "17"

    def test_cells_missing_at_the_end_are_empty(self) -> None:
        row = read_row(SHEET, 2, identify(SHEET, ["7", "Ann", "", "3"]))
        assert (row.name, row.title, row.manager_employee_id) == ("Ann", "", None)

    def test_blank_cells_too_many_do_no_harm(self) -> None:
        assert identify(SHEET, [*cells(), "", " "])["id"] == "7"

    def test_too_many_cells(self) -> None:
        assert refusal([*cells(), "x"]) == ("too_many_cells", {"cells": 10, "columns": 9})

    def test_quotes_that_do_not_match(self) -> None:
        assert refusal(None) == ("quotes", {})

    def test_no_id(self) -> None:
        assert refusal(cells(id=" ")) == ("missing_id", {"column": "Id"})

    def test_an_id_longer_than_the_database_keeps(self) -> None:
        assert read(id="x" * 64).employee_id == "x" * 64
        assert refusal(cells(id="x" * 65)) == ("id_too_long", {"column": "Id", "most": 64})


class TestReadRow:
    def test_takes_every_field(self) -> None:
        row = read(
            name="Ann  Lee",
            email="Ann@Example.com",
            department="Sales",
            title="Head of\nSales",
            manager="1",
            time_zone="europe/london",
        )
        assert row == HrRow(
            line=2,
            employee_id="7",
            name="Ann Lee",
            email="ann@example.com",
            level=3,
            department="Sales",
            title="Head of Sales",
            manager_employee_id="1",
            time_zone="Europe/London",
            active=True,
            written_manager="1",
        )

    @pytest.mark.parametrize("text", ["3", "3.0", "3,0", "3.00", "03", " 3 "])
    def test_a_level_of_three(self, text: str) -> None:
        assert read(level=text).level == 3

    @pytest.mark.parametrize(("text", "level"), [("1", 1), ("100", 100), ("0100.0", 100)])
    def test_the_lowest_and_highest_level(self, text: str, level: int) -> None:
        assert read(level=text).level == level

    @pytest.mark.parametrize("text", NO_LEVELS)
    def test_what_is_no_level(self, text: str) -> None:
        assert refusal(cells(level=text)) == (
            "level_not_a_number",
            {"id": "7", "column": "Level", "most": 100},
        )

    def test_no_level(self) -> None:
        assert refusal(cells(level=" ")) == ("level_empty", {"id": "7", "column": "Level"})

    @pytest.mark.parametrize("text", ["o'neil+x@mail.example.co.uk", "zoé@exämple.de"])
    def test_an_address(self, text: str) -> None:
        assert read(email=text).email == text

    def test_no_address(self) -> None:
        assert read(email="").email is None

    @pytest.mark.parametrize("text", NO_ADDRESSES)
    def test_what_is_no_address(self, text: str) -> None:
        assert refusal(cells(email=text)) == ("bad_email", {"id": "7", "column": "Email"})

    @pytest.mark.parametrize("text", ["1", "yes", "YES", "true", "Left", "y", "1.0"])
    def test_somebody_who_left(self, text: str) -> None:
        assert not read(left=text).active

    @pytest.mark.parametrize("text", ["", "0", "No", "false", "active"])
    def test_somebody_who_is_still_there(self, text: str) -> None:
        assert read(left=text).active
        assert warned(left=text) == []


class TestWarnings:
    def test_an_ordinary_row_has_none(self) -> None:
        assert warned(name="Ann", time_zone="Asia/Kolkata", left="yes") == []

    @pytest.mark.parametrize("zone", ["Mars/Base", "Europe", "../etc/passwd", "localtime"])
    def test_an_unknown_time_zone_is_left_out(self, zone: str) -> None:
        assert read(time_zone=zone).time_zone is None
        assert warned(time_zone=zone) == [("unknown_time_zone", {"id": "7", "column": "Time_Zone"})]

    def test_a_word_that_does_not_say_whether_somebody_left(self) -> None:
        assert read(left="2024-03-01").active
        assert warned(left="2024-03-01") == [("left_unclear", {"id": "7", "column": "Left"})]

    def test_a_text_longer_than_the_database_keeps_is_cut(self) -> None:
        assert read(title="x" * 201).title == "x" * 200
        assert warned(title="x" * 201) == [
            ("text_cut", {"id": "7", "column": "Title", "most": 200})
        ]
