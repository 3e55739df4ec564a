"""The best matching of a problem, with its proof.

All pairs of a large program are too many for the solver and hardly any of them matter. So it gets
the most promising ones of each person; the prices of what it finds tell which of the others would
have gained; those are added, and it solves again, until none is left. Then the prices prove that
nothing better exists among all pairs, those included that it never saw.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bot.matching import flow, prices
from bot.matching.facts import IntVector
from bot.matching.fairness import raise_the_worst
from bot.matching.flow import BoolVector
from bot.matching.prices import Prices
from bot.matching.problem import FORBIDDEN, KEPT, IntMatrix, Problem, Told, nobody_listens

GROUPS = 16
"""Each person's best partner out of each of so many groups is looked at in each round."""
FEW = 64
"""If on average no more than so many of a mentor's pairs gain, all of them are looked at."""
ROUNDS = 4
"""Where the worth of all pairs is too much to keep, so many rounds are enough."""
MOST_TIES = 3_000_000
NOISE = 64
"""Among partners who gain the same, people should not all look at the same one."""


EACH_ROUND = 0.5
"""How many rounds it takes is not known: each is told as half of what was left."""


@dataclass(frozen=True, slots=True)
class Solution:
    """Pairs by row and column, what they are worth, the prices, and the bound that these prove: no
    matching is worth more. `rounds` is how often the solver was asked."""

    rows: IntVector
    columns: IntVector
    worth: IntVector
    prices: Prices
    bound: int
    rounds: int


@dataclass(frozen=True, slots=True)
class _Pairs:
    rows: IntVector
    columns: IntVector
    worth: IntVector

    def __getitem__(self, some: BoolVector) -> "_Pairs":
        return _Pairs(self.rows[some], self.columns[some], self.worth[some])


def solve(problem: Problem, told: Told = nobody_listens) -> Solution:
    """As many people matched as possible, then the highest total score, then the worst pair as
    good as it can be; each of them exactly, as long as the problem has at most KEPT pairs.

    Beyond that it stops after ROUNDS rounds: the matching may lose what `bound` leaves open, and
    the worst pair is as good as it can be among the pairs that were looked at.
    """
    everybody = Prices(*(np.full(size, -1, dtype=np.int64) for size in problem.shape))
    _, pairs = _look(problem, everybody, _nobody(), _within(told, 0))
    rounds = 0
    while True:
        rounds += 1
        taken = _best(problem, pairs)
        price = prices.prices_of(problem, pairs.rows, pairs.columns, pairs.worth, taken)
        found = pairs[taken]
        bound, more = _look(problem, price, found, _within(told, rounds))
        if bound == prices.value(problem, found.rows, found.columns, found.worth):
            break
        if rounds == ROUNDS and problem.shape[0] * problem.shape[1] > KEPT:
            break
        known = len(pairs.rows)
        pairs = _together(problem, pairs, more)
        assert len(pairs.rows) > known, "a gain that nobody makes has to be in the next round"
    is_best = bound == prices.value(problem, found.rows, found.columns, found.worth)
    fair = _fair(problem, price, pairs, taken, is_best)
    return Solution(fair.rows, fair.columns, fair.worth, price, bound, rounds)


def _fair(
    problem: Problem, price: Prices, pairs: _Pairs, taken: BoolVector, is_best: bool
) -> _Pairs:
    """Prices that prove the matching the best know the ties among all pairs, too."""
    ties = _ties(problem, price) if is_best else None
    if ties is not None:
        found = pairs[taken]
        pairs = _together(problem, found, ties)
        places = _place(problem, found)
        taken = np.isin(_place(problem, pairs), places)
    return pairs[raise_the_worst(problem, price, pairs.rows, pairs.columns, pairs.worth, taken)]


def _ties(problem: Problem, price: Prices) -> _Pairs | None:
    """All pairs that break even, None if they are more than MOST_TIES."""
    found, count = [_nobody()], 0
    for some, worth in problem.blocks():
        even = (worth == price.mentors[some, None] + price.mentees[None, :]) & (worth != FORBIDDEN)
        rows, columns = even.nonzero()
        count += len(rows)
        if count > MOST_TIES:
            return None
        found.append(_Pairs(rows + some.start, columns, worth[rows, columns].astype(np.int64)))
    return _together(problem, *found)


def _best(problem: Problem, pairs: _Pairs) -> BoolVector:
    below, above = (
        flow.Side(room.new, room.places - room.new, problem.bonus)
        for room in (problem.mentors, problem.mentees)
    )
    return flow.best(below, above, pairs.rows, pairs.columns, pairs.worth)


def _within(told: Told, rounds: int) -> Told:
    """Of one round's look at all pairs, after so many rounds."""
    left = EACH_ROUND**rounds
    return lambda share: told(1 - left + left * (1 - EACH_ROUND) * share)


def _look(problem: Problem, price: Prices, taken: _Pairs, told: Told) -> tuple[int, _Pairs]:
    """The bound of all pairs at these prices, and pairs that gain but are not taken: for each
    person the one that gains most out of each group of partners, or all where they are few."""
    rows, columns = problem.shape
    ends = [columns * group // GROUPS for group in range(GROUPS + 1)]
    bound = price.places(problem)
    best = _BestOfColumns(columns)
    found = [_nobody()]
    for some, worth in problem.blocks():
        told(some.start / rows)
        gains = price.gains(some, worth)
        bound += int(gains.sum())
        here = slice(*np.searchsorted(taken.rows, [some.start, some.stop]))
        gains[taken.rows[here] - some.start, taken.columns[here]] = 0
        if np.count_nonzero(gains) <= FEW * len(gains):
            below, above = gains.nonzero()
            few = worth[below, above].astype(np.int64)
            found.append(_Pairs(below + some.start, above, few))
            continue
        ranks = gains * NOISE + _noise(some, columns)
        found += [best.flush()] if best.group != some.start * GROUPS // rows else []
        best.group = some.start * GROUPS // rows
        best.see(some.start, ranks, worth)
        found += [
            _best_of_rows(some.start, slice(*group), ranks, worth)
            for group in pairwise(ends)
            if group[0] < group[1]
        ]
    return bound, _together(problem, *found, best.flush())


class _BestOfColumns:
    """For each column the best pair of the rows seen since the last flush."""

    def __init__(self, columns: int) -> None:
        self.group = 0
        self._ranks = np.zeros(columns, dtype=np.int64)
        self._rows = np.zeros(columns, dtype=np.int64)
        self._worth = np.zeros(columns, dtype=np.int64)

    def see(self, start: int, ranks: IntVector, worth: IntMatrix) -> None:
        rows, every = ranks.argmax(axis=0), np.arange(len(self._ranks))
        better = ranks[rows, every] > self._ranks
        self._ranks[better] = ranks[rows, every][better]
        self._rows[better] = rows[better] + start
        self._worth[better] = worth[rows, every][better]

    def flush(self) -> _Pairs:
        gain = (self._ranks >= NOISE).nonzero()[0]
        found = _Pairs(self._rows[gain], gain, self._worth[gain])
        self._ranks[:] = 0
        return found


def _best_of_rows(start: int, group: slice, ranks: IntVector, worth: IntMatrix) -> _Pairs:
    columns, every = ranks[:, group].argmax(axis=1) + group.start, np.arange(len(ranks))
    gain = (ranks[every, columns] >= NOISE).nonzero()[0]
    return _Pairs(gain + start, columns[gain], worth[gain, columns[gain]].astype(np.int64))


def _noise(some: slice, columns: int) -> IntVector:
    """Below NOISE, another one for each pair and always the same."""
    rows, others = np.arange(some.start, some.stop) * 40_503, np.arange(columns) * 60_493
    mixed: IntVector = np.bitwise_xor.outer((rows >> 7) % NOISE, (others >> 7) % NOISE)
    return mixed


def _nobody() -> _Pairs:
    return _Pairs(*(np.zeros(0, dtype=np.int64) for _ in range(3)))


def _together(problem: Problem, *some: _Pairs) -> _Pairs:
    """Each pair once, by row and column."""
    rows, columns, worth = (
        np.concatenate([getattr(pairs, name) for pairs in some])
        for name in ("rows", "columns", "worth")
    )
    pairs = _Pairs(rows, columns, worth)
    _, first = np.unique(_place(problem, pairs), return_index=True)
    return _Pairs(rows[first], columns[first], worth[first])


def _place(problem: Problem, pairs: _Pairs) -> IntVector:
    """One number for a pair."""
    return pairs.rows * problem.shape[1] + pairs.columns
