"""What rules and scores say of single pairs, where they speak of everybody by everybody."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.matching import scores as scoring
from bot.matching.candidates import Candidate
from bot.matching.facts import Facts, IntVector, People, Together, facts

TOGETHER = 64
"""So many pairs are looked at at once: all their mentors by all their mentees."""

Two = tuple[int, int]
"""A mentor's and a mentee's id."""
Of = Callable[[Facts, Facts], npt.NDArray[Any]]


class Pairs:
    """Of each of these pairs (mentor_id, mentee_id), in their order. Raises KeyError for an id that
    is not among the people."""

    def __init__(self, mentors: People, mentees: People, twos: Sequence[Two]) -> None:
        """What is said of a pair depends on nobody else, so that the others are left out."""
        self.twos = twos
        below = _named(mentors, [mentor_id for mentor_id, _ in twos])
        above = _named(mentees, [mentee_id for _, mentee_id in twos])
        self.people = [(below[mentor_id], above[mentee_id]) for mentor_id, mentee_id in twos]
        self._sides = tuple(below.values()), tuple(above.values())
        self._facts = facts(*self._sides)
        self._rows, self._columns = (
            _places(some, [two[side] for two in twos]) for side, some in enumerate((below, above))
        )

    def ask(self, of: Of) -> npt.NDArray[Any]:
        """An entry for each pair of what `of` says of everybody by everybody."""
        below, above = self._facts
        found = []
        for start in range(0, max(1, len(self.twos)), TOGETHER):
            some = slice(start, start + TOGETHER)
            found.append(of(below[self._rows[some]], above[self._columns[some]]).diagonal())
        return np.concatenate(found)

    def allowed(self, gap: int, excluded: Together = ()) -> list[bool]:
        """What `scores.feasible` says of them."""
        scoring.check_gap(gap)
        apart = frozenset(excluded)
        rows, columns = scoring.apart(*self._sides)
        in_line = set(zip(rows.tolist(), columns.tolist(), strict=True))
        enough = self.ask(lambda below, above: scoring.far_enough(below, above, gap)).tolist()
        places = zip(self._rows.tolist(), self._columns.tolist(), strict=True)
        return [
            fits and two not in apart and place not in in_line
            for fits, two, place in zip(enough, self.twos, places, strict=True)
        ]


def _named(people: People, ids: Collection[int]) -> dict[int, Candidate]:
    by_id = {person.person_id: person for person in people}
    return {person_id: by_id[person_id] for person_id in ids}


def _places(people: Collection[int], ids: Sequence[int]) -> IntVector:
    places = {person_id: place for place, person_id in enumerate(people)}
    return np.array([places[person_id] for person_id in ids], dtype=np.int64)
