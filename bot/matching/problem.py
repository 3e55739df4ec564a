"""A matching as the solver sees it: what each pair is worth, and how many pairs a person may have.

Everything is a whole number, so that sums are exact and a proof is a proof. A pair is worth its
score in steps of 1 / SCORE_STEPS; FORBIDDEN says that the rules do not allow it. On top, each
person who gets a first partner is worth `bonus`, which is more than all pairs together can be: so
nobody is left out for any score.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching import scores as scoring
from bot.matching.facts import BoolMatrix, FloatMatrix, IntVector, People, Together, facts
from bot.matching.scores import Weights

IntMatrix = npt.NDArray[np.int32]

SCORE_STEPS = 2**20
"""Scores are compared in steps of this fraction: about a millionth."""
FORBIDDEN = -1

KEPT = 50_000_000
"""Up to so many pairs their worth is kept (200 MB); above, it is computed each time it is read."""
BLOCK = 50_000
"""So many pairs are looked at together: few enough for a processor's cache, and for memory that
is used again instead of asked for anew."""

Told = Callable[[float], None]
"""Hears how much of the work is done, 0 to 1, never less than before."""


def nobody_listens(share: float) -> None:
    """The Told for who does not ask."""


@dataclass(frozen=True, slots=True)
class Room:
    """What one side's people have room for: `places` are how many pairs each, at least 1; `new` is
    1 for who has no partner yet, else 0."""

    places: IntVector
    new: IntVector


@dataclass(frozen=True, slots=True)
class Problem:
    """`worth` gives the rows of some mentors, a column for each mentee."""

    worth: Callable[[slice], IntMatrix]
    mentors: Room
    mentees: Room

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.mentors.places), len(self.mentees.places)

    @property
    def bonus(self) -> int:
        most_pairs = min(int(side.places.sum()) for side in (self.mentors, self.mentees))
        return most_pairs * SCORE_STEPS + 1

    def blocks(self) -> Iterator[tuple[slice, IntMatrix]]:
        """All rows, from the first to the last."""
        rows, columns = self.shape
        height = max(1, BLOCK // max(1, columns))
        for start in range(0, rows, height):
            some = slice(start, min(start + height, rows))
            yield some, self.worth(some)


def of_people(
    mentors: People,
    mentees: People,
    gap: int,
    weights: Weights,
    excluded: Together,
    told: Told = nobody_listens,
) -> Problem:
    """Raises ValueError when `gap` is below 1."""
    scoring.check_gap(gap)
    below, above = facts(mentors, mentees)
    apart_rows, apart_columns = scoring.apart(mentors, mentees, excluded)

    def worth(some: slice) -> IntMatrix:
        allowed = scoring.far_enough(below[some], above, gap)
        first, last = np.searchsorted(apart_rows, [some.start, some.stop])
        allowed[apart_rows[first:last] - some.start, apart_columns[first:last]] = False
        return in_steps(allowed, scoring.weigh(below[some], above, weights))

    problem = Problem(worth, _room(mentors), _room(mentees))
    return keep(problem, told) if len(mentors) * len(mentees) <= KEPT else problem


def of_matrices(
    allowed: BoolMatrix,
    scores: FloatMatrix,
    mentors: Room | None = None,
    mentees: Room | None = None,
) -> Problem:
    """Room for a first partner each, unless said. Raises ValueError when the shapes differ, or the
    score of an allowed pair is not within 0 to 1."""
    ones = [np.ones(size, dtype=np.int64) for size in allowed.shape]
    below, above = mentors or Room(ones[0], ones[0]), mentees or Room(ones[1], ones[1])
    if allowed.shape != scores.shape:
        raise ValueError(f"{allowed.shape} rules do not fit {scores.shape} scores.")
    steps = in_steps(allowed, scores)
    return Problem(lambda some: steps[some], below, above)


def in_steps(allowed: BoolMatrix, scores: FloatMatrix) -> IntMatrix:
    usable = np.where(allowed, scores, 0.0)
    if not np.all((usable >= 0) & (usable <= 1)):
        raise ValueError("A score is not a number within 0 to 1.")
    steps: IntMatrix = np.rint(usable * SCORE_STEPS).astype(np.int32)
    steps[~allowed] = FORBIDDEN
    return steps


def keep(problem: Problem, told: Told = nobody_listens) -> Problem:
    """The same, its worth in memory."""
    kept = np.empty(problem.shape, dtype=np.int32)
    for some, worth in problem.blocks():
        told(some.start / problem.shape[0])
        kept[some] = worth
    return Problem(lambda some: kept[some], problem.mentors, problem.mentees)


def _room(people: People) -> Room:
    return Room(
        places=np.array([person.capacity for person in people], dtype=np.int64),
        new=np.array([person.partners == 0 for person in people], dtype=np.int64),
    )
