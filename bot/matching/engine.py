"""The match run: the best pairs among these people, with the proof."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.matching import certificate, solver
from bot.matching import problem as problems
from bot.matching.candidates import Candidate
from bot.matching.certificate import Certificate, Verdict
from bot.matching.facts import Together
from bot.matching.problem import Told
from bot.matching.scores import DEFAULT_WEIGHTS, Weights

SCORING = 0.3
"""This share of a run's work are the scores, the rest is the search."""


@dataclass(frozen=True, slots=True)
class Matching:
    """What a match run proposes: (mentor_id, mentee_id), sorted.

    `certificate` lets anybody check with `certificate.verify`, and without a solver, that nothing
    is better; `verdict` is what that says.
    """

    pairs: tuple[tuple[int, int], ...]
    certificate: Certificate = field(default_factory=dict, compare=False)
    verdict: Verdict = field(default=Verdict(0, 0, 0.0, 0.0), compare=False)


def match(
    mentors: Sequence[Candidate],
    mentees: Sequence[Candidate],
    gap: int = 1,
    weights: Weights = DEFAULT_WEIGHTS,
    excluded: Together = (),
    told: Told = problems.nobody_listens,
) -> Matching:
    """The best matching that the hard rules allow and everybody has room for.

    The best is: as many people as possible with a first partner, then the highest total score, then
    the worst pair as good as it can be. Up to problem.KEPT possible pairs it is exactly that,
    beyond them `verdict` says how much better it might be. `excluded` are pairs, by mentor's and
    mentee's id, that may not be. `told` hears how much of the work is done, 0 to 1.

    The order of the people does not matter. Raises ValueError when somebody is twice on one side,
    or `gap` is below 1.
    """
    mentors, mentees = _scattered(mentors), _scattered(mentees)
    problem = problems.of_people(
        mentors, mentees, gap, weights, excluded, lambda share: told(SCORING * share)
    )
    found = solver.solve(problem, lambda share: told(SCORING + (1 - SCORING) * share))
    pairs = zip(found.rows.tolist(), found.columns.tolist(), strict=True)
    return Matching(
        pairs=tuple(sorted((mentors[r].person_id, mentees[c].person_id) for r, c in pairs)),
        certificate=certificate.certify(mentors, mentees, found.prices),
        verdict=certificate.verdict(problem, found.rows, found.columns, found.worth, found.bound),
    )


def _scattered(people: Sequence[Candidate]) -> list[Candidate]:
    """In an order of their ids that has nothing to do with departments or dates of joining: the
    solver looks at people in groups, and each should be as mixed as the others."""
    if len({person.person_id for person in people}) < len(people):
        raise ValueError("Somebody is twice on one side of the match.")
    return sorted(people, key=lambda p: (p.person_id * 2_654_435_761 % 2**32, p.person_id))
