"""How long a match run takes and how good it is, beside other ways to match the same people.

Times are of this process's own work (CPU), as other work on the machine would blur them. The score
that is lacking is what the total falls short of one point for everybody on a side, so somebody
without a partner lacks a whole one.
"""

from collections.abc import Callable
from functools import partial
from time import process_time
from typing import TypeVar

import numpy as np

from bench.baselines import other_matchings
from bench.figure import Figure, Progress
from bot.matching import scores as scoring
from bot.matching.candidates import Candidate
from bot.matching.engine import match

TOPICS = tuple(f"topic {number}" for number in range(12))

T = TypeVar("T")

STEPS = 5
BARE_GOAL = 3.0
"""A whole run, people to proposals with their proof, against the bare solver on ready matrices."""
SLOW_GOAL = 0.2


def measure(people: int, small: int, progress: Progress) -> list[Figure]:
    """So many people on each side; `small` of them where a baseline cannot take more."""
    mentors, mentees = side(1, people, (1, 3)), side(people + 1, people, (3, 6))
    name = f"match {people:,} × {people:,}"
    allowed, scores = scoring.feasible(mentors, mentees), scoring.scores(mentors, mentees)
    ours, found = _timed(lambda: match(mentors, mentees))
    assert found.verdict.is_best, "a benchmark of something that is not the best says nothing"
    progress(1)
    figures = []
    for what, baseline in (
        ("the bare solver", other_matchings.assignment),
        ("greedy", other_matchings.greedy),
        ("Gale and Shapley", other_matchings.gale_shapley),
    ):
        seconds, pairs = _timed(partial(baseline, allowed, scores))
        total = float(sum(scores[pair] for pair in pairs))
        figures.append(Figure(f"{name}: time ({what})", ours, "s", seconds, BARE_GOAL))
        figures.append(
            Figure(
                f"{name}: score lacking ({what})",
                people - found.verdict.total,
                "points",
                people - total,
                1.0001,  # scores are compared in millionths
            )
        )
        progress(1)
    few = mentors[:small], mentees[:small]
    ours, _ = _timed(lambda: match(*few))
    given = scoring.feasible(*few), scoring.scores(*few)
    seconds, _ = _timed(lambda: other_matchings.networkx(*given))
    progress(1)
    figures.append(
        Figure(f"match {small} × {small}: time (networkx)", ours, "s", seconds, SLOW_GOAL)
    )
    return figures


def side(first_id: int, count: int, levels: tuple[int, int]) -> list[Candidate]:
    """Drawn so that many are as good as each other, as in a company with few topics."""
    random = np.random.default_rng(first_id)
    return [
        Candidate(
            person_id=person_id,
            level=int(random.integers(*levels, endpoint=True)),
            department=f"department {random.integers(8)}",
            topics=frozenset(random.choice(TOPICS, random.integers(1, 4), replace=False).tolist()),
            reporting_path=f"/{10_000_000 + random.integers(count // 8 + 1)}/{person_id}/",
        )
        for person_id in range(first_id, first_id + count)
    ]


def _timed(run: Callable[[], T]) -> tuple[float, T]:
    began = process_time()
    result = run()
    return process_time() - began, result
