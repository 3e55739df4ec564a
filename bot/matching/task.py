"""A match run as plain data: what there is to work out, and what comes of it.

Everything here can be handed to another process and back.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.matching import certificate as certificates
from bot.matching import engine, explanations, locks, reasons
from bot.matching import scores as scoring
from bot.matching.candidates import Candidate
from bot.matching.certificate import Certificate, Verdict
from bot.matching.explanations import Point, Wish
from bot.matching.facts import Together, facts
from bot.matching.locks import Rest
from bot.matching.pairwise import Two
from bot.matching.scores import DEFAULT_WEIGHTS, Weights
from models import Role

SOLVED = 85
"""Percent: the pairs are found, and what remains is to say why."""


@dataclass(frozen=True, slots=True)
class Task:
    """The people and the rules of a match. `excluded` are two who may not be a pair, `locked` two
    who are to be one, both as (mentor_id, mentee_id)."""

    mentors: Sequence[Candidate]
    mentees: Sequence[Candidate]
    gap: int = 1
    weights: Weights = DEFAULT_WEIGHTS
    excluded: Together = ()
    locked: Together = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A pair: its score (0 to 1), up to three reasons for it, the strongest first, and what speaks
    most against it. `shared_topics` are offered by the mentor and wanted by the mentee, sorted."""

    mentor_id: int
    mentee_id: int
    score: float
    reasons: tuple[Point, ...]
    to_know: Point | None
    shared_topics: tuple[str, ...]
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who has no partner, and got none: what is in the way, and what would help."""

    person_id: int
    role: Role
    reason: Point
    help: Point


@dataclass(frozen=True, slots=True)
class Worked:
    """What a match run comes to: pairs by mentor's and mentee's id, those left over mentors first,
    `wishes` those that help most people first, and the locked pairs that may not be."""

    pairs: tuple[Found, ...]
    left_over: tuple[Left, ...]
    wishes: tuple[Wish, ...]
    certificate: Certificate = field(default_factory=dict)
    verdict: Verdict = field(default=Verdict(0, 0, 0.0, 0.0))
    skipped: tuple[Two, ...] = ()


def work_out(task: Task, progress: Callable[[int], None] | None = None) -> Worked:
    """The best matching around the locked pairs, and why it is what it is. `progress` hears whole
    percents, each once.

    An empty side, or rules that allow nobody, come to no pairs, and everybody is left over with
    the reason. The order of the people does not matter. Raises ValueError as `engine.match` does.
    """
    tell = _Teller(progress)
    tell.percent(0)
    rest = _rest(task)
    matching = engine.match(
        rest.mentors, rest.mentees, task.gap, task.weights, rest.excluded, tell.of_solving
    )
    tell.percent(SOLVED)
    held = frozenset(rest.held)
    pairs = sorted({*held, *matching.pairs})
    explained = _explained(task, pairs, held)
    tell.percent(95)
    left_over = _left_over(task, pairs)
    worked = Worked(
        pairs=explained,
        left_over=left_over,
        wishes=_wishes(task, left_over),
        certificate=matching.certificate,
        verdict=_with_locked(
            task, held, [one for one in explained if one.locked], matching.verdict
        ),
        skipped=rest.skipped,
    )
    tell.percent(100)
    return worked


def check(task: Task, pairs: Collection[Two], certificate: Certificate) -> Verdict:
    """What the certificate of a run proves of its pairs, locked ones included, from the people
    alone and without the solver.

    `task` is that of the run, with its locks; wrong prices only prove less. Raises ValueError when
    a pair is not allowed, a lock that holds is not among the pairs, or somebody is not known.
    """
    rest = _rest(task)
    held, given = frozenset(rest.held), frozenset(pairs)
    if len(given) < len(pairs):
        raise ValueError("A pair is there twice.")
    if not held <= given:
        raise ValueError("A locked pair is missing.")
    verdict = certificates.verify(
        rest.mentors,
        rest.mentees,
        sorted(given - held),
        certificate,
        task.gap,
        task.weights,
        excluded=rest.excluded,
    )
    return _with_locked(task, held, _explained(task, sorted(held), held), verdict)


def hindrance(
    mentor: Candidate, mentee: Candidate, gap: int, excluded: Together
) -> Literal["level", "kept_apart"] | None:
    """Why these two may not be a pair; None where they may. Which rule keeps them apart is not
    said, whether it is the line of managers or somebody's wish. Raises ValueError when `gap` is
    below 1."""
    if scoring.feasible([mentor], [mentee], gap, excluded)[0, 0]:
        return None
    far = scoring.by_level(*facts([mentor], [mentee]), gap)[0, 0]
    return "kept_apart" if far else "level"


def found(mentor: Candidate, mentee: Candidate, weights: Weights = DEFAULT_WEIGHTS) -> Found:
    """Score and words of one pair, whether or not the rules allow it."""
    task = Task([mentor], [mentee], weights=weights)
    (one,) = _explained(task, [(mentor.person_id, mentee.person_id)], frozenset())
    return one


def _rest(task: Task) -> Rest:
    return locks.take_out(task.locked, task.mentors, task.mentees, task.gap, task.excluded)


def _with_locked(
    task: Task, held: Collection[Two], locked: Sequence[Found], rest: Verdict
) -> Verdict:
    total = math.fsum(one.score for one in locked)
    return locks.counted_in(held, total, task.mentors, task.mentees, rest)


def _explained(task: Task, pairs: Sequence[Two], held: Collection[Two]) -> tuple[Found, ...]:
    whys = reasons.why_pairs(task.mentors, task.mentees, pairs, task.weights)
    return tuple(
        Found(*two, why.score, why.reasons, why.to_know, why.shared_topics, two in held)
        for two, why in zip(pairs, whys, strict=True)
    )


def _left_over(task: Task, pairs: Collection[Two]) -> tuple[Left, ...]:
    """Who has a partner already is not left over when there is no second one."""
    whys = explanations.why_unmatched(
        task.mentors, task.mentees, pairs, task.gap, excluded=task.excluded
    )
    return tuple(Left(why.person_id, why.role, why.reason, why.help) for why in whys)


def _wishes(task: Task, left_over: Sequence[Left]) -> tuple[Wish, ...]:
    left = {(one.role, one.person_id) for one in left_over}
    mentors, mentees = (
        [person for person in people if (role, person.person_id) in left]
        for role, people in ((Role.MENTOR, task.mentors), (Role.MENTEE, task.mentees))
    )
    wishes = (
        *explanations.mentors_wished(mentees, task.gap, _usual_room(task.mentors)),
        *explanations.mentees_wished(mentors, task.gap, _usual_room(task.mentees)),
    )
    return tuple(sorted(wishes, key=lambda wish: -wish.people))


def _usual_room(people: Sequence[Candidate]) -> int:
    """So many partners everybody there has room for, or has; 1 where nobody is."""
    return min((person.capacity + person.partners for person in people), default=1)


class _Teller:
    """Passes on whole percents, and only when they rise."""

    def __init__(self, progress: Callable[[int], None] | None) -> None:
        self._progress, self._said = progress, -1

    def percent(self, percent: int) -> None:
        if self._progress is not None and percent > self._said:
            self._said = percent
            self._progress(percent)

    def of_solving(self, share: float) -> None:
        self.percent(int(share * SOLVED))
