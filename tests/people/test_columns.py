import pytest

from bot.people.columns import SYNONYMS, find_columns, parse_mapping
from bot.people.import_errors import MappingError


def refused(text: str) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(MappingError) as caught:
        parse_mapping(text)
    return caught.value.key, caught.value.values


class TestParseMapping:
    def test_reads_field_and_column(self) -> None:
        assert parse_mapping("level=JobLevel, department=Department,id=EmployeeNumber") == {
            "level": "JobLevel",
            "department": "Department",
            "id": "EmployeeNumber",
        }

    def test_nothing_is_no_mapping(self) -> None:
        assert parse_mapping("") == {}

    def test_a_field_may_be_written_another_way(self) -> None:
        assert parse_mapping("Time-Zone=TZ,LEVEL=x") == {"time_zone": "TZ", "level": "x"}

    def test_quotes_hold_a_comma_and_a_column_may_hold_an_equals_sign(self) -> None:
        assert parse_mapping('"name=Last, first",level=a=b') == {
            "name": "Last, first",
            "level": "a=b",
        }

    def test_an_entry_without_an_equals_sign(self) -> None:
        assert refused("id=a,level") == ("not_a_pair", {"entry": "level"})

    @pytest.mark.parametrize("text", ['"id=a', "id=a\nlevel=b", '"id=a"b'])
    def test_what_is_no_list_of_entries(self, text: str) -> None:
        assert refused(text)[0] == "not_a_pair"

    def test_an_unknown_field(self) -> None:
        key, values = refused("salary=MonthlyIncome")
        assert (key, values["field"]) == ("unknown_field", "salary")
        assert values["fields"] == (
            "id, name, email, level, department, title, manager, time_zone, left, start, end"
        )

    def test_an_empty_column(self) -> None:
        assert refused("level= ,id=a") == ("empty_column", {"field": "level"})

    def test_the_same_field_twice(self) -> None:
        assert refused("level=a,LEVEL=b") == ("field_twice", {"field": "level"})

    def test_what_is_shown_is_kept_short(self) -> None:
        assert len(str(refused("x" * 10_000)[1]["entry"])) == 80


class TestFindColumns:
    def test_finds_the_usual_names_by_itself(self) -> None:
        header = ["Employee ID", "Full_Name", "E-mail", "job level", "Job Title", "Manager ID"]
        assert find_columns([*header, "Time Zone", "Left"], {}) == {
            "id": 0,
            "name": 1,
            "email": 2,
            "level": 3,
            "title": 4,
            "manager": 5,
            "time_zone": 6,
            "left": 7,
        }

    def test_no_header_stands_for_two_fields(self) -> None:
        names = [name for names in SYNONYMS.values() for name in names]
        assert len(names) == len(set(names))

    def test_a_mapping_is_all_there_is(self) -> None:
        mapping = {"id": "Key", "level": "Grade"}
        assert find_columns(["Key", "Name", "Grade"], mapping) == {"id": 0, "level": 2}

    def test_the_very_name_wins_over_one_that_is_alike(self) -> None:
        assert find_columns(["ID", "id", "level"], {"id": "id", "level": "Level"})["id"] == 1

    def test_a_mapped_column_that_is_not_in_the_file(self) -> None:
        with pytest.raises(MappingError) as caught:
            find_columns(["id", "level"], {"id": "id", "level": "Grade"})
        assert caught.value.key == "missing_column"
        assert caught.value.values == {"field": "level", "column": "Grade"}

    def test_two_columns_that_could_be_the_id(self) -> None:
        with pytest.raises(MappingError) as caught:
            find_columns(["id", "Employee ID", "level"], {})
        assert caught.value.key == "ambiguous_column"
        assert caught.value.values == {"field": "id", "columns": "id, Employee ID"}

    @pytest.mark.parametrize("header", [["id"], ["level"], ["", "Pay"]])
    def test_id_and_level_are_needed(self, header: list[str]) -> None:
        with pytest.raises(MappingError) as caught:
            find_columns(header, {})
        assert caught.value.key == "missing_field"
