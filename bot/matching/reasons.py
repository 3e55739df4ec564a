"""Why these two: what speaks for a pair and what against it, by what each part adds and lacks.

A reason lasts longer than the match, in the proposal that it is kept with. So it holds nothing of
what people said of themselves for the matching alone: that they learn alike, and not how.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.matching import scores as scoring
from bot.matching.candidates import Candidate
from bot.matching.explanations import Point
from bot.matching.facts import People
from bot.matching.pairwise import Pairs, Two
from bot.matching.parts import FULL_INTERESTS, FULL_LEVEL_GAP, PARTS
from bot.matching.scores import DEFAULT_WEIGHTS, Weights

STRONGEST = 3
ENOUGH = 0.5
"""A part that knows no clear yes or no speaks for a pair from here on, and below against it."""


@dataclass(frozen=True, slots=True)
class WhyPair:
    """The score (0 to 1), up to three reasons for the pair, the strongest first, and what counts
    most against it. `shared_topics` are offered and wanted, sorted."""

    score: float
    reasons: tuple[Point, ...]
    to_know: Point | None
    shared_topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What a part says of a pair. It `adds` and `lacks` so much of what it counts in full; None
    where there is nothing to be said, as of what people have not told."""

    adds: float
    lacks: float
    reason: Point | None
    to_know: Point | None


def why_pairs(
    mentors: People, mentees: People, pairs: Sequence[Two], weights: Weights = DEFAULT_WEIGHTS
) -> list[WhyPair]:
    """Of each of the pairs (mentor_id, mentee_id), in their order. Raises KeyError for an id that
    is not among the people."""
    asked = Pairs(mentors, mentees, pairs)
    scores = asked.ask(lambda below, above: scoring.weigh(below, above, weights)).tolist()
    parts = [asked.ask(part).tolist() for part in PARTS.values()]
    return [
        _why(mentor, mentee, score, dict(zip(PARTS, values, strict=True)), weights)
        for (mentor, mentee), score, *values in zip(asked.people, scores, *parts, strict=True)
    ]


def _why(
    mentor: Candidate, mentee: Candidate, score: float, values: dict[str, float], weights: Weights
) -> WhyPair:
    said = {name: says(mentor, mentee, values[name]) for name, says in SAYS.items()}
    weight = weights.by_name()
    for_it = {
        name: weight[name] * one.adds
        for name, one in said.items()
        if one.reason is not None and weight[name] * one.adds > 0
    }
    against_it = {
        name: weight[name] * one.lacks
        for name, one in said.items()
        if one.to_know is not None and weight[name] * one.lacks > 0
    }
    strongest = sorted(for_it, key=lambda name: -for_it[name])[:STRONGEST]
    weakest = max(against_it, key=lambda name: against_it[name], default=None)
    return WhyPair(
        score,
        tuple(point for name in strongest if (point := said[name].reason)),
        said[weakest].to_know if weakest else None,
        tuple(sorted(mentor.topics & mentee.topics)),
    )


def _topics(mentor: Candidate, mentee: Candidate, value: float) -> _Said:
    shared, missing = mentor.topics & mentee.topics, mentee.topics - mentor.topics
    wanted = len(mentee.topics)
    reason = Point("topics_shared", {"topics": tuple(sorted(shared)), "wanted": wanted})
    key = "topics_missing" if shared else "no_topic_shared"
    to_know = Point(key, {"topics": tuple(sorted(missing))})
    return _Said(value, 1 - value, reason if shared else None, to_know)


def _department(mentor: Candidate, mentee: Candidate, value: float) -> _Said:
    names = {"mentor": mentor.department, "mentee": mentee.department}
    same = Point("same_department", {"department": mentor.department})
    known = all(names.values())
    to_know = same if known else Point("no_department")
    return _Said(value, 1 - value, Point("departments_differ", names), to_know)


def _level(mentor: Candidate, mentee: Candidate, value: float) -> _Said:
    levels = mentee.level - mentor.level
    to_know = Point("levels_close", {"levels": levels, "enough": FULL_LEVEL_GAP})
    return _Said(value, 1 - value, Point("levels_apart", {"levels": levels}), to_know)


def _hours(mentor: Candidate, mentee: Candidate, value: float) -> _Said:
    if not (mentor.hours and mentee.hours):
        return _SILENT
    hours = {"hours": (mentor.hours & mentee.hours).bit_count() / 2}
    return _one_or_the_other(value, Point("hours_shared", hours), Point("few_hours_shared", hours))


def _meeting(mentor: Candidate, mentee: Candidate, value: float) -> _Said:
    del value  # it counts what is not known as a half
    shared, weeks = mentor.means & mentee.means, (mentor.frequency, mentee.frequency)
    halves = [float(bool(shared))] if mentor.means and mentee.means else []
    often = None not in weeks
    halves += [min(filter(None, weeks)) / max(filter(None, weeks))] if often else []
    same = often and weeks[0] == weeks[1]
    reason = Point("meeting_alike") if shared or same else None
    return _of_halves(halves, reason, Point("meeting_unlike"))


def _learning(mentor: Candidate, mentee: Candidate, value: float) -> _Said:
    del value  # it counts what is not known as a half
    interests = mentor.interests & mentee.interests
    styles = mentor.style and mentee.style
    same = styles and mentor.style == mentee.style
    halves = [float(bool(same))] if styles else []
    if mentor.interests and mentee.interests:
        halves.append(min(len(interests), FULL_INTERESTS) / FULL_INTERESTS)
    reason = Point("learning_alike") if same or interests else None
    return _of_halves(halves, reason, Point("learning_unlike"))


def _strengths(mentor: Candidate, mentee: Candidate, value: float) -> _Said:
    if not (mentor.strengths and mentee.strengths):
        return _SILENT
    return _one_or_the_other(value, Point("strengths_new"), Point("strengths_alike"))


def _newness(mentor: Candidate, mentee: Candidate, value: float) -> _Said:
    if mentee.person_id in mentor.known or mentor.person_id in mentee.known:
        return _Said(0, 1, None, Point("were_a_pair"))
    lines = mentor.line[:-1], mentee.line[:-1]
    if not all(lines):
        return _SILENT  # whose managers are not known may well have some in common
    same = sum(one == two for one, two in zip(*lines, strict=False))
    return _one_or_the_other(
        value, Point("new_to_each_other"), Point("close_together", {"managers": same})
    )


def _one_or_the_other(value: float, reason: Point, to_know: Point) -> _Said:
    """For what is more or less: a few of it are no reason, and a few missing nothing to know."""
    enough = value >= ENOUGH
    return _Said(value, 1 - value, reason if enough else None, None if enough else to_know)


def _of_halves(known: Sequence[float], reason: Point | None, to_know: Point) -> _Said:
    """Of two halves only those that are known add or lack."""
    adds = sum(known) / 2
    return _Said(adds, len(known) / 2 - adds, reason, to_know)


_SILENT = _Said(0, 0, None, None)
SAYS = {
    "topics": _topics,
    "department": _department,
    "level": _level,
    "hours": _hours,
    "meeting": _meeting,
    "learning": _learning,
    "strengths": _strengths,
    "newness": _newness,
}
"""Every part of the score has its words."""
