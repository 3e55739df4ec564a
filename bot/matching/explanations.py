"""Why these two, and why not somebody: as keys and values, to be put into words elsewhere.

Nothing here tells who wanted to be kept apart from whom: `excluded` pairs count together with
those that reporting lines rule out.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from bot.matching import scores as scoring
from bot.matching.candidates import Candidate
from bot.matching.scores import (
    DEFAULT_WEIGHTS,
    FULL_LEVEL_GAP,
    People,
    Together,
    Weights,
)

Values = Mapping[str, str | int | tuple[str, ...]]

STRONGEST = 3
BLOCK = 1_000_000
"""So many pairs are looked at together."""


@dataclass(frozen=True, slots=True)
class Point:
    """Something to be said: the key of a sentence and what goes into it."""

    key: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WhyPair:
    """Up to three reasons for a pair, the strongest first, and what counts most against it."""

    reasons: tuple[Point, ...]
    to_know: Point | None


@dataclass(frozen=True, slots=True)
class WhyUnmatched:
    """`reason` says what is in the way, `help` what would change it."""

    person_id: int
    reason: Point
    help: Point


@dataclass(frozen=True, slots=True)
class Wish:
    """So many more `partners` who know (or want) `topic` would match `people` who have nobody.

    A mentor among those partners is at most at `level`, a mentee at least: the strictest of those
    people decides.
    """

    topic: str
    people: int
    partners: int
    level: int


def why_pair(mentor: Candidate, mentee: Candidate, weights: Weights = DEFAULT_WEIGHTS) -> WhyPair:
    """A part of the score is a reason by what it adds, and a thing to know by what it lacks."""
    parts = {
        name: float(part[0, 0])
        for name, part in scoring.parts(*scoring.facts([mentor], [mentee])).items()
    }
    weight = weights.by_name()
    added = {name: weight[name] * parts[name] for name in parts}
    lacking = {name: weight[name] * (1 - parts[name]) for name in parts}
    strongest = sorted((name for name in added if added[name] > 0), key=lambda name: -added[name])
    weakest = max(lacking, key=lambda name: lacking[name])
    return WhyPair(
        reasons=tuple(_reason(name, mentor, mentee) for name in strongest[:STRONGEST]),
        to_know=_to_know(weakest, mentor, mentee) if lacking[weakest] > 0 else None,
    )


def why_unmatched(
    mentors: People,
    mentees: People,
    pairs: Collection[tuple[int, int]],
    gap: int = 1,
    *,
    excluded: Together = (),
) -> tuple[WhyUnmatched, ...]:
    """For each person in none of the (mentor_id, mentee_id) pairs: mentors first, by id."""
    in_pairs = {mentor_id for mentor_id, _ in pairs}, {mentee_id for _, mentee_id in pairs}
    juniors, leaders = (
        sorted((p for p in people if p.person_id not in matched), key=lambda p: p.person_id)
        for people, matched in zip((mentors, mentees), in_pairs, strict=True)
    )
    below = _counts(juniors, mentees, gap, excluded, axis=1)
    above = _counts(mentors, leaders, gap, excluded, axis=0)
    return (
        *(
            WhyUnmatched(
                person.person_id,
                _obstacle(len(mentees), far, possible),
                Point("mentees_needed", {"level": person.level + gap, "topics": _topics(person)}),
            )
            for person, far, possible in zip(juniors, *below, strict=True)
        ),
        *(
            WhyUnmatched(
                person.person_id,
                _obstacle(len(mentors), far, possible),
                Point("mentors_needed", {"level": person.level - gap, "topics": _topics(person)}),
            )
            for person, far, possible in zip(leaders, *above, strict=True)
        ),
    )


def mentors_wished(unmatched_mentees: People, gap: int = 1, capacity: int = 1) -> tuple[Wish, ...]:
    """Who would help most, if mentors had room for `capacity` mentees each; most people first."""
    return _wishes(unmatched_mentees, capacity, lambda people: min(p.level for p in people) - gap)


def mentees_wished(unmatched_mentors: People, gap: int = 1, capacity: int = 1) -> tuple[Wish, ...]:
    return _wishes(unmatched_mentors, capacity, lambda people: max(p.level for p in people) + gap)


def _reason(part: str, mentor: Candidate, mentee: Candidate) -> Point:
    if part == "topics":
        shared = tuple(sorted(mentor.topics & mentee.topics))
        return Point("topics_shared", {"topics": shared, "wanted": len(mentee.topics)})
    if part == "department":
        names = {"mentor": mentor.department, "mentee": mentee.department}
        return Point("departments_differ", names)
    assert part == "level", f"{part} has a weight and no words"
    return Point("levels_apart", {"levels": mentee.level - mentor.level})


def _to_know(part: str, mentor: Candidate, mentee: Candidate) -> Point:
    if part == "topics":
        missing = tuple(sorted(mentee.topics - mentor.topics))
        key = "topics_missing" if mentee.topics & mentor.topics else "no_topic_shared"
        return Point(key, {"topics": missing})
    if part == "department":
        known = mentor.department if mentee.department else ""
        return Point("same_department", {"department": known}) if known else Point("no_department")
    assert part == "level", f"{part} has a weight and no words"
    levels = {"levels": mentee.level - mentor.level, "enough": FULL_LEVEL_GAP}
    return Point("levels_close", levels)


def _obstacle(others: int, far: int, possible: int) -> Point:
    """What stands between somebody and `others`, of whom `far` are at the right levels and
    `possible` allowed by all rules."""
    if not others:
        return Point("nobody_there")
    if possible:
        return Point("all_taken", {"people": possible})
    if far:
        return Point("kept_apart", {"people": far})
    return Point("levels", {"people": others})


def _counts(
    mentors: People, mentees: People, gap: int, excluded: Together, axis: int
) -> tuple[list[int], list[int]]:
    """With how many of the other side somebody is far enough apart in level, and allowed; for
    each mentor (axis 1) or mentee (axis 0)."""
    far, possible = (np.zeros((len(mentors), len(mentees))[1 - axis], dtype=np.int64) for _ in "12")
    height = max(1, BLOCK // max(1, len(mentees)))
    for start in range(0, len(mentors), height):
        some = mentors[start : start + height]
        levels = scoring.by_level(*scoring.facts(some, mentees), gap)
        allowed = scoring.feasible(some, mentees, gap, excluded=excluded)
        here = slice(start, start + height) if axis == 1 else slice(None)
        far[here] += levels.sum(axis=axis)
        possible[here] += allowed.sum(axis=axis)
    return far.tolist(), possible.tolist()


def _wishes(people: People, capacity: int, level: Callable[[People], int]) -> tuple[Wish, ...]:
    by_topic: dict[str, list[Candidate]] = defaultdict(list)
    for person in people:
        for topic in person.topics:
            by_topic[topic].append(person)
    wishes = [
        Wish(topic, len(some), math.ceil(len(some) / capacity), level(some))
        for topic, some in by_topic.items()
    ]
    return tuple(sorted(wishes, key=lambda wish: (-wish.people, wish.topic)))


def _topics(person: Candidate) -> tuple[str, ...]:
    return tuple(sorted(person.topics))
