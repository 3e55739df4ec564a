"""The readable parts of a score, each 0 to 1: a row for each mentor, a column for each mentee.

What people did not say counts a half: it speaks neither for a pair nor against it.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from bot.matching.facts import Facts, FloatMatrix, IntVector

BoolVector = npt.NDArray[np.bool_]

FULL_LEVEL_GAP = 3
"""A level distance of this much or more counts in full."""
FULL_HALF_HOURS = 8
"""Four shared working hours a day, or more, count in full."""
FULL_INTERESTS = 2
"""So many shared interests, or more, count in full."""
UNKNOWN = 0.5


def topic_share(mentors: Facts, mentees: Facts) -> FloatMatrix:
    """The share of the mentee's wanted topics that the mentor offers, the main one counting
    double; 0 if none are wanted."""
    shared = mentors.topics @ mentees.wanted.T
    share: FloatMatrix = shared / np.maximum(mentees.wanted.sum(axis=1), 1.0)
    return share


def department_distance(mentors: Facts, mentees: Facts) -> FloatMatrix:
    """1 for two departments known to differ, otherwise 0."""
    row, column = mentors.departments[:, None], mentees.departments[None, :]
    distance: FloatMatrix = ((row != column) & (row != 0) & (column != 0)).astype(np.float64)
    return distance


def level_distance(mentors: Facts, mentees: Facts) -> FloatMatrix:
    """How far the mentee is above the mentor: 0 for not at all, 1 from FULL_LEVEL_GAP on."""
    gaps: IntVector = np.clip(level_gaps(mentors, mentees), 0, FULL_LEVEL_GAP)
    share: FloatMatrix = gaps / FULL_LEVEL_GAP
    return share


def shared_hours(mentors: Facts, mentees: Facts) -> FloatMatrix:
    """The working time that they share, as a share of FULL_HALF_HOURS."""
    shared = np.bitwise_count(mentors.hours[:, None] & mentees.hours[None, :])
    share: FloatMatrix = np.minimum(shared, FULL_HALF_HOURS) / FULL_HALF_HOURS
    return _unless_known(share, mentors.hours == 0, mentees.hours == 0)


def meeting(mentors: Facts, mentees: Facts) -> FloatMatrix:
    """Half of it: whether there is a means of meeting that both like. The other half: how far apart
    they want to meet how often (once a week and every two weeks: a half)."""
    means: FloatMatrix = np.minimum(mentors.means @ mentees.means.T, 1.0)
    row, column = mentors.frequencies[:, None], mentees.frequencies[None, :]
    often = np.minimum(row, column) / np.maximum(row, column)
    often[np.isnan(often)] = UNKNOWN
    return (_unless_known(means, *_unsaid(mentors.means, mentees.means)) + often) / 2


def learning(mentors: Facts, mentees: Facts) -> FloatMatrix:
    """Half of it: whether they like to learn in the same way. The other half: the interests that
    they share."""
    same: FloatMatrix = (mentors.styles[:, None] == mentees.styles[None, :]).astype(np.float64)
    shared = np.minimum(mentors.interests @ mentees.interests.T, FULL_INTERESTS) / FULL_INTERESTS
    style = _unless_known(same, mentors.styles < 0, mentees.styles < 0)
    return (style + _unless_known(shared, *_unsaid(mentors.interests, mentees.interests))) / 2


def new_strengths(mentors: Facts, mentees: Facts) -> FloatMatrix:
    """The share of the mentor's strengths that the mentee has not."""
    both = mentors.strengths @ mentees.strengths.T
    share: FloatMatrix = 1 - both / np.maximum(mentors.strengths.sum(axis=1), 1.0)[:, None]
    return _unless_known(share, *_unsaid(mentors.strengths, mentees.strengths))


def newness(mentors: Facts, mentees: Facts) -> FloatMatrix:
    """1 for two with no manager in common, less the more of their managers are the same; 0 for two
    who know each other from a pair."""
    common = np.zeros((len(mentors.depths), len(mentees.depths)), dtype=np.uint8)
    for depth in range(min(mentors.lines.shape[1], mentees.lines.shape[1])):
        common += mentors.lines[:, depth, None] == mentees.lines[None, :, depth]
    deepest = np.maximum(mentors.depths[:, None], mentees.depths[None, :])
    new: FloatMatrix = 1 - common / np.maximum(deepest, 1)
    new[_known(mentors, mentees)] = 0.0
    return new


PARTS: dict[str, Callable[[Facts, Facts], FloatMatrix]] = {
    "topics": topic_share,
    "department": department_distance,
    "level": level_distance,
    "hours": shared_hours,
    "meeting": meeting,
    "learning": learning,
    "strengths": new_strengths,
    "newness": newness,
}
"""By name, in the order in which ties between reasons are told."""


def level_gaps(mentors: Facts, mentees: Facts) -> IntVector:
    """Mentee's level minus mentor's."""
    return mentees.levels[None, :] - mentors.levels[:, None]


def _known(mentors: Facts, mentees: Facts) -> tuple[IntVector, IntVector]:
    """Rows and columns of those who know each other. A mentee may be in several columns."""
    many = [len(some) for some in mentors.known]
    if not any(many):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    order = np.argsort(mentees.places, kind="stable")
    places, wanted = mentees.places[order], np.concatenate(mentors.known.tolist())
    first, end = (np.searchsorted(places, wanted, side) for side in ("left", "right"))
    times = end - first
    rows = np.repeat(np.repeat(np.arange(len(many)), many), times)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(times) - times, times)
    return rows, order[np.repeat(first, times) + within]


def _unsaid(mentors: FloatMatrix, mentees: FloatMatrix) -> tuple[BoolVector, BoolVector]:
    """Who named nothing."""
    return (mentors == 0).all(axis=1), (mentees == 0).all(axis=1)


def _unless_known(share: FloatMatrix, rows: BoolVector, columns: BoolVector) -> FloatMatrix:
    """The same, UNKNOWN where either has not said it."""
    share[rows, :] = UNKNOWN
    share[:, columns] = UNKNOWN
    return share
