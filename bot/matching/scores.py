"""Who may be paired (the hard rules), and how well a pair would do (the scores).

Every matrix has a row for each mentor and a column for each mentee, in the order given.
Nothing here loops over pairs in Python: work per person grows with people, not with pairs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields

import numpy as np

from bot.matching.facts import (
    BoolMatrix,
    Facts,
    FloatMatrix,
    IntVector,
    People,
    Together,
    facts,
    places_of,
)
from bot.matching.parts import PARTS, level_gaps

MOST_WEIGHT = 10


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of the score counts, 0 to MOST_WEIGHT; only the ratios matter.

    Raises ValueError when a weight is anything else, or all of them are zero.
    """

    topics: int = 8
    department: int = 2
    level: int = 2
    hours: int = 2
    meeting: int = 1
    learning: int = 1
    strengths: int = 1
    newness: int = 1

    def __post_init__(self) -> None:
        weights = self.by_name()
        for name, weight in weights.items():
            if type(weight) is not int or not 0 <= weight <= MOST_WEIGHT:
                raise ValueError(f"The weight of {name} is not 0 to {MOST_WEIGHT}: {weight!r}.")
        if not any(weights.values()):
            raise ValueError("Not all weights can be 0.")

    @classmethod
    def of(cls, weights: Mapping[str, int]) -> "Weights":
        """Those given, and for the others the default. Raises ValueError for a part that does not
        exist, too."""
        unknown = weights.keys() - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"There is no such part of a score: {', '.join(sorted(unknown))}.")
        return cls(**weights)

    def by_name(self) -> dict[str, int]:
        """Part name -> weight, in the order of PARTS."""
        return asdict(self)


DEFAULT_WEIGHTS = Weights()


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
    junior: BoolMatrix = level_gaps(mentors, mentees) >= gap
    return junior


def apart(mentors: People, mentees: People, excluded: Together = ()) -> tuple[IntVector, IntVector]:
    """Rows and columns, by row, of the pairs that lines of managers or `excluded` rule out.

    Ids in `excluded` that are not among the people count for nothing.
    """
    pairs = [*_ancestors(mentors, mentees)]  # the mentee is the mentor or above them
    pairs += [(row, column) for column, row in _ancestors(mentees, mentors)]
    rows, columns = places_of(mentors), places_of(mentees)
    for mentor_id, mentee_id in excluded:
        pairs += [(r, c) for r in rows.get(mentor_id, ()) for c in columns.get(mentee_id, ())]
    found = np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def scores(mentors: People, mentees: People, weights: Weights = DEFAULT_WEIGHTS) -> FloatMatrix:
    """How well each pair would do, 0 to 1, whether or not the rules allow it."""
    return weigh(*facts(mentors, mentees), weights)


def parts(mentors: Facts, mentees: Facts) -> dict[str, FloatMatrix]:
    """The readable parts of the score by name (the names of Weights), each 0 to 1."""
    return {name: part(mentors, mentees) for name, part in PARTS.items()}


def weigh(mentors: Facts, mentees: Facts, weights: Weights) -> FloatMatrix:
    """The weighted mean of the parts, 0 to 1; rounding may not lift it above 1."""
    by_name = weights.by_name()
    mean = np.zeros((len(mentors.levels), len(mentees.levels)))
    for name, weight in by_name.items():
        if weight:
            part = PARTS[name](mentors, mentees)
            part *= weight
            mean += part
    mean /= sum(by_name.values())
    return np.minimum(mean, 1.0, out=mean)


def _ancestors(people: People, managers: People) -> Iterator[tuple[int, int]]:
    """(index in people, index in managers) wherever the manager is the person or above them."""
    places = places_of(managers)
    for index, person in enumerate(people):
        for person_id in person.line:
            for place in places.get(person_id, ()):
                yield index, place
