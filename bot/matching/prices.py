"""Prices: what it takes to prove that a matching is the best, and how far from it one can be.

Give every person a price for each of their places, and let a pair gain its worth less the two
prices. Whatever anybody pairs then, it is worth no more than all gains above zero together, plus
what the places themselves bring at these prices. That is the bound, and it holds for any prices;
for the right ones it meets the worth of the best matching, and the proof is complete.
"""

from dataclasses import dataclass

import numpy as np

from bot.matching.facts import IntVector
from bot.matching.flow import BoolVector
from bot.matching.problem import FORBIDDEN, IntMatrix, Problem, Room

FAR = 2**60
"""More than any price."""


@dataclass(frozen=True, slots=True)
class Prices:
    """A price for each mentor and each mentee, in steps of the problem; below zero is usual."""

    mentors: IntVector
    mentees: IntVector

    def gains(self, some: slice, worth: IntMatrix) -> IntVector:
        """What each pair of these mentors gains; never below zero, and zero where forbidden."""
        gains: IntVector = worth - self.mentors[some, None] - self.mentees[None, :]
        gains[worth == FORBIDDEN] = 0
        return np.maximum(gains, 0, out=gains)

    def places(self, problem: Problem) -> int:
        """What all places together bring."""
        return _bring(self.mentors, problem.mentors, problem.bonus) + _bring(
            self.mentees, problem.mentees, problem.bonus
        )


def bound(problem: Problem, prices: Prices) -> int:
    """No matching is worth more than this."""
    gains = sum(int(prices.gains(some, worth).sum()) for some, worth in problem.blocks())
    return gains + prices.places(problem)


def value(problem: Problem, rows: IntVector, columns: IntVector, worth: IntVector) -> int:
    """What a matching is worth: its pairs, and the bonus of everybody who is new."""
    return newly_matched(problem, rows, columns) * problem.bonus + int(worth.sum())


def newly_matched(problem: Problem, rows: IntVector, columns: IntVector) -> int:
    """How many people get a first partner."""
    return int(
        problem.mentors.new[np.unique(rows)].sum() + problem.mentees.new[np.unique(columns)].sum()
    )


def prices_of(
    problem: Problem, rows: IntVector, columns: IntVector, worth: IntVector, taken: BoolVector
) -> Prices:
    """The prices at which the best of the given pairs are those taken: no other one gains, none of
    them loses, and no person would rather have more or fewer.

    These are differences on the paths along which pairs could be exchanged, found by Bellman and
    Ford's method: mentors' prices as high as can be. It ends because nothing can be gained by
    exchanges; if it could, ValueError is raised.
    """
    below = np.bincount(rows[taken], minlength=problem.shape[0])
    above = np.bincount(columns[taken], minlength=problem.shape[1])
    mentors = _highest(below, problem.mentors, problem.bonus)
    mentees = _lowest(above, problem.mentees, problem.bonus)
    highest, lowest = mentors.copy(), mentees.copy()
    left = _by(columns[~taken], rows[~taken], worth[~taken])
    used = _by(rows[taken], columns[taken], worth[taken])
    for _ in range(sum(problem.shape) + 2):
        # `mentees` is minus their price here: both sides then only ever go down
        before = mentors, mentees
        mentees, mentors = lowest.copy(), highest.copy()
        _lower(mentees, left, before[0], -1)
        _lower(mentors, used, mentees, 1)
        if np.array_equal(before[0], mentors) and np.array_equal(before[1], mentees):
            unasked = mentees >= FAR // 2
            return Prices(mentors, -np.where(unasked, problem.mentees.new * problem.bonus, mentees))
    raise ValueError("These pairs are not the best.")


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs sorted by one person; `starts` is where each of `people` begins."""

    people: IntVector
    starts: IntVector
    others: IntVector
    worth: IntVector


def _by(people: IntVector, others: IntVector, worth: IntVector) -> _Pairs:
    order = np.argsort(people, kind="stable")
    found, starts = np.unique(people[order], return_index=True)
    return _Pairs(found, starts, others[order], worth[order])


def _lower(prices: IntVector, pairs: _Pairs, others: IntVector, sign: int) -> None:
    """Lowers prices to what the pairs let them be at most."""
    if len(pairs.people):
        most = np.minimum.reduceat(others[pairs.others] + sign * pairs.worth, pairs.starts)
        prices[pairs.people] = np.minimum(prices[pairs.people], most)


def _highest(pairs: IntVector, room: Room, bonus: int) -> IntVector:
    """The highest price of a person with so many pairs: at most nothing while places are free, and
    so low that they cost the bonus for somebody who goes without a first one."""
    return np.where(pairs == 0, -bonus * room.new, np.where(pairs < room.places, 0, FAR))


def _lowest(pairs: IntVector, room: Room, bonus: int) -> IntVector:
    """Minus the lowest price: a first partner may cost the bonus, more partners nothing."""
    return np.where(pairs == 0, FAR, np.where(pairs <= room.new, bonus, 0))


def _bring(prices: IntVector, room: Room, bonus: int) -> int:
    first = room.new * np.maximum(prices + bonus, 0)
    return int((first + (room.places - room.new) * np.maximum(prices, 0)).sum())
