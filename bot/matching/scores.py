"""Who may be paired (the hard rules), and how well a pair would do (the scores).

Every matrix has a row for each mentor and a column for each mentee, in the order given.
Nothing here loops over pairs in Python: work per person grows with people, not with pairs.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np
import numpy.typing as npt

from bot.matching.candidates import Candidate

People = Sequence[Candidate]
Together = Collection[tuple[int, int]]
"""(mentor_id, mentee_id) of people, most often to be kept apart."""
BoolMatrix = npt.NDArray[np.bool_]
FloatMatrix = npt.NDArray[np.float64]
IntVector = npt.NDArray[np.int64]

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
        if not (min(weights.values()) >= 0 and 0 < total < math.inf):
            raise ValueError(f"Weights must be 0 or more, and not all of them 0: {weights}.")

    def by_name(self) -> dict[str, float]:
        """Part name -> weight, in the order in which ties between reasons are told."""
        return asdict(self)


DEFAULT_WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules and scores read of one side's people, an entry or a row for each.

    `departments` are codes, 0 for one that is not known. `managers` are the ids of their direct
    managers, or a number below 0 that the other side does not have. `topics` has a column a topic,
    1.0 where the person names it.
    """

    levels: IntVector
    departments: IntVector
    managers: IntVector
    topics: FloatMatrix

    def __getitem__(self, some: slice | IntVector) -> "Facts":
        return Facts(*(getattr(self, field.name)[some] for field in fields(self)))


def facts(mentors: People, mentees: People) -> tuple[Facts, Facts]:
    """Both sides at once, because they share the codes."""
    everybody = (*mentors, *mentees)
    names = ["", *sorted({person.department for person in everybody} - {""})]
    departments = {name: code for code, name in enumerate(names)}
    topics = sorted({topic for person in everybody for topic in person.topics})

    def side(people: People, no_manager: int) -> Facts:
        managers = [line[-2] if len(line) > 1 else no_manager for line in _lines(people)]
        return Facts(
            levels=np.array([person.level for person in people], dtype=np.int64),
            departments=np.array([departments[p.department] for p in people], dtype=np.int64),
            managers=np.array(managers, dtype=np.int64),
            topics=_topic_flags(people, topics),
        )

    return side(mentors, -1), side(mentees, -2)


def feasible(mentors: People, mentees: People, gap: int = 1, excluded: Together = ()) -> BoolMatrix:
    """True where the hard rules allow the pair.

    The mentor is at least `gap` levels below the mentee, neither is in the other's reporting line
    at any depth, they have not the same direct manager, they are two people, and not `excluded`.
    Raises ValueError when `gap` is below 1: a mentor is always junior.
    """
    check_gap(gap)
    allowed = far_enough(*facts(mentors, mentees), gap)
    allowed[apart(mentors, mentees, excluded)] = False
    return allowed


def check_gap(gap: int) -> None:
    if not gap >= 1:
        raise ValueError(f"The level gap must be 1 or more, not {gap}.")


def far_enough(mentors: Facts, mentees: Facts, gap: int) -> BoolMatrix:
    """The rules that facts decide: levels, and no direct manager in common."""
    allowed: BoolMatrix = mentors.managers[:, None] != mentees.managers[None, :]
    return allowed & by_level(mentors, mentees, gap)


def by_level(mentors: Facts, mentees: Facts, gap: int) -> BoolMatrix:
    junior: BoolMatrix = _level_gaps(mentors, mentees) >= gap
    return junior


def apart(mentors: People, mentees: People, excluded: Together = ()) -> tuple[IntVector, IntVector]:
    """Rows and columns, by row, of the pairs that lines of managers or `excluded` rule out.

    Ids in `excluded` that are not among the people count for nothing.
    """
    pairs = [*_ancestors(mentors, mentees)]  # the mentee is the mentor or above them
    pairs += [(row, column) for column, row in _ancestors(mentees, mentors)]
    rows, columns = _places(mentors), _places(mentees)
    for mentor_id, mentee_id in excluded:
        pairs += [(r, c) for r in rows.get(mentor_id, ()) for c in columns.get(mentee_id, ())]
    found = np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def scores(mentors: People, mentees: People, weights: Weights = DEFAULT_WEIGHTS) -> FloatMatrix:
    """How well each pair would do, 0 to 1, whether or not the rules allow it."""
    return weigh(parts(*facts(mentors, mentees)), weights)


def parts(mentors: Facts, mentees: Facts) -> dict[str, FloatMatrix]:
    """The readable parts of the score by name (the names of Weights), each 0 to 1."""
    return {name: part(mentors, mentees) for name, part in PARTS.items()}


def weigh(matrices: Mapping[str, FloatMatrix], weights: Weights) -> FloatMatrix:
    """The weighted mean of the parts, 0 to 1; rounding may not lift it above 1."""
    by_name = weights.by_name()
    total = sum(by_name[name] * matrices[name] for name in by_name)
    mean: FloatMatrix = np.minimum(total / math.fsum(by_name.values()), 1.0)
    return mean


def topic_share(mentors: Facts, mentees: Facts) -> FloatMatrix:
    """The share of the mentee's wanted topics that the mentor offers; 0 if none are wanted."""
    shared = mentors.topics @ mentees.topics.T
    share: FloatMatrix = shared / np.maximum(mentees.topics.sum(axis=1), 1.0)
    return share


def department_distance(mentors: Facts, mentees: Facts) -> FloatMatrix:
    """1 for two departments known to differ, otherwise 0."""
    row, column = mentors.departments[:, None], mentees.departments[None, :]
    distance: FloatMatrix = ((row != column) & (row != 0) & (column != 0)).astype(np.float64)
    return distance


def level_distance(mentors: Facts, mentees: Facts) -> FloatMatrix:
    """How far the mentee is above the mentor: 0 for not at all, 1 from FULL_LEVEL_GAP on."""
    gaps: IntVector = np.clip(_level_gaps(mentors, mentees), 0, FULL_LEVEL_GAP)
    share: FloatMatrix = gaps / FULL_LEVEL_GAP
    return share


PARTS: dict[str, Callable[[Facts, Facts], FloatMatrix]] = {
    "topics": topic_share,
    "department": department_distance,
    "level": level_distance,
}


def _level_gaps(mentors: Facts, mentees: Facts) -> IntVector:
    """Mentee's level minus mentor's."""
    return mentees.levels[None, :] - mentors.levels[:, None]


def _lines(people: People) -> Iterator[tuple[int, ...]]:
    return (person.line for person in people)


def _places(people: People) -> dict[int, list[int]]:
    """Where each id stands in the list."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        places[person.person_id].append(place)
    return places


def _ancestors(people: People, managers: People) -> Iterator[tuple[int, int]]:
    """(index in people, index in managers) wherever the manager is the person or above them."""
    places = _places(managers)
    for index, line in enumerate(_lines(people)):
        for person_id in line:
            for place in places.get(person_id, ()):
                yield index, place


def _topic_flags(people: People, topics: Sequence[str]) -> FloatMatrix:
    """1 where the person (row) names the topic (column)."""
    columns = {topic: column for column, topic in enumerate(topics)}
    flags = np.zeros((len(people), len(topics)))
    for row, person in enumerate(people):
        flags[row, [columns[topic] for topic in person.topics]] = 1.0
    return flags
