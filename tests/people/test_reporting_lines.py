import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people.reporting_lines import depths, find_cycles, in_line, reporting_paths, top_down

DEEP = 100_000

graphs = st.dictionaries(st.integers(0, 30), st.none() | st.integers(0, 30), max_size=30)


@st.composite
def forests(draw: st.DrawFn) -> dict[int, int | None]:
    """Managers without a cycle, in any order of ids, some of them unknown (negative)."""
    ids = draw(st.permutations(range(draw(st.integers(1, 40)))))
    managers: dict[int, int | None] = {}
    for place, person in enumerate(ids):
        above = st.sampled_from(ids[:place]) if place else st.none()
        managers[person] = draw(st.none() | st.just(-1) | above)
    return {person: managers[person] for person in draw(st.permutations(ids))}


def above(managers: dict[int, int | None], person: int) -> set[int]:
    found: set[int] = set()
    manager = managers[person]
    while manager is not None and manager in managers and manager not in found:
        found.add(manager)
        manager = managers[manager]
    return found


class TestReportingPaths:
    def test_lists_the_ids_from_the_top_down(self) -> None:
        assert reporting_paths({203: 17, 17: 1, 1: None}) == {
            1: "/1/",
            17: "/1/17/",
            203: "/1/17/203/",
        }

    def test_an_unknown_manager_is_none(self) -> None:
        assert reporting_paths({2: 99}) == {2: "/2/"}

    def test_nobody(self) -> None:
        assert reporting_paths({}) == {}

    def test_everyone_in_a_cycle_and_below_it_is_in_one_line(self) -> None:
        paths = reporting_paths({1: 2, 2: 3, 3: 1, 4: 2})
        assert in_line(paths[1], paths[2])
        assert in_line(paths[2], paths[3])
        assert in_line(paths[1], paths[3])
        assert in_line(paths[4], paths[2])

    def test_an_id_with_a_slash_is_refused(self) -> None:
        with pytest.raises(ValueError, match="slash"):
            reporting_paths({"1/2": None})

    def test_deeper_than_python_recurses(self) -> None:
        depth = 3_000
        paths = reporting_paths({n: n + 1 if n < depth else None for n in range(1, depth + 1)})
        assert paths[1].count("/") == depth + 1

    @given(forests())
    def test_two_are_in_line_exactly_when_one_is_above_the_other(
        self, managers: dict[int, int | None]
    ) -> None:
        paths = reporting_paths(managers)
        for a in managers:
            for b in managers:
                walked = a == b or a in above(managers, b) or b in above(managers, a)
                assert in_line(paths[a], paths[b]) == walked

    @given(graphs)
    def test_cycles_or_not_everyone_has_a_path_that_ends_with_them(
        self, managers: dict[int, int | None]
    ) -> None:
        paths = reporting_paths(managers)
        assert paths.keys() == managers.keys()
        assert all(path.endswith(f"/{person}/") for person, path in paths.items())


class TestInLine:
    def test_an_id_that_begins_like_another_is_not_in_line(self) -> None:
        assert not in_line("/1/17/", "/1/170/")

    def test_either_way_round(self) -> None:
        assert in_line("/1/", "/1/17/")
        assert in_line("/1/17/", "/1/")

    def test_an_unknown_line_is_in_line_with_everyone(self) -> None:
        assert in_line("", "/1/")


class TestDepths:
    def test_counts_from_the_top(self) -> None:
        assert depths({3: 2, 2: 1, 1: 9}) == {1: 1, 2: 2, 3: 3}

    def test_a_chain_of_a_hundred_thousand(self) -> None:
        chain = {n: n + 1 if n < DEEP else None for n in range(1, DEEP + 1)}
        assert depths(chain)[1] == DEEP


class TestTopDown:
    @given(forests())
    def test_everyone_comes_once_and_after_their_manager(
        self, managers: dict[int, int | None]
    ) -> None:
        order = top_down(managers)
        assert sorted(order) == sorted(managers)
        place = {person: at for at, person in enumerate(order)}
        for person, manager in managers.items():
            assert manager not in place or place[manager] < place[person]


class TestFindCycles:
    def test_one_of_three_and_those_below_are_not_in_it(self) -> None:
        assert find_cycles({4: 1, 1: 2, 2: 3, 3: 1, 5: None}) == [[1, 2, 3]]

    def test_ones_own_manager(self) -> None:
        assert find_cycles({1: 1, 2: 1}) == [[1]]

    def test_a_circle_of_a_hundred_thousand(self) -> None:
        cycles = find_cycles({n: (n + 1) % DEEP for n in range(DEEP)})
        assert [len(cycle) for cycle in cycles] == [DEEP]

    @given(forests())
    def test_a_forest_has_none(self, managers: dict[int, int | None]) -> None:
        assert find_cycles(managers) == []

    @given(graphs)
    def test_finds_exactly_those_who_are_above_themselves(
        self, managers: dict[int, int | None]
    ) -> None:
        cycles = find_cycles(managers)
        members = [person for cycle in cycles for person in cycle]
        assert sorted(members) == sorted(p for p in managers if p in above(managers, p))
        for cycle in cycles:
            assert [managers[person] for person in cycle] == [*cycle[1:], cycle[0]]
