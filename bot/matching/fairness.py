"""Among all best matchings, one whose worst pair is as good as it can be.

The prices say what all best matchings have in common: pairs that gain are in each of them, pairs
that lose in none, and those that break even, the ties, can be exchanged for each other as long as
everybody keeps the number of pairs that their own price asks for. So the worst pair is found by
leaving out the poorest ties, more and more of them, for as long as everybody can keep it.
"""

from dataclasses import dataclass

import numpy as np

from bot.matching import flow
from bot.matching.facts import IntVector
from bot.matching.flow import BoolVector, Side
from bot.matching.prices import Prices
from bot.matching.problem import Problem, Room


@dataclass(frozen=True, slots=True)
class _Ties:
    """Pairs that break even, by row and column, and how many of them people have to have."""

    mentors: Side
    mentees: Side
    rows: IntVector
    columns: IntVector
    worth: IntVector

    def without(self, poorest: int) -> BoolVector | None:
        """Enough of those that are worth more than that much, None if there are too few."""
        among = (self.worth > poorest).nonzero()[0]
        rows, columns = self.rows[among], self.columns[among]
        found = flow.best(self.mentors, self.mentees, rows, columns, np.zeros_like(rows))
        for side, people in ((self.mentors, rows[found]), (self.mentees, columns[found])):
            if (np.bincount(people, minlength=len(side.dear)) < side.dear).any():
                return None
        taken = np.zeros(len(self.rows), dtype=np.bool_)
        taken[among[found]] = True
        return taken


def raise_the_worst(
    problem: Problem,
    prices: Prices,
    rows: IntVector,
    columns: IntVector,
    worth: IntVector,
    taken: BoolVector,
) -> BoolVector:
    """Which of these pairs to take instead of `taken`, which are the best of them at these prices:
    as many people, the same total, and no worse a worst pair; the best worst pair there is."""
    gains = worth - prices.mentors[rows] - prices.mentees[columns]
    fixed, even = gains > 0, gains == 0
    ties = _Ties(
        _needs(prices.mentors, problem.mentors, problem.bonus, rows[fixed]),
        _needs(prices.mentees, problem.mentees, problem.bonus, columns[fixed]),
        rows[even],
        columns[even],
        worth[even],
    )
    steps = np.unique(ties.worth[ties.worth < worth[fixed].min(initial=2**60)])
    low, high = int(np.searchsorted(steps, worth[taken].min(initial=2**60))), len(steps)
    best = taken[even]
    # all steps below `low` can be left out, as `best` shows; the one at `high` cannot
    while low < high:
        middle = (low + high) // 2
        found = ties.without(int(steps[middle]))
        if found is None:
            high = middle
        else:
            best = found
            low = int(np.searchsorted(steps, ties.worth[best].min(initial=2**60)))
    fair = fixed.copy()
    fair[even] = best
    return fair


def _needs(prices: IntVector, room: Room, bonus: int, fixed: IntVector) -> Side:
    """How many more pairs each person has to have at their price (`dear`), and may have (`free`):
    a first one pays while the price is above minus the bonus, others while it is above zero."""
    least = np.where(prices > 0, room.places, np.where(prices > -bonus, room.new, 0))
    most = np.where(prices >= 0, room.places, np.where(prices >= -bonus, room.new, 0))
    already = np.bincount(fixed, minlength=len(prices))
    dear = np.maximum(least - already, 0)
    return Side(dear, most - already - dear, 1)
