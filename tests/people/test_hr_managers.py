"""Through read_rows: what counts is who comes in, and under whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people.hr_file import FileError, HrFile, read_rows
from bot.people.hr_managers import DEEPEST
from bot.people.reporting_lines import in_line, reporting_paths


def company(*people: tuple[str, str, str]) -> HrFile:
    """A file of (id, level, manager), the first on line 2."""
    lines = ["id,level,manager", *(",".join(person) for person in people)]
    return read_rows("\n".join(lines).encode(), {})


def managers(file: HrFile) -> dict[str, str | None]:
    return {row.employee_id: row.manager_employee_id for row in file.rows}


def said(file: HrFile) -> list[tuple[int, str, bool]]:
    return [(problem.line, problem.reason_key, problem.refused) for problem in file.problems]


class TestSettleManagers:
    def test_a_manager_may_come_later_in_the_file(self) -> None:
        file = company(("2", "1", "1"), ("1", "5", ""))
        assert managers(file) == {"2": "1", "1": None}
        assert file.problems == ()

    def test_an_unknown_manager_is_left_out_and_never_shown(self) -> None:
        file = company(("2", "1", "Jane Smith"))
        assert managers(file) == {"2": None}
        assert said(file) == [(2, "unknown_manager", False)]
        assert file.problems[0].values == {"id": "2", "column": "manager"}

    def test_a_cycle_is_refused_and_those_below_have_an_unknown_manager(self) -> None:
        file = company(("1", "3", "2"), ("2", "3", "3"), ("3", "3", "1"), ("4", "1", "1"))
        assert managers(file) == {"4": None}
        assert said(file) == [
            (2, "manager_cycle", True),
            (3, "manager_cycle", True),
            (4, "manager_cycle", True),
            (5, "unknown_manager", False),
        ]
        assert file.problems[1].values == {"id": "2", "column": "manager", "cycle": "2, 3, 1"}

    def test_a_long_cycle_is_shown_in_part(self) -> None:
        file = company(*((str(n), "3", str((n + 1) % 9)) for n in range(9)))
        assert file.problems[4].values["cycle"] == "4, 5, 6, 7, 8, 0, …"

    def test_ones_own_manager_is_refused(self) -> None:
        file = company(("1", "5", "1"), ("2", "3", "1"))
        assert managers(file) == {"2": None}
        assert said(file) == [(2, "own_manager", True), (3, "unknown_manager", False)]

    def test_a_refused_row_has_no_warnings_besides(self) -> None:
        file = read_rows(b"id,level,manager,time_zone\n1,3,1,Mars\n", {})
        assert said(file) == [(2, "own_manager", True)]

    def test_a_cycle_through_a_refused_row_is_still_a_cycle(self) -> None:
        file = company(("1", "3", "2"), ("2", "", "1"))
        assert said(file) == [(2, "manager_cycle", True), (3, "level_empty", True)]

    def test_a_refused_manager_is_stepped_over(self) -> None:
        file = company(("1", "5", ""), ("2", "senior", "1"), ("3", "x", "2"), ("4", "1", "3"))
        assert managers(file) == {"1": None, "4": "1"}
        assert [row.written_manager for row in file.rows] == [None, "3"]
        assert said(file)[-1] == (5, "manager_skipped", False)
        assert file.problems[-1].values == {"id": "4", "column": "manager", "manager": "1"}

    def test_a_refused_manager_with_nobody_above_is_unknown(self) -> None:
        file = company(("1", "", ""), ("2", "1", "1"))
        assert managers(file) == {"2": None}
        assert said(file) == [(2, "level_empty", True), (3, "unknown_manager", False)]

    def test_somebody_who_left_still_links_the_line(self) -> None:
        data = b"id,level,manager,left\n1,5,,\n2,3,1,yes\n3,1,2,\n"
        assert managers(read_rows(data, {})) == {"1": None, "2": "1", "3": "2"}

    def test_a_line_deeper_than_any_company(self) -> None:
        chain = [(str(n), "1", str(n - 1) if n else "") for n in range(DEEPEST + 1)]
        assert len(company(*chain[:-1]).rows) == DEEPEST
        with pytest.raises(FileError) as caught:
            company(*chain)
        assert caught.value.key == "lines_too_deep"
        about = {"column": "manager", "line": DEEPEST + 2, "most": DEEPEST}
        assert caught.value.values == about

    @given(st.data())
    def test_the_rows_that_come_in_keep_the_lines_of_the_whole_file(
        self, data: st.DataObject
    ) -> None:
        size = data.draw(st.integers(1, 25))
        tree = [data.draw(st.none() | st.integers(0, n - 1)) if n else None for n in range(size)]
        usable = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
        order = data.draw(st.permutations(range(size)))
        file = company(
            *(
                (str(n), "1" if usable[n] else "?", "" if tree[n] is None else str(tree[n]))
                for n in order
            )
        )
        whole = reporting_paths({str(n): None if m is None else str(m) for n, m in enumerate(tree)})
        kept = reporting_paths(managers(file))
        assert kept.keys() == {str(n) for n in range(size) if usable[n]}
        for a in kept:
            for b in kept:
                assert in_line(kept[a], kept[b]) == in_line(whole[a], whole[b])
