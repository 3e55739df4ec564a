"""The match run: the best pairs among these people, explained, and with the proof."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.matching import certificate, solver
from bot.matching import problem as problems
from bot.matching import scores as scoring
from bot.matching.candidates import Candidate
from bot.matching.certificate import Certificate, Verdict
from bot.matching.scores import DEFAULT_WEIGHTS, IntVector, Together, Weights

TOGETHER = 64
"""So many pairs are explained at once: all their mentors by all their mentees."""


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
    """What a match run proposes; pairs by mentor and mentee id, those without any by person id.

    `certificate` lets anybody check with `certificate.verify`, and without a solver, that nothing
    is better; `verdict` is what that says.
    """

    pairs: tuple[ProposedPair, ...]
    unmatched_mentors: tuple[int, ...]
    unmatched_mentees: tuple[int, ...]
    certificate: Certificate = field(default_factory=dict, compare=False)
    verdict: Verdict = field(default=Verdict(0, 0, 0.0, 0.0), compare=False)


def match(
    mentors: Sequence[Candidate],
    mentees: Sequence[Candidate],
    gap: int = 1,
    weights: Weights = DEFAULT_WEIGHTS,
    excluded: Together = (),
) -> Matching:
    """The best matching that the hard rules allow and everybody has room for, explained.

    The best is: as many people as possible with a first partner, then the highest total score, then
    the worst pair as good as it can be. Up to problem.KEPT possible pairs it is exactly that,
    beyond them `verdict` says how much better it might be. `excluded` are pairs, by mentor's and
    mentee's id, that may not be.

    The order of the people does not matter. Raises ValueError when somebody is twice on one side,
    or `gap` is below 1.
    """
    mentors, mentees = _scattered(mentors), _scattered(mentees)
    problem = problems.of_people(mentors, mentees, gap, weights, excluded)
    found = solver.solve(problem)
    pairs = _proposed(mentors, mentees, found.rows, found.columns, weights)
    return Matching(
        pairs=tuple(sorted(pairs, key=lambda pair: (pair.mentor_id, pair.mentee_id))),
        unmatched_mentors=_left_over(mentors, found.rows),
        unmatched_mentees=_left_over(mentees, found.columns),
        certificate=certificate.certify(mentors, mentees, found.prices),
        verdict=certificate.verdict(problem, found.rows, found.columns, found.worth, found.bound),
    )


def _scattered(people: Sequence[Candidate]) -> list[Candidate]:
    """In an order of their ids that has nothing to do with departments or dates of joining: the
    solver looks at people in groups, and each should be as mixed as the others."""
    if len({person.person_id for person in people}) < len(people):
        raise ValueError("Somebody is twice on one side of the match.")
    return sorted(people, key=lambda p: (p.person_id * 2_654_435_761 % 2**32, p.person_id))


def _proposed(
    mentors: Sequence[Candidate],
    mentees: Sequence[Candidate],
    rows: IntVector,
    columns: IntVector,
    weights: Weights,
) -> Iterator[ProposedPair]:
    below, above = scoring.facts(mentors, mentees)
    for start in range(0, len(rows), TOGETHER):
        some = slice(start, start + TOGETHER)
        parts = scoring.parts(below[rows[some]], above[columns[some]])
        score = scoring.weigh(parts, weights).diagonal()
        by_name = {name: part.diagonal() for name, part in parts.items()}
        for place, (row, column) in enumerate(zip(rows[some], columns[some], strict=True)):
            mentor, mentee = mentors[row], mentees[column]
            yield ProposedPair(
                mentor_id=mentor.person_id,
                mentee_id=mentee.person_id,
                score=float(score[place]),
                reasons=_reasons({name: float(by_name[name][place]) for name in parts}, weights),
                shared_topics=tuple(sorted(mentor.topics & mentee.topics)),
            )


def _reasons(parts: dict[str, float], weights: Weights) -> tuple[str, ...]:
    """The parts that add to this pair's score, the one that adds most first."""
    added = {name: weight * parts[name] for name, weight in weights.by_name().items()}
    return tuple(sorted((name for name in added if added[name] > 0), key=lambda name: -added[name]))


def _left_over(people: Sequence[Candidate], matched: IntVector) -> tuple[int, ...]:
    without = np.setdiff1d(np.arange(len(people)), matched)
    return tuple(sorted(people[place].person_id for place in without))
