"""The assignment: as many people matched as possible, then the highest total score, exactly."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from bot.matching import scores as scoring
from bot.matching.candidates import Candidate
from bot.matching.scores import DEFAULT_WEIGHTS, BoolMatrix, FloatMatrix, Weights

SCORE_STEPS = 2**32
"""Scores are compared in steps of this fraction: about a quarter of a billionth."""


@dataclass(frozen=True, slots=True)
class ProposedPair:
    """A mentor and a mentee whom the run would bring together.

    `score` is 0 to 1. `reasons` are names of the parts that add to it, the strongest first; empty
    when none does. `shared_topics` are offered by the mentor and wanted by the mentee, sorted.
    """

    mentor_id: int
    mentee_id: int
    score: float
    reasons: tuple[str, ...]
    shared_topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """What a match run proposes; pairs by mentor id, those left over by person id."""

    pairs: tuple[ProposedPair, ...]
    unmatched_mentors: tuple[int, ...]
    unmatched_mentees: tuple[int, ...]


def assign(feasible: BoolMatrix, scores: FloatMatrix) -> list[tuple[int, int]]:
    """One-to-one pairs (row, column) by row: as many as possible, then the highest total score.

    Scores count in steps of 1 / SCORE_STEPS, so the total is within one step per pair of the best
    possible; among matchings that tie, the same matrices always give the same one. Raises
    ValueError when the shapes differ, or a feasible score is not within 0 to 1.

    Both aims go into one number: a feasible pair is worth its score plus a bonus of one per person
    on the shorter side, an infeasible one nothing. One more pair can cost the others less than the
    bonus altogether, so no score is ever bought with a pair.

    Why that is safe in floating point: all values are whole numbers, and the solver only adds,
    subtracts and compares. Until the last row is placed a free column bounds its dual values by
    twice the largest value, so its sums stay below 16 times that: 16 * (people + 1) * 2**32, which
    is under 2**53 up to 131,000 people on the shorter side. Below it every step is exact.
    """
    if feasible.shape != scores.shape:
        raise ValueError(f"{feasible.shape} rules do not fit {scores.shape} scores.")
    if not feasible.any():
        return []
    usable = scores[feasible]
    if not np.all((usable >= 0) & (usable <= 1)):
        raise ValueError("A score is not a number within 0 to 1.")
    bonus = min(feasible.shape) * SCORE_STEPS
    worth = np.zeros(feasible.shape)
    worth[feasible] = np.rint(usable * SCORE_STEPS) + bonus
    rows, columns = linear_sum_assignment(worth, maximize=True)
    taken = feasible[rows, columns]
    return sorted(zip(rows[taken].tolist(), columns[taken].tolist(), strict=True))


def match(
    mentors: Sequence[Candidate],
    mentees: Sequence[Candidate],
    gap: int = 1,
    weights: Weights = DEFAULT_WEIGHTS,
    excluded: Collection[tuple[int, int]] = (),
) -> Matching:
    """The best matching that the hard rules allow, explained.

    `excluded` are pairs, as mentor's and mentee's id, that are not made whatever the rules say.
    Where somebody has a partner already, a first one for somebody else counts for more than any
    score. The order of the people does not matter. Raises ValueError when somebody is twice on one
    side, or `gap` is below 1.
    """
    mentors, mentees = _by_id(mentors), _by_id(mentees)
    parts = scoring.parts(mentors, mentees)
    total = scoring.weigh(parts, weights)
    feasible = scoring.feasible(mentors, mentees, gap, excluded)
    aim = total
    if any(person.partners for person in (*mentors, *mentees)):
        aim = (total + scoring.newcomers(mentors, mentees)) / 3
    chosen = assign(feasible, aim)
    pairs = tuple(
        ProposedPair(
            mentor_id=mentors[row].person_id,
            mentee_id=mentees[column].person_id,
            score=float(total[row, column]),
            reasons=_reasons(parts, weights, row, column),
            shared_topics=tuple(sorted(mentors[row].topics & mentees[column].topics)),
        )
        for row, column in chosen
    )
    return Matching(
        pairs=pairs,
        unmatched_mentors=_left_over(mentors, {pair.mentor_id for pair in pairs}),
        unmatched_mentees=_left_over(mentees, {pair.mentee_id for pair in pairs}),
    )


def _by_id(people: Sequence[Candidate]) -> list[Candidate]:
    if len({person.person_id for person in people}) < len(people):
        raise ValueError("Somebody is twice on one side of the match.")
    return sorted(people, key=lambda person: person.person_id)


def _reasons(
    parts: Mapping[str, FloatMatrix], weights: Weights, row: int, column: int
) -> tuple[str, ...]:
    """The parts that add to this pair's score, the one that adds most first."""
    added = {name: w * float(parts[name][row, column]) for name, w in weights.by_name().items()}
    return tuple(sorted((name for name in added if added[name] > 0), key=lambda name: -added[name]))


def _left_over(people: Sequence[Candidate], matched: set[int]) -> tuple[int, ...]:
    return tuple(person.person_id for person in people if person.person_id not in matched)
