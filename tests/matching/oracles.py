"""The best matching by other ways than the solver's: slow, simple, and knowing no prices."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, kron, vstack
from scipy.sparse.csgraph import maximum_bipartite_matching

from bot.matching import problem as problems
from bot.matching.facts import BoolMatrix, FloatMatrix, IntVector
from bot.matching.problem import Problem, Room

Numbers = IntVector | list[int] | int


@dataclass(frozen=True)
class Case:
    allowed: BoolMatrix
    scores: FloatMatrix
    mentors: Room
    mentees: Room

    @property
    def problem(self) -> Problem:
        return problems.of_matrices(self.allowed, self.scores, self.mentors, self.mentees)


def case(
    allowed: BoolMatrix,
    scores: FloatMatrix,
    mentor_places: Numbers = 1,
    mentee_places: Numbers = 1,
    new_mentors: Numbers = 1,
    new_mentees: Numbers = 1,
) -> Case:
    """Numbers for everybody, or for each one."""
    below, above, new_below, new_above = (
        np.broadcast_to(np.asarray(numbers, dtype=np.int64), allowed.shape[side])
        for numbers, side in (
            (mentor_places, 0),
            (mentee_places, 1),
            (new_mentors, 0),
            (new_mentees, 1),
        )
    )
    return Case(allowed, scores, Room(below, new_below), Room(above, new_above))


few_values = st.integers(0, 4).map(lambda quarters: quarters / 4)
"""Many ties, and sums that are exact."""


@st.composite
def cases(draw: st.DrawFn, score: st.SearchStrategy[float], most: int = 5, places: int = 1) -> Case:
    """Up to so many people a side, each with up to so many places; where these are several, some
    have a partner already."""
    rows, columns = draw(st.integers(0, most)), draw(st.integers(0, most))
    size = rows * columns
    allowed = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    values = draw(st.lists(score, min_size=size, max_size=size))
    numbers = [
        draw(st.lists(st.integers(*bounds), min_size=side, max_size=side))
        for bounds in ((1, places), (0 if places > 1 else 1, 1))
        for side in (rows, columns)
    ]
    return case(
        np.array(allowed, dtype=np.bool_).reshape(rows, columns),
        np.array(values, dtype=np.float64).reshape(rows, columns),
        *numbers,
    )


def random_case(seed: int, rows: int, columns: int, density: float, places: int = 1) -> Case:
    random = np.random.default_rng(seed)
    return case(
        random.random((rows, columns)) < density,
        random.random((rows, columns)),
        random.integers(1, places, rows, endpoint=True),
        random.integers(1, places, columns, endpoint=True),
    )


def brute_force(given: Case) -> tuple[int, float, float]:
    """Tries every matching: the greatest (people in a pair, total score, score of the worst
    pair)."""
    pairs = [(int(row), int(column)) for row, column in np.argwhere(given.allowed)]
    rows, columns = given.allowed.shape

    @cache
    def best(
        place: int, below: tuple[int, ...], above: tuple[int, ...]
    ) -> frozenset[tuple[int, float, float]]:
        """All that can still be added from this pair on, but what others are better than."""
        if place == len(pairs):
            return frozenset({(0, 0.0, 1.0)})
        found = set(best(place + 1, below, above))
        row, column = pairs[place]
        if below[row] < given.mentors.places[row] and above[column] < given.mentees.places[column]:
            score = float(given.scores[row, column])
            new = int(given.mentors.new[row]) * (below[row] == 0)
            new += int(given.mentees.new[column]) * (above[column] == 0)
            rest = best(place + 1, _one_more(below, row), _one_more(above, column))
            found |= {(people + new, total + score, min(w, score)) for people, total, w in rest}
        return frozenset(
            one
            for one in found
            if not any(two != one and two[:2] >= one[:2] and two[2] >= one[2] for two in found)
        )

    return max(best(0, (0,) * rows, (0,) * columns))


def _one_more(counts: tuple[int, ...], place: int) -> tuple[int, ...]:
    return (*counts[:place], counts[place] + 1, *counts[place + 1 :])


def most_pairs(allowed: BoolMatrix) -> int:
    """The size of the largest one-to-one matching, by an algorithm that knows no scores."""
    matched = maximum_bipartite_matching(csr_array(allowed), "column")
    return int((matched >= 0).sum())


def integer_programme(given: Case) -> tuple[int, float]:
    """The greatest number of people, and then the greatest total score, by branch and bound."""
    rows, columns = given.allowed.shape
    size, everybody = rows * columns, rows + columns
    per_row = kron(eye_array(rows), csr_array(np.ones((1, columns))))
    per_column = kron(csr_array(np.ones((1, rows))), eye_array(columns))
    pairs = vstack([per_row, per_column])
    places = np.concatenate([given.mentors.places, given.mentees.places])
    has_room = LinearConstraint(hstack([pairs, csr_array((everybody, everybody))]), 0, places)
    is_matched = LinearConstraint(hstack([pairs, -eye_array(everybody)]), 0, np.inf)
    bounds = Bounds(0, np.concatenate([given.allowed.ravel().astype(float), np.ones(everybody)]))
    people = np.concatenate([np.zeros(size), given.mentors.new, given.mentees.new])
    scores = np.concatenate([given.scores.ravel(), np.zeros(everybody)])

    def most(of: FloatMatrix, *constraints: LinearConstraint) -> float:
        found = milp(
            -of,
            integrality=np.ones(size + everybody, dtype=np.int64),
            bounds=bounds,
            constraints=[has_room, is_matched, *constraints],
            options={"mip_rel_gap": 0.0},
        )
        assert found.success, found.message
        return -float(found.fun)

    count = round(most(people))
    return count, most(scores, LinearConstraint(csr_array(people[None, :]), count, np.inf))
