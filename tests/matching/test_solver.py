from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import certificate, prices, problem, solver
from bot.matching.certificate import Verdict
from bot.matching.problem import SCORE_STEPS
from bot.matching.solver import Solution, solve
from tests.matching.oracles import (
    Case,
    brute_force,
    case,
    cases,
    few_values,
    integer_programme,
    most_pairs,
    random_case,
)

ROUNDING = 1e-4
"""Each pair counts in millionths."""


def pairs(found: Solution) -> list[tuple[int, int]]:
    return list(zip(found.rows.tolist(), found.columns.tolist(), strict=True))


def judge(given: Case, found: Solution) -> Verdict:
    """By the certificate alone; refuses pairs that break a rule."""
    return certificate.judge(given.problem, found.rows, found.columns, found.prices)


def result(given: Case, found: Solution) -> tuple[int, float, float]:
    """(people, total score, worst score), as brute force says it."""
    scores = [float(given.scores[pair]) for pair in pairs(found)]
    people = prices.newly_matched(given.problem, found.rows, found.columns)
    return people, sum(scores), min(scores, default=1.0)


class TestSolve:
    @settings(max_examples=300, deadline=None)
    @given(cases(few_values, most=4))
    def test_ties_and_gaps_are_as_good_as_brute_force(self, given: Case) -> None:
        found = solve(given.problem)
        assert result(given, found) == brute_force(given)
        assert judge(given, found).is_best

    @settings(max_examples=300, deadline=None)
    @given(cases(few_values, most=4, places=3))
    def test_so_it_is_with_room_for_several(self, given: Case) -> None:
        found = solve(given.problem)
        assert result(given, found) == brute_force(given)
        assert judge(given, found).is_best

    @settings(max_examples=200, deadline=None)
    @given(cases(st.floats(0, 1), most=4, places=2))
    def test_any_scores_are_as_good_as_brute_force(self, given: Case) -> None:
        found = solve(given.problem)
        people, total, _ = result(given, found)
        best_people, best_total, _ = brute_force(given)
        assert people == best_people
        assert total == pytest.approx(best_total, abs=ROUNDING)
        assert judge(given, found).is_best

    @pytest.mark.campaign
    @pytest.mark.parametrize("places", [1, 3])
    def test_thousands_of_cases_are_as_good_as_brute_force(self, places: int) -> None:
        random = np.random.default_rng(places)
        for _ in range(2_500):
            shape = tuple(random.integers(1, 5, 2, endpoint=places == 1))
            given = case(
                random.random(shape) < random.choice([0.3, 0.7, 1.0]),
                random.integers(0, random.choice([1, 4, 1_000]), shape, endpoint=True) / 1_024,
                random.integers(1, places, shape[0], endpoint=True),
                random.integers(1, places, shape[1], endpoint=True),
                random.random(shape[0]) < 0.8,
                random.random(shape[1]) < 0.8,
            )
            found = solve(given.problem)
            assert result(given, found) == brute_force(given)
            assert judge(given, found).is_best

    @pytest.mark.campaign
    @pytest.mark.parametrize("places", [1, 2])
    def test_a_thousand_cases_are_as_good_as_an_integer_programme(self, places: int) -> None:
        for seed in range(500):
            given = random_case(seed, 4 + seed % 9, 3 + seed % 11, (seed % 10 + 1) / 10, places)
            expected = integer_programme(given)
            assert result(given, solve(given.problem))[:2] == pytest.approx(expected, abs=ROUNDING)

    @pytest.mark.parametrize(
        ("seed", "shape", "density", "places"),
        [
            (seed, *what)
            for seed, what in enumerate(
                product([(30, 30), (40, 25), (20, 45)], [0.04, 0.1, 0.5], [1, 3])
            )
        ],
    )
    def test_an_independent_solver_finds_nothing_better(
        self, seed: int, shape: tuple[int, int], density: float, places: int
    ) -> None:
        given = random_case(seed, *shape, density, places)
        people, total, _ = result(given, solve(given.problem))
        best_people, best_total = integer_programme(given)
        assert people == best_people
        assert total == pytest.approx(best_total, abs=ROUNDING)

    @pytest.mark.parametrize("density", [0.003, 0.01, 0.5])
    @pytest.mark.parametrize("steps", [3, 1_000_000])
    def test_a_large_program_is_proved_though_the_solver_sees_few_pairs(
        self, density: float, steps: int
    ) -> None:
        random = np.random.default_rng(7)
        allowed = random.random((1_000, 500)) < density
        given = case(allowed, random.integers(0, steps, (1_000, 500), endpoint=True) / steps)
        found = solve(given.problem)
        assert len(found.rows) == most_pairs(allowed)
        assert judge(given, found).is_best

    def test_several_rounds_are_needed_where_all_want_the_same(self) -> None:
        """The price of what everybody wants has to be found out."""
        column = np.arange(400) / 400
        noise = np.random.default_rng(3).random((400, 400)) / 100
        given = case(np.ones((400, 400), dtype=np.bool_), 0.9 * column[None, :] + noise)
        found = solve(given.problem)
        assert found.rounds > 1
        assert judge(given, found).is_best

    def test_what_is_too_large_to_be_proved_says_how_much_it_may_lose(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(solver, "KEPT", 1)
        monkeypatch.setattr(solver, "ROUNDS", 1)
        random = np.random.default_rng(3)
        column = np.arange(400)[None, :] / 400
        scores = 0.9 * column + random.random((400, 400)) / 10
        given = case(np.ones((400, 400), dtype=np.bool_), scores)
        found = solve(given.problem)
        verdict = judge(given, found)
        assert found.rounds == 1
        assert not verdict.is_best
        monkeypatch.undo()
        best = judge(given, solve(given.problem))
        assert (verdict.people, verdict.total) <= (best.people, best.total)
        assert verdict.people_at_most >= best.people
        assert verdict.people_at_most > best.people or verdict.total_at_most >= best.total

    @settings(max_examples=50, deadline=None)
    @given(st.integers(0, 10_000))
    def test_looking_at_pieces_is_looking_at_all(self, seed: int) -> None:
        """Blocks of a few rows, hardly any pairs at first: the same worth, proved."""
        given = random_case(seed, 25, 20, 0.6, 2)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(problem, "BLOCK", 60)
            patch.setattr(solver, "FEW", 0)
            patch.setattr(solver, "GROUPS", 2)
            found = solve(given.problem)
        assert judge(given, found).is_best
        assert result(given, found)[:2] == pytest.approx(integer_programme(given), abs=ROUNDING)

    @pytest.mark.parametrize("size", [2, 10, 300])
    def test_no_total_score_is_worth_a_person(self, size: int) -> None:
        """One pair fewer would make every other score 1 instead of 0: the dearest exchange."""
        scores = np.eye(size, k=1)
        given = case(np.eye(size, dtype=np.bool_) | (scores == 1), scores)
        assert pairs(solve(given.problem)) == [(row, row) for row in range(size)]

    def test_a_second_pair_for_one_does_not_count_as_much_as_a_first_for_another(self) -> None:
        """The first mentor has room for both mentees and suits both perfectly."""
        given = case(np.ones((2, 2), dtype=np.bool_), np.array([[1.0, 1.0], [0.0, 0.0]]), [2, 1])
        assert result(given, solve(given.problem))[:2] == (4, 1.0)

    def test_nobody_gets_the_same_partner_twice(self) -> None:
        given = case(np.ones((1, 1), dtype=np.bool_), np.ones((1, 1)), 3, 3)
        assert pairs(solve(given.problem)) == [(0, 0)]

    def test_a_pair_of_no_score_is_made_only_for_somebody_who_has_none(self) -> None:
        given = case(np.ones((3, 2), dtype=np.bool_), np.diag([1.0, 1.0, 0.0])[:, :2], 2, 2)
        assert len(pairs(solve(given.problem))) == 3

    def test_a_millionth_decides(self) -> None:
        near = 1 - 1 / SCORE_STEPS
        given = case(np.ones((2, 2), dtype=np.bool_), np.array([[near, 1.0], [1.0, near]]))
        assert pairs(solve(given.problem)) == [(0, 1), (1, 0)]

    def test_of_the_best_the_one_whose_worst_pair_is_best(self) -> None:
        given = case(np.ones((2, 2), dtype=np.bool_), np.array([[0.0, 0.5], [0.5, 1.0]]))
        assert pairs(solve(given.problem)) == [(0, 1), (1, 0)]

    @pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 3)])
    def test_nothing_allowed_is_nobody_matched_and_proved(self, shape: tuple[int, int]) -> None:
        given = case(np.zeros(shape, dtype=np.bool_), np.ones(shape))
        found = solve(given.problem)
        assert pairs(found) == []
        assert judge(given, found) == Verdict(0, 0, 0.0, 0.0)

    def test_the_same_problem_has_the_same_answer(self) -> None:
        given = case(np.ones((60, 60), dtype=np.bool_), np.zeros((60, 60)), 2, 2)
        assert pairs(solve(given.problem)) == pairs(solve(given.problem))
