"""What is said of a matching: keys and values, to be put into words elsewhere.

Nothing here tells who wanted to be kept apart from whom: `excluded` pairs count together with
those that reporting lines rule out.

Reasons for a pair (`reasons.why_pairs`):
    topics_shared       topics (shared), wanted (how many the mentee wants)
    departments_differ  mentor, mentee (their departments)
    levels_apart        levels (how many)
    hours_shared        hours (of work in common a day, 2.0 to 24.0 in halves)
    meeting_alike
    learning_alike
    strengths_new
    new_to_each_other
A thing to know about a pair:
    topics_missing      topics (wanted and not offered)
    no_topic_shared     topics (the same; empty where none are wanted)
    same_department     department
    no_department
    levels_close        levels, enough (so many count in full)
    few_hours_shared    hours (0.0 to 1.5 in halves)
    meeting_unlike
    learning_unlike
    strengths_alike
    close_together      managers (how many of theirs are the same)
    were_a_pair
Why somebody is left over (`why_unmatched`), and what would help:
    nobody_there
    all_taken           people (who could have been their partner)
    kept_apart          people (at the right levels)
    levels              people (on the other side)
    asked_often         (they are left out for now)
    asked_in_vain       (their pair has not come about)
    set_free            (by hand, since the match)
    mentors_needed      level (at most), topics
    mentees_needed      level (at least), topics
    left_in_peace
    goes_on_waiting

Several names are sorted tuples, lists after a journey through JSON.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bot.matching import scores as scoring
from bot.matching.candidates import Candidate
from bot.matching.facts import People, Together, facts
from models import Role

Values = Mapping[str, str | int | float | tuple[str, ...]]

SET_FREE = "set_free"

BLOCK = 1_000_000
"""So many pairs are looked at together."""


@dataclass(frozen=True, slots=True)
class Point:
    """Something to be said: the key of a sentence and what goes into it."""

    key: str
    values: Values = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key, "values": dict(self.values)}


@dataclass(frozen=True, slots=True)
class WhyUnmatched:
    """`reason` says what is in the way, `help` what would change it."""

    person_id: int
    role: Role
    reason: Point
    help: Point


@dataclass(frozen=True, slots=True)
class Wish:
    """So many more `partners`, all of the `role`, who know (or want) `topic` would match at least
    `people` of those who have nobody.

    A mentor among those partners is at most at `level`, a mentee at least: the strictest of those
    people decides. Each of them has room for as many as is usual, and neither a line or a direct
    manager in common with those people nor anybody who would rather not: new ones most often. The
    people of several wishes may be the same, so they do not add up.
    """

    topic: str
    people: int
    partners: int
    level: int
    role: Role


def why_unmatched(
    mentors: People,
    mentees: People,
    pairs: Collection[tuple[int, int]],
    gap: int = 1,
    *,
    excluded: Together = (),
) -> tuple[WhyUnmatched, ...]:
    """For each person without any partner, and in none of the (mentor_id, mentee_id) pairs:
    mentors first, by id."""
    juniors, leaders = (
        sorted(
            (p for p in people if p.partners == 0 and p.person_id not in matched),
            key=lambda p: p.person_id,
        )
        for people, matched in (
            (mentors, {mentor_id for mentor_id, _ in pairs}),
            (mentees, {mentee_id for _, mentee_id in pairs}),
        )
    )
    of_juniors = _counts(juniors, mentees, gap, excluded, axis=1)
    of_leaders = _counts(mentors, leaders, gap, excluded, axis=0)
    return (
        *_whys(juniors, Role.MENTOR, of_juniors, len(mentees), "mentees_needed", gap),
        *_whys(leaders, Role.MENTEE, of_leaders, len(mentors), "mentors_needed", -gap),
    )


def mentors_wished(unmatched_mentees: People, gap: int = 1, capacity: int = 1) -> tuple[Wish, ...]:
    """Who would help most, if mentors had room for `capacity` mentees each; most people first."""
    return tuple(
        Wish(topic, len(some), math.ceil(len(some) / capacity), min(levels) - gap, Role.MENTOR)
        for topic, some, levels in _by_topic(unmatched_mentees)
    )


def mentees_wished(unmatched_mentors: People, gap: int = 1, capacity: int = 1) -> tuple[Wish, ...]:
    """The same, if mentees had room for `capacity` mentors each."""
    return tuple(
        Wish(topic, len(some), math.ceil(len(some) / capacity), max(levels) + gap, Role.MENTEE)
        for topic, some, levels in _by_topic(unmatched_mentors)
    )


def _whys(
    people: People,
    role: Role,
    counts: tuple[list[int], list[int]],
    others: int,
    help_: str,
    levels: int,
) -> Iterator[WhyUnmatched]:
    for person, far, possible in zip(people, *counts, strict=True):
        wanted: Values = {"level": person.level + levels, "topics": tuple(sorted(person.topics))}
        reason = _obstacle(others, far, possible)
        yield WhyUnmatched(person.person_id, role, reason, Point(help_, wanted))


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
    below, above = facts(mentors, mentees)
    rows, columns = scoring.apart(mentors, mentees, excluded)
    height = max(1, BLOCK // max(1, len(mentees)))
    for start in range(0, len(mentors), height):
        some = slice(start, start + height)
        allowed = scoring.far_enough(below[some], above, gap)
        first, last = np.searchsorted(rows, [some.start, some.stop])
        allowed[rows[first:last] - start, columns[first:last]] = False
        here = some if axis == 1 else slice(None)
        far[here] += scoring.by_level(below[some], above, gap).sum(axis=axis)
        possible[here] += allowed.sum(axis=axis)
    return far.tolist(), possible.tolist()


def _by_topic(people: People) -> list[tuple[str, Sequence[Candidate], list[int]]]:
    """Those who name each topic, with their levels; the topic of most people first."""
    by_topic: dict[str, list[Candidate]] = defaultdict(list)
    for person in people:
        for topic in person.topics:
            by_topic[topic].append(person)
    order = sorted(by_topic, key=lambda topic: (-len(by_topic[topic]), topic))
    return [(topic, by_topic[topic], [p.level for p in by_topic[topic]]) for topic in order]
