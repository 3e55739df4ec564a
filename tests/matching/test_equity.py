from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain, combinations
from random import Random
from time import process_time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.equity import FEWEST, Fate, Mean, Rate, report
from bot.matching.facts import FloatMatrix


def fates(department: str, level: int, *scores: float | None) -> list[Fate]:
    return [Fate(department, level, score) for score in scores]


def _seconds(work: Callable[[], object]) -> float:
    """Of this process's own work."""
    begun = process_time()
    work()
    return process_time() - begun


scores = st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=7)
alike = st.builds(
    lambda department, level, scores: fates(department, level, *scores),
    st.sampled_from(["", "Finance", "Sales"]),
    st.integers(1, 3),
    scores,
)
people = st.lists(alike, max_size=5).map(lambda some: [fate for part in some for fate in part][:18])
"""So that departments often lie within levels, but for a few."""


def groups_of(shown: Sequence[str | int | None], own: Sequence[str | int]) -> list[frozenset[int]]:
    """Who is in each group shown, as anybody knows who knows the company."""
    groups = []
    for name in shown:
        others = [place for place, theirs in enumerate(own) if theirs not in shown]
        named = [place for place, theirs in enumerate(own) if theirs == name]
        groups.append(frozenset(others if name is None else named))
    return groups


def few_can_be_told(groups: Sequence[frozenset[int]], population: Sequence[int]) -> bool:
    """Whether the sum over one to four people follows from the sums over the groups, by linear
    algebra: whether those people's indicator is a combination of the groups'."""
    if len(population) < FEWEST:
        return bool(groups)
    rows = np.array([[person in group for person in population] for group in groups], dtype=float)
    onto = np.linalg.pinv(rows) @ rows
    chosen = few_of(len(population))
    return bool((np.abs(chosen @ onto - chosen).max(axis=1) < 1e-6).any())


@cache
def few_of(count: int) -> FloatMatrix:
    """A row for each one to four of so many people."""
    sizes = range(1, FEWEST)
    sets = list(chain.from_iterable(combinations(range(count), size) for size in sizes))
    chosen = np.zeros((len(sets), count))
    for row, some in enumerate(sets):
        chosen[row, some] = 1
    return chosen


class TestReport:
    def test_says_how_departments_and_levels_fared(self) -> None:
        found = report(
            fates("Legal", 1, 0.5, 0.5, 0.7, 0.7, 0.6, None)
            + fates("Sales", 1, *[0.9] * 5)
            + fates("Sales", 2, *[0.3] * 5, *[None] * 4)
        )
        assert found.departments.rates == (Rate("Legal", 6, 5), Rate("Sales", 14, 10))
        assert [one.name for one in found.departments.scores] == ["Legal", "Sales"]
        assert np.allclose([one.score for one in found.departments.scores], [0.6, 0.6])
        assert found.levels.rates == (Rate(1, 11, 10), Rate(2, 9, 5))
        assert [one.matched for one in found.levels.scores] == [10, 5]

    def test_small_departments_are_the_others(self) -> None:
        some = [*fates("A", 1, *[0.5] * 3), *fates("B", 1, *[0.5] * 2), *fates("C", 1, *[1.0] * 6)]
        assert report(some).departments.rates == (Rate("C", 6, 6), Rate(None, 5, 5))

    def test_one_small_department_takes_the_next_with_it(self) -> None:
        """Everybody less the large ones would be the small one."""
        some = [*fates("A", 1, None), *fates("B", 1, *[0.5] * 5), *fates("C", 1, *[1.0] * 9)]
        assert report(some).departments.rates == (Rate("C", 9, 9), Rate(None, 6, 5))

    def test_scores_of_few_are_not_told_though_the_rate_is(self) -> None:
        some = [*fates("A", 1, 0.1, *[None] * 5), *fates("B", 1, *[0.5] * 5)]
        some += fates("C", 1, *[0.75] * 9)
        found = report(some).departments
        assert found.rates == (Rate("A", 6, 1), Rate("B", 5, 5), Rate("C", 9, 9))
        assert found.scores[0] == Mean("C", 9, 0.75)
        assert (found.scores[1].name, found.scores[1].matched) == (None, 6)

    def test_a_department_within_a_level_does_not_tell_of_the_rest_of_the_level(self) -> None:
        board, one_more = fates("Board", 6, *[0.5] * 6), fates("Sales", 6, None)
        found = report([*board, *one_more, *fates("Sales", 1, *[0.5] * 8)])
        assert found.departments.rates == (Rate("Board", 6, 6), Rate("Sales", 9, 8))
        assert found.levels.rates == ()

    def test_one_group_is_no_comparison(self) -> None:
        found = report(fates("A", 1, *[0.5] * 9))
        assert (found.departments.rates, found.levels.scores) == ((), ())

    def test_nobody_is_nothing_to_report(self) -> None:
        assert report([]).departments.rates == ()

    @settings(max_examples=150, deadline=None)
    @given(people)
    def test_nobody_finds_out_about_a_few_by_adding_and_subtracting(self, some: list[Fate]) -> None:
        found = report(some)
        departments, levels = [one.department for one in some], [one.level for one in some]
        matched = [place for place, one in enumerate(some) if one.score is not None]
        for population, by_department, by_level in (
            (
                list(range(len(some))),
                [one.name for one in found.departments.rates],
                [one.name for one in found.levels.rates],
            ),
            (
                matched,
                [one.name for one in found.departments.scores],
                [one.name for one in found.levels.scores],
            ),
        ):
            groups = groups_of(by_department, departments) + groups_of(by_level, levels)
            everybody = [frozenset(population)] if len(population) >= FEWEST else []
            assert not few_can_be_told([*everybody, *groups], population)

    @given(people, st.randoms(use_true_random=False))
    def test_the_order_of_the_people_does_not_matter(
        self, some: list[Fate], random: Random
    ) -> None:
        turned = some.copy()
        random.shuffle(turned)
        assert report(some).departments.rates == report(turned).departments.rates
        assert report(some).levels.rates == report(turned).levels.rates

    def test_a_large_company_takes_little_longer_than_counting_it(self) -> None:
        """Every department is a different one at each level, and some have few people."""
        some = [
            Fate(f"Department {place % 97 + place % 3 * (place < 900)}", place % 6, place / 30_000)
            for place in range(30_000)
        ]
        count = min(
            _seconds(lambda: Counter((one.department, one.level) for one in some)) for _ in "123"
        )
        assert min(_seconds(lambda: report(some)) for _ in "123") < 25 * count

    @given(people)
    def test_everybody_is_in_one_group(self, some: list[Fate]) -> None:
        for table in (report(some).departments, report(some).levels):
            assert sum(one.people for one in table.rates) in (0, len(some))
