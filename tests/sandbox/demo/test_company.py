from zoneinfo import available_timezones

from hypothesis import given
from hypothesis import strategies as st

from bot.people.hr_file import HrFile, read_rows
from bot.people.reporting_lines import find_cycles
from sandbox.demo import company
from sandbox.demo.company import CHIEF, Employee

SIZES, SEEDS = st.integers(0, 150), st.integers(0, 1000)
IBM = """\
EmployeeNumber,JobLevel,Department,JobRole,Attrition,Age
1,2,Sales,Sales Executive,Yes,41
2,2,Research & Development,Research Scientist,No,49
4,1,Research & Development,"Technician, ""junior"" lab",No,37
"""


def hr_file(text: str, **mapping: str) -> HrFile:
    return read_rows(text.encode(), mapping)


def ibm() -> HrFile:
    return hr_file(
        IBM,
        id="EmployeeNumber",
        level="JobLevel",
        department="Department",
        title="JobRole",
        left="Attrition",
    )


def read_back(employees: list[Employee]) -> HrFile:
    return hr_file(company.to_csv(employees))


class TestMadeUp:
    @given(SIZES, SEEDS)
    def test_is_a_company(self, count: int, seed: int) -> None:
        people = company.made_up(count, seed)
        assert len(people) == count
        for facts in ("employee_id", "name", "email"):
            assert len({getattr(person, facts) for person in people}) == count
        assert all(1 <= person.level <= CHIEF for person in people)
        assert {person.time_zone for person in people} <= available_timezones()
        assert all(person.email.endswith("@example.com") for person in people)
        managers = {person.employee_id: person.manager_id or None for person in people}
        assert find_cycles(managers) == []
        assert [one.employee_id for one in people if not one.manager_id] == [
            person.employee_id for person in people[:1]
        ]

    @given(SIZES.filter(bool), SEEDS)
    def test_comes_in_as_an_hr_file_without_a_word(self, count: int, seed: int) -> None:
        people = company.made_up(count, seed)
        file = read_back(people)
        assert file.problems == ()
        known = [person for person in people if person.known_to_hr]
        assert company.of_file(file, seed + 1) == known

    def test_hr_has_not_heard_of_the_newest_in_a_large_one(self) -> None:
        known = [person.known_to_hr for person in company.made_up(60, 1)]
        assert known == [True] * (60 - company.NEWCOMERS) + [False] * company.NEWCOMERS
        assert all(person.known_to_hr for person in company.made_up(company.SMALL - 1, 1))

    def test_the_same_seed_makes_the_same_people(self) -> None:
        assert company.made_up(60, 1) == company.made_up(60, 1)
        assert company.made_up(60, 1) != company.made_up(60, 2)


class TestOfFile:
    def test_keeps_what_the_file_says(self) -> None:
        people = company.of_file(ibm(), 1)
        facts = [(one.employee_id, one.level, one.department, one.left) for one in people]
        assert facts == [
            ("1", 2, "Sales", True),
            ("2", 2, "Research & Development", False),
            ("4", 1, "Research & Development", False),
        ]
        assert people[2].title == 'Technician, "junior" lab'

    def test_makes_up_what_the_file_lacks(self) -> None:
        people = company.of_file(ibm(), 1)
        assert len({person.name for person in people}) == 3
        assert all(person.name and person.email.endswith("@example.com") for person in people)
        assert all(person.time_zone in available_timezones() for person in people)

    def test_makes_up_nothing_that_the_file_has(self) -> None:
        text = "id,name,email,level,time_zone,manager\n1,Zoë,zoe@mail.example,3,Asia/Tokyo,\n"
        [zoe] = company.of_file(hr_file(text), 1)
        assert (zoe.name, zoe.email, zoe.time_zone) == ("Zoë", "zoe@mail.example", "Asia/Tokyo")

    def test_comes_in_again_as_it_was(self) -> None:
        people = company.of_file(ibm(), 1)
        file = read_back(people)
        assert file.problems == ()
        assert company.of_file(file, 2) == people


class TestInventedNames:
    def test_never_run_out(self) -> None:
        people = company.made_up(4500, 1)
        assert len({person.name for person in people}) == 4500
        assert len({person.email for person in people}) == 4500
