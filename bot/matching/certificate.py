"""The proof that a matching is the best, as plain data, and the check that needs no solver."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from bot.matching import prices as pricing
from bot.matching import problem as problems
from bot.matching.facts import IntVector, People, Together
from bot.matching.prices import Prices
from bot.matching.problem import FORBIDDEN, SCORE_STEPS, Problem
from bot.matching.scores import DEFAULT_WEIGHTS, Weights

Certificate = Mapping[str, Mapping[str, int]]
"""{"mentors": {person id: price}, "mentees": {person id: price}}, prices in steps of the problem;
the ids are text, so that it is the same after a journey through JSON."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How good a matching is, and how good the prices prove that any can be.

    `people` get a first partner, `people_at_most` could. `total` is the sum of scores; with as many
    people as now it could be `total_at_most`.
    """

    people: int
    people_at_most: int
    total: float
    total_at_most: float

    @property
    def is_best(self) -> bool:
        """Nothing is better: not by one person, not by a millionth of a score a pair."""
        return self.people_at_most == self.people and self.total_at_most <= self.total


def certify(mentors: People, mentees: People, prices: Prices) -> Certificate:
    def side(people: People, of: IntVector) -> dict[str, int]:
        known = {person.person_id: int(price) for person, price in zip(people, of, strict=True)}
        return {str(person_id): known[person_id] for person_id in sorted(known)}

    return {"mentors": side(mentors, prices.mentors), "mentees": side(mentees, prices.mentees)}


def verify(
    mentors: People,
    mentees: People,
    pairs: Collection[tuple[int, int]],
    certificate: Certificate,
    gap: int = 1,
    weights: Weights = DEFAULT_WEIGHTS,
    *,
    excluded: Together = (),
) -> Verdict:
    """What a certificate proves of these (mentor_id, mentee_id) pairs, from the people alone.

    It computes every pair's worth anew, and is right whatever the certificate says: wrong prices
    only prove less. Raises ValueError when the pairs break a rule, and when people or prices are
    missing.
    """
    problem = problems.of_people(mentors, mentees, gap, weights, excluded)
    below = {person.person_id: place for place, person in enumerate(mentors)}
    above = {person.person_id: place for place, person in enumerate(mentees)}
    try:
        rows = np.array([below[mentor_id] for mentor_id, _ in pairs], dtype=np.int64)
        columns = np.array([above[mentee_id] for _, mentee_id in pairs], dtype=np.int64)
        prices = Prices(
            np.array([certificate["mentors"][str(p.person_id)] for p in mentors], dtype=np.int64),
            np.array([certificate["mentees"][str(p.person_id)] for p in mentees], dtype=np.int64),
        )
    except KeyError as missing:
        raise ValueError(f"Not everybody is known: {missing}.") from None
    return judge(problem, rows, columns, prices)


def judge(problem: Problem, rows: IntVector, columns: IntVector, prices: Prices) -> Verdict:
    """`verify` for who has the problem in matrices. Raises ValueError when the pairs break a
    rule: forbidden, twice, or more than somebody has room for."""
    worth = _worth(problem, rows, columns)
    if not (worth != FORBIDDEN).all():
        raise ValueError("A pair is not allowed.")
    if len(set(zip(rows.tolist(), columns.tolist(), strict=True))) < len(rows):
        raise ValueError("A pair is there twice.")
    for people, room in ((rows, problem.mentors), (columns, problem.mentees)):
        if (np.bincount(people, minlength=len(room.places)) > room.places).any():
            raise ValueError("Somebody has more pairs than room for them.")
    return verdict(problem, rows, columns, worth, pricing.bound(problem, prices))


def verdict(
    problem: Problem, rows: IntVector, columns: IntVector, worth: IntVector, bound: int
) -> Verdict:
    people = pricing.newly_matched(problem, rows, columns)
    people_at_most = min(bound // problem.bonus, sum(problem.shape))
    steps = int(worth.sum())
    left = bound - pricing.value(problem, rows, columns, worth)
    most = min(steps + left, problem.bonus - 1)  # what all places are worth at the very best
    return Verdict(people, people_at_most, steps / SCORE_STEPS, most / SCORE_STEPS)


def _worth(problem: Problem, rows: IntVector, columns: IntVector) -> IntVector:
    """Of each pair, however they are ordered."""
    found = np.zeros(len(rows), dtype=np.int64)
    for some, worth in problem.blocks():
        here = (rows >= some.start) & (rows < some.stop)
        found[here] = worth[rows[here] - some.start, columns[here]]
    return found
