import time
from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, kron, vstack
from scipy.sparse.csgraph import maximum_bipartite_matching

from bot.matching.candidates import Candidate
from bot.matching.engine import SCORE_STEPS, Matching, ProposedPair, assign, match
from bot.matching.scores import BoolMatrix, FloatMatrix, Weights

Problem = tuple[BoolMatrix, FloatMatrix]

ROUNDING = 6 * 2.0**-32
"""Six pairs, each counted in steps of 2**-32."""


@st.composite
def problems(draw: st.DrawFn, score: st.SearchStrategy[float]) -> Problem:
    shape = draw(st.tuples(st.integers(0, 6), st.integers(0, 6)))
    size = shape[0] * shape[1]
    allowed = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    values = draw(st.lists(score, min_size=size, max_size=size))
    return np.array(allowed, dtype=np.bool_).reshape(shape), np.array(values).reshape(shape)


few_values = st.integers(0, 4).map(lambda quarters: quarters / 4)
"""Many ties, and sums that are exact."""


def brute_force(allowed: BoolMatrix, scores: FloatMatrix) -> tuple[int, float]:
    """Tries every matching: the greatest (number of pairs, total score)."""
    rows, columns = allowed.shape

    @cache
    def best(row: int, taken: int) -> tuple[int, float]:
        if row == rows:
            return 0, 0.0
        found = best(row + 1, taken)
        for column in range(columns):
            if allowed[row, column] and not taken >> column & 1:
                count, total = best(row + 1, taken | 1 << column)
                found = max(found, (count + 1, total + float(scores[row, column])))
        return found

    return best(0, 0)


def most_pairs(allowed: BoolMatrix) -> int:
    """The size of the largest matching, by an algorithm that knows no scores."""
    matched = maximum_bipartite_matching(csr_array(allowed), "column")
    return int((matched >= 0).sum())


def integer_programme(allowed: BoolMatrix, scores: FloatMatrix) -> float:
    """The best total score of a largest matching, by branch and bound."""
    rows, columns = allowed.shape
    per_row = kron(csr_array(np.eye(rows)), csr_array(np.ones((1, columns))))
    per_column = kron(csr_array(np.ones((1, rows))), csr_array(np.eye(columns)))
    everything = csr_array(np.ones((1, allowed.size)))
    count = most_pairs(allowed)
    lower = np.concatenate([np.zeros(rows + columns), [count]])
    upper = np.concatenate([np.ones(rows + columns), [count]])
    found = milp(
        -scores.ravel(),
        integrality=np.ones(allowed.size, dtype=np.int64),
        bounds=Bounds(0, allowed.ravel().astype(np.float64)),
        constraints=LinearConstraint(vstack([per_row, per_column, everything]), lower, upper),
        options={"mip_rel_gap": 0.0},
    )
    assert found.success, found.message
    return -float(found.fun)


def total(scores: FloatMatrix | npt.NDArray[np.int64], pairs: list[tuple[int, int]]) -> float:
    return float(sum(scores[pair] for pair in pairs))


def random_problem(seed: int, rows: int, columns: int, density: float) -> Problem:
    random = np.random.default_rng(seed)
    return random.random((rows, columns)) < density, random.random((rows, columns))


def candidates(seed: int, count: int, first_id: int, levels: tuple[int, int]) -> list[Candidate]:
    """A side of a large program; every tenth person's manager is person 1 or 1001."""
    random = np.random.default_rng(seed)
    topics = ["ai", "climate", "data", "design", "finance", "remote", "social", "tools"]
    return [
        Candidate(
            person_id=person_id,
            level=int(random.integers(levels[0], levels[1], endpoint=True)),
            department=f"department {random.integers(6)}",
            topics=frozenset(random.choice(topics, random.integers(1, 4), replace=False).tolist()),
            reporting_path=(
                f"/{random.choice([1, 1001])}/{person_id}/"
                if person_id % 10 == 0
                else f"/{person_id}/"
            ),
        )
        for person_id in range(first_id, first_id + count)
    ]


class TestAssign:
    @settings(max_examples=500, deadline=None)
    @given(problems(few_values))
    def test_ties_and_gaps_are_as_good_as_brute_force(self, problem: Problem) -> None:
        allowed, scores = problem
        pairs = assign(allowed, scores)
        assert (len(pairs), total(scores, pairs)) == brute_force(allowed, scores)

    @settings(max_examples=500, deadline=None)
    @given(problems(st.floats(0, 1)))
    def test_any_scores_are_as_good_as_brute_force(self, problem: Problem) -> None:
        allowed, scores = problem
        pairs = assign(allowed, scores)
        count, best = brute_force(allowed, scores)
        assert len(pairs) == count
        assert total(scores, pairs) == pytest.approx(best, abs=ROUNDING)

    @given(problems(st.floats(0, 1)))
    def test_pairs_are_allowed_one_to_one_and_in_order(self, problem: Problem) -> None:
        allowed, scores = problem
        pairs = assign(allowed, scores)
        assert all(allowed[pair] for pair in pairs)
        assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
        assert pairs == sorted(pairs)

    @pytest.mark.parametrize(
        ("seed", "shape", "density"),
        [
            (seed, shape, density)
            for seed, (shape, density) in enumerate(
                product([(30, 30), (40, 25), (20, 45)], [0.04, 0.1, 0.5])
            )
        ],
    )
    def test_an_independent_solver_finds_nothing_better(
        self, seed: int, shape: tuple[int, int], density: float
    ) -> None:
        allowed, scores = random_problem(seed, *shape, density)
        pairs = assign(allowed, scores)
        assert len(pairs) == most_pairs(allowed)
        assert total(scores, pairs) == pytest.approx(integer_programme(allowed, scores), abs=1e-6)

    @pytest.mark.parametrize("density", [0.001, 0.003, 0.01, 0.5])
    def test_a_large_sparse_program_gets_the_most_pairs(self, density: float) -> None:
        allowed, scores = random_problem(7, 1_000, 500, density)
        assert len(assign(allowed, scores)) == most_pairs(allowed)

    def test_single_steps_count_at_size(self) -> None:
        """Scores a few steps apart are matched as well as the same scores far apart."""
        random = np.random.default_rng(8)
        allowed, fours = random.random((400, 300)) < 0.02, random.integers(0, 4, (400, 300))
        near = assign(allowed, np.float64(0.5) + fours * np.float64(2.0**-32))
        far = assign(allowed, fours / 4)
        assert (len(near), total(fours, near)) == (len(far), total(fours, far))

    def test_the_stated_size_is_within_whole_numbers_of_a_float(self) -> None:
        assert 16 * (131_000 + 1) * SCORE_STEPS < 2**53

    @pytest.mark.parametrize("size", [2, 10, 300])
    def test_no_total_score_is_worth_a_pair(self, size: int) -> None:
        """One pair fewer would make every other score 1 instead of 0: the dearest exchange."""
        scores = np.eye(size, k=1)
        allowed = np.eye(size, dtype=np.bool_) | (scores == 1)
        assert assign(allowed, scores) == [(row, row) for row in range(size)]

    def test_two_poor_pairs_beat_a_perfect_one(self) -> None:
        allowed = np.array([[True, True], [True, False]])
        scores = np.array([[1.0, 0.0], [0.0, 1.0]])
        assert assign(allowed, scores) == [(0, 1), (1, 0)]

    def test_the_smallest_step_decides(self) -> None:
        near = 1 - 2.0**-32
        scores = np.array([[near, 1.0], [1.0, near]])
        assert assign(np.ones((2, 2), dtype=np.bool_), scores) == [(0, 1), (1, 0)]

    @pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 3)])
    def test_nothing_allowed_is_nobody_matched(self, shape: tuple[int, int]) -> None:
        assert assign(np.zeros(shape, dtype=np.bool_), np.ones(shape)) == []

    @pytest.mark.parametrize("wrong", [np.nan, np.inf, -0.1, 1.1])
    def test_a_score_out_of_range_is_refused(self, wrong: float) -> None:
        with pytest.raises(ValueError, match="not a number within 0 to 1"):
            assign(np.array([[True]]), np.array([[wrong]]))

    def test_a_missing_score_where_nobody_may_pair_does_no_harm(self) -> None:
        assert assign(np.array([[True, False]]), np.array([[0.5, np.nan]])) == [(0, 0)]

    def test_shapes_that_differ_are_refused(self) -> None:
        with pytest.raises(ValueError, match="do not fit"):
            assign(np.ones((2, 3), dtype=np.bool_), np.ones((3, 2)))


class TestMatch:
    def test_says_who_and_why(self) -> None:
        mentors = [
            Candidate(3, 1, "Sales", frozenset({"ai", "data", "social"}), "/9/3/"),
            Candidate(1, 2, "Legal", frozenset({"climate"}), "/1/"),
        ]
        mentees = [Candidate(9, 6, "Board", frozenset({"ai"}), "/9/")]
        mentees += [Candidate(8, 4, "Sales", frozenset({"social", "data", "tools"}), "/9/8/")]
        mentees += [Candidate(7, 1, "Sales", frozenset({"ai"}), "/9/7/")]
        assert match(mentors, mentees, weights=Weights(3, 1, 1)) == Matching(
            pairs=(
                ProposedPair(1, 9, 0.4, ("department", "level"), ()),
                ProposedPair(3, 8, 0.6, ("topics", "level"), ("data", "social")),
            ),
            unmatched_mentors=(),
            unmatched_mentees=(7,),
        )

    def test_the_strongest_reason_comes_first(self) -> None:
        mentor = Candidate(1, 1, "Sales", frozenset({"ai"}), "/1/")
        mentee = Candidate(2, 2, "Legal", frozenset({"ai"}), "/2/")
        (pair,) = match([mentor], [mentee], weights=Weights(1, 2, 30)).pairs
        assert pair.reasons == ("level", "department", "topics")

    def test_a_part_without_weight_is_no_reason(self) -> None:
        mentor = Candidate(1, 1, "Sales", frozenset({"ai"}), "/1/")
        mentee = Candidate(2, 2, "Legal", frozenset(), "/2/")
        (pair,) = match([mentor], [mentee], weights=Weights(1, 0, 0)).pairs
        assert (pair.score, pair.reasons) == (0.0, ())

    def test_the_gap_of_the_program_counts(self) -> None:
        mentor = Candidate(1, 1, "Sales", frozenset({"ai"}), "/1/")
        mentee = Candidate(2, 3, "Legal", frozenset({"ai"}), "/2/")
        assert len(match([mentor], [mentee], gap=2).pairs) == 1
        assert match([mentor], [mentee], gap=3) == Matching((), (1,), (2,))

    def test_what_is_excluded_is_not_made_whatever_it_scores(self) -> None:
        mentors = [Candidate(1, 1, "A", frozenset({"ai"}), "/1/")]
        mentors += [Candidate(2, 1, "B", frozenset(), "/2/")]
        mentee = Candidate(3, 5, "B", frozenset({"ai"}), "/3/")
        found = match(mentors, [mentee], excluded={(1, 3), (3, 2), (7, 3), (1, 9)})
        assert [(pair.mentor_id, pair.mentee_id) for pair in found.pairs] == [(2, 3)]
        assert match(mentors[:1], [mentee], excluded=[(1, 3)]) == Matching((), (1,), (3,))

    def test_a_first_partner_goes_before_a_second_whatever_the_scores(self) -> None:
        mentor = Candidate(1, 1, "A", frozenset({"ai"}), "/1/")
        has_one = Candidate(2, 5, "B", frozenset({"ai"}), "/2/", partners=1)
        has_none = Candidate(3, 2, "A", frozenset(), "/3/")
        (pair,) = match([mentor], [has_one, has_none]).pairs
        assert pair.mentee_id == 3
        assert 0 < pair.score < 0.1  # what it scores is said as it is

    def test_as_many_pairs_as_can_be_are_worth_more_than_first_partners(self) -> None:
        """The only mentor for one who has a partner already might take one who has none."""
        mentors = [
            Candidate(1, 1, "A", frozenset(), "/1/"),
            Candidate(2, 3, "A", frozenset(), "/2/"),
        ]
        has_one = Candidate(3, 2, "B", frozenset(), "/3/", partners=1)
        has_none = Candidate(4, 5, "B", frozenset(), "/4/")
        found = match(mentors, [has_one, has_none])
        assert [(pair.mentor_id, pair.mentee_id) for pair in found.pairs] == [(1, 3), (2, 4)]

    def test_one_empty_side_leaves_the_other_over(self) -> None:
        somebody = Candidate(1, 1, "Sales", frozenset(), "/1/")
        assert match([somebody], []) == Matching((), (1,), ())
        assert match([], [somebody]) == Matching((), (), (1,))
        assert match([], []) == Matching((), (), ())

    def test_somebody_twice_on_one_side_is_refused(self) -> None:
        somebody = Candidate(1, 1, "Sales", frozenset(), "/1/")
        with pytest.raises(ValueError, match="twice on one side"):
            match([somebody, somebody], [])

    def test_a_large_program_takes_well_under_two_seconds(self) -> None:
        mentors = candidates(1, 1_000, 1, (1, 3))
        mentees = candidates(2, 500, 1_001, (3, 6))
        start = time.perf_counter()
        found = match(mentors, mentees)
        assert time.perf_counter() - start < 2
        assert len(found.pairs) == 500
