"""What rules and scores read of one side's people, as numbers in columns."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from bot.matching.candidates import Candidate

People = Sequence[Candidate]
Together = Collection[tuple[int, int]]
"""(mentor_id, mentee_id) of people, most often to be kept apart."""
BoolMatrix = npt.NDArray[np.bool_]
FloatMatrix = npt.NDArray[np.float64]
IntVector = npt.NDArray[np.int64]

DEEPEST = 16
"""Managers further from the top than this are not looked at for newness."""
MAIN_TOPIC_COUNTS = 2.0


@dataclass(frozen=True, slots=True)
class Facts:
    """An entry or a row for each person of one side.

    `departments`, `styles` and each column of `lines` (the managers from the top down) are codes;
    those of what is not known are no other person's, except that departments have 0 for it.
    `managers` are the ids of direct managers, or a number below 0 that the other side does not
    have; `depths` is how many managers they have. `topics` has a column a topic, 1.0 where the
    person names it, and `wanted` says how much each counts; `means`, `interests` and `strengths`
    are like `topics`. `frequencies` are weeks, NaN where not known. `known` are, for each mentor,
    the places of mentees whom they know, and `places` is the place each row came from.
    """

    places: IntVector
    levels: IntVector
    departments: IntVector
    managers: IntVector
    lines: npt.NDArray[np.int32]
    depths: IntVector
    topics: FloatMatrix
    wanted: FloatMatrix
    hours: npt.NDArray[np.uint64]
    means: FloatMatrix
    frequencies: FloatMatrix
    styles: IntVector
    interests: FloatMatrix
    strengths: FloatMatrix
    known: npt.NDArray[np.object_]

    def __getitem__(self, some: slice | IntVector) -> "Facts":
        return Facts(*(getattr(self, field.name)[some] for field in fields(self)))


def facts(mentors: People, mentees: People) -> tuple[Facts, Facts]:
    """Both sides at once, because they share the codes."""
    everybody = (*mentors, *mentees)
    departments = _codes(person.department for person in everybody)
    departments[""] = 0
    styles = _codes(person.style or "" for person in everybody)
    prefixes: dict[tuple[int, ...], int] = {}
    names = {
        name: sorted(frozenset[str]().union(*map(attrgetter(name), everybody)))
        for name in ("topics", "means", "interests", "strengths")
    }

    def side(people: People, nothing: int, known: npt.NDArray[np.object_]) -> Facts:
        lines = [person.line[:-1] for person in people]
        flags = {name: _flags([getattr(p, name) for p in people], names[name]) for name in names}
        main = [frozenset({p.main_topic}) & p.topics for p in people]
        return Facts(
            places=np.arange(len(people)),
            levels=_ints(person.level for person in people),
            departments=_ints(departments[person.department] for person in people),
            managers=_ints(line[-1] if line else nothing for line in lines),
            lines=_prefixes(lines, prefixes, nothing),
            depths=_ints(min(len(line), DEEPEST) for line in lines),
            wanted=flags["topics"] + (MAIN_TOPIC_COUNTS - 1) * _flags(main, names["topics"]),
            hours=np.array([person.hours for person in people], dtype=np.uint64),
            frequencies=np.array([p.frequency or np.nan for p in people], dtype=np.float64),
            styles=_ints(styles[person.style] if person.style else nothing for person in people),
            known=known,
            **flags,
        )

    known = _known(mentors, mentees)
    return side(mentors, -1, known), side(mentees, -2, _no_lists(len(mentees)))


def places_of(people: People) -> dict[int, list[int]]:
    """Where each id stands in the list."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        places[person.person_id].append(place)
    return places


def _ints(numbers: Iterable[int]) -> IntVector:
    return np.fromiter(numbers, dtype=np.int64)


def _codes(names: Iterable[str]) -> dict[str, int]:
    """From 1 on, by name."""
    return {name: code for code, name in enumerate(sorted(set(names) - {""}), 1)}


def _flags(named: Sequence[Collection[str]], names: Sequence[str]) -> FloatMatrix:
    """1 where the person (row) names it (column)."""
    columns = {name: column for column, name in enumerate(names)}
    flags = np.zeros((len(named), len(names)), order="F")  # its transpose is what is multiplied
    for row, some in enumerate(named):
        flags[row, [columns[name] for name in some]] = 1.0
    return flags


def _prefixes(
    lines: Sequence[tuple[int, ...]], codes: dict[tuple[int, ...], int], nothing: int
) -> npt.NDArray[np.int32]:
    """A code for each line of managers down to each depth: two people have the same one as far as
    their managers are the same. `nothing` from where a line has ended."""
    deepest = min(max(map(len, lines), default=0), DEEPEST)
    found = np.full((len(lines), deepest), nothing, dtype=np.int32)
    for row, line in enumerate(lines):
        for depth in range(min(len(line), deepest)):
            found[row, depth] = codes.setdefault(line[: depth + 1], len(codes))
    return found


def _known(mentors: People, mentees: People) -> npt.NDArray[np.object_]:
    """For each mentor the places of the mentees of whom either knows the other."""
    rows, columns = places_of(mentors), places_of(mentees)
    found: dict[int, set[int]] = defaultdict(set)
    for row, mentor in enumerate(mentors):
        for person_id in mentor.known & columns.keys():
            found[row].update(columns[person_id])
    for column, mentee in enumerate(mentees):
        for person_id in mentee.known & rows.keys():
            for row in rows[person_id]:
                found[row].add(column)
    known = _no_lists(len(mentors))
    for row, some in found.items():
        known[row] = _ints(sorted(some))
    return known


def _no_lists(count: int) -> npt.NDArray[np.object_]:
    lists = np.empty(count, dtype=np.object_)
    for row in range(count):
        lists[row] = np.zeros(0, dtype=np.int64)
    return lists
