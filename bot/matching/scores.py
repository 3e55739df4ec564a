"""Who may be paired (the hard rules), and how well a pair would do (the scores).

Every matrix has a row for each mentor and a column for each mentee, in the order given.
Nothing here loops over pairs in Python: work per person grows with people, not with pairs.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.candidates import Candidate

People = Sequence[Candidate]
BoolMatrix = npt.NDArray[np.bool_]
FloatMatrix = npt.NDArray[np.float64]

FULL_LEVEL_GAP = 3
"""A level distance of this much or more counts in full."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of the score counts; only the ratios matter.

    Raises ValueError when a weight is negative or not finite, or all of them are zero.
    """

    topics: float = 0.6
    department: float = 0.2
    level: float = 0.2

    def __post_init__(self) -> None:
        weights = self.by_name()
        total = sum(weights.values())
        if min(weights.values()) < 0 or not 0 < total < math.inf:
            raise ValueError(f"Weights must be 0 or more, and not all of them 0: {weights}.")

    def by_name(self) -> dict[str, float]:
        """Part name -> weight, in the order in which ties between reasons are told."""
        return asdict(self)


DEFAULT_WEIGHTS = Weights()


def feasible(
    mentors: People,
    mentees: People,
    gap: int = 1,
    excluded: Collection[tuple[int, int]] = (),
) -> BoolMatrix:
    """True where the hard rules allow the pair.

    The mentor is at least `gap` levels below the mentee, neither is in the other's reporting line
    at any depth, they are two people, and their ids, the mentor's first, are not `excluded`.
    Raises ValueError when `gap` is below 1: a mentor is always junior.
    """
    if gap < 1:
        raise ValueError(f"The level gap must be 1 or more, not {gap}.")
    allowed: BoolMatrix = _level_gaps(mentors, mentees) >= gap
    for row, column in _ancestors(mentors, mentees):  # the mentee is the mentor or above them
        allowed[row, column] = False
    for column, row in _ancestors(mentees, mentors):  # the mentor is the mentee or above them
        allowed[row, column] = False
    rows = {mentor.person_id: row for row, mentor in enumerate(mentors)}
    columns = {mentee.person_id: column for column, mentee in enumerate(mentees)}
    for mentor_id, mentee_id in excluded:
        if mentor_id in rows and mentee_id in columns:
            allowed[rows[mentor_id], columns[mentee_id]] = False
    return allowed


def scores(mentors: People, mentees: People, weights: Weights = DEFAULT_WEIGHTS) -> FloatMatrix:
    """How well each pair would do, 0 to 1, whether or not the rules allow it."""
    return weigh(parts(mentors, mentees), weights)


def parts(mentors: People, mentees: People) -> dict[str, FloatMatrix]:
    """The readable parts of the score by name (the names of Weights), each 0 to 1."""
    return {name: part(mentors, mentees) for name, part in PARTS.items()}


def weigh(matrices: Mapping[str, FloatMatrix], weights: Weights) -> FloatMatrix:
    """The weighted mean of the parts, 0 to 1; rounding may not lift it above 1."""
    by_name = weights.by_name()
    total = sum(by_name[name] * matrices[name] for name in by_name)
    mean: FloatMatrix = np.minimum(total / math.fsum(by_name.values()), 1.0)
    return mean


def newcomers(mentors: People, mentees: People) -> FloatMatrix:
    """How many of the two, 0 to 2, would get their first partner."""
    new = [
        np.array([person.partners == 0 for person in side], dtype=np.float64)
        for side in (mentors, mentees)
    ]
    count: FloatMatrix = new[0][:, None] + new[1][None, :]
    return count


def topic_share(mentors: People, mentees: People) -> FloatMatrix:
    """The share of the mentee's wanted topics that the mentor offers; 0 if none are wanted."""
    topics = sorted({topic for person in (*mentors, *mentees) for topic in person.topics})
    shared = _topic_flags(mentors, topics) @ _topic_flags(mentees, topics).T
    wanted = np.array([len(mentee.topics) for mentee in mentees], dtype=np.float64)
    share: FloatMatrix = shared / np.maximum(wanted, 1.0)
    return share


def department_distance(mentors: People, mentees: People) -> FloatMatrix:
    """1 for two departments known to differ, otherwise 0."""
    names = sorted({person.department for person in (*mentors, *mentees)})
    codes = {name: code for code, name in enumerate(names)}
    row = np.array([codes[person.department] for person in mentors], dtype=np.int64)
    column = np.array([codes[person.department] for person in mentees], dtype=np.int64)
    unknown = codes.get("", -1)
    differ = row[:, None] != column[None, :]
    known = (row != unknown)[:, None] & (column != unknown)[None, :]
    distance: FloatMatrix = (differ & known).astype(np.float64)
    return distance


def level_distance(mentors: People, mentees: People) -> FloatMatrix:
    """How far the mentee is above the mentor: 0 for not at all, 1 from FULL_LEVEL_GAP on."""
    gaps: npt.NDArray[np.int64] = np.clip(_level_gaps(mentors, mentees), 0, FULL_LEVEL_GAP)
    share: FloatMatrix = gaps / FULL_LEVEL_GAP
    return share


PARTS: dict[str, Callable[[People, People], FloatMatrix]] = {
    "topics": topic_share,
    "department": department_distance,
    "level": level_distance,
}


def _level_gaps(mentors: People, mentees: People) -> npt.NDArray[np.int64]:
    """Mentee's level minus mentor's."""
    below = np.array([person.level for person in mentors], dtype=np.int64)
    above = np.array([person.level for person in mentees], dtype=np.int64)
    gaps: npt.NDArray[np.int64] = above[None, :] - below[:, None]
    return gaps


def _ancestors(people: People, managers: People) -> Iterator[tuple[int, int]]:
    """(index in people, index in managers) wherever the manager is the person or above them."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, manager in enumerate(managers):
        places[manager.person_id].append(place)
    for index, person in enumerate(people):
        for person_id in person.line:
            for place in places.get(person_id, ()):
                yield index, place


def _topic_flags(people: People, topics: Sequence[str]) -> FloatMatrix:
    """1 where the person (row) names the topic (column)."""
    columns = {topic: column for column, topic in enumerate(topics)}
    flags = np.zeros((len(people), len(topics)))
    for row, person in enumerate(people):
        flags[row, [columns[topic] for topic in person.topics]] = 1.0
    return flags
