from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import certificate
from bot.matching.candidates import Candidate
from bot.matching.certificate import verify
from bot.matching.engine import match
from bot.matching.prices import Prices
from bot.matching.solver import solve
from tests.matching.oracles import Case, brute_force, cases, few_values

MENTORS = [Candidate(i, 1, "A", frozenset({"ai"}), f"/{i}/", capacity=2) for i in (1, 2)]
MENTEES = [Candidate(i, 4, "B", frozenset({"ai"}), f"/{i}/") for i in (11, 12, 13)]
BEST = match(MENTORS, MENTEES)
PAIRS = list(BEST.pairs)


class TestJudge:
    @given(cases(few_values, most=4, places=2), st.randoms(use_true_random=False))
    def test_wrong_prices_prove_less_and_nothing_false(self, given: Case, random: Random) -> None:
        found = solve(given.problem)
        people, total, _ = brute_force(given)
        shift = random.randint
        prices = Prices(
            found.prices.mentors + [shift(-(2**21), 2**21) for _ in found.prices.mentors],
            found.prices.mentees + [shift(-(2**21), 2**21) for _ in found.prices.mentees],
        )
        verdict = certificate.judge(given.problem, found.rows, found.columns, prices)
        assert verdict.people_at_most >= people
        assert verdict.total_at_most >= total

    @given(cases(few_values, most=4))
    def test_what_is_not_the_best_is_not_said_to_be(self, given: Case) -> None:
        found = solve(given.problem)
        if not len(found.rows):
            return
        fewer = found.rows[1:], found.columns[1:]
        assert not certificate.judge(given.problem, *fewer, found.prices).is_best


class TestVerify:
    def test_says_that_the_best_is_the_best(self) -> None:
        verdict = verify(MENTORS, MENTEES, PAIRS, BEST.certificate)
        assert verdict.is_best
        assert (verdict.people, verdict.people_at_most) == (5, 5)
        assert verdict.total == pytest.approx(3 * 15.5 / 18, abs=1e-5)  # all but what nobody told

    def test_does_not_care_in_which_order_people_come(self) -> None:
        turned = verify(MENTORS[::-1], MENTEES[::-1], PAIRS[::-1], BEST.certificate)
        assert turned == verify(MENTORS, MENTEES, PAIRS, BEST.certificate)

    @pytest.mark.parametrize(
        ("pairs", "what"),
        [
            ([(1, 11), (1, 11)], "twice"),
            ([(1, 11), (1, 12), (1, 13)], "more pairs than room"),
            ([(1, 11), (2, 11)], "more pairs than room"),
            ([(2, 12)], "not allowed"),
            ([(1, 99)], "Not everybody is known: 99"),
        ],
    )
    def test_pairs_that_break_a_rule_are_refused(
        self, pairs: list[tuple[int, int]], what: str
    ) -> None:
        with pytest.raises(ValueError, match=what):
            verify(MENTORS, MENTEES, pairs, BEST.certificate, excluded=[(2, 12)])

    def test_a_price_that_is_missing_is_said(self) -> None:
        with pytest.raises(ValueError, match="Not everybody is known: '13'"):
            verify(MENTORS, MENTEES, PAIRS, match(MENTORS, MENTEES[:2]).certificate)

    def test_nobody_needs_no_proof(self) -> None:
        assert verify([], [], [], match([], []).certificate).is_best
        assert np.isfinite(verify([], [], [], match([], []).certificate).total_at_most)
