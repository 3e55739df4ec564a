"""The most valuable pairs among given ones, by OR-Tools' minimum-cost flow, exactly.

The only module that knows the solver. It keeps Python from running anything else meanwhile.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from bot.matching.facts import IntVector

BoolVector = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Side:
    """What one side's people add, besides their pairs: `dear` places each bring `bonus`, the
    `free` ones after them nothing."""

    dear: IntVector
    free: IntVector
    bonus: int


def best(
    mentors: Side, mentees: Side, rows: IntVector, columns: IntVector, worth: IntVector
) -> BoolVector:
    """Which of the pairs (rows[k], columns[k]), none of them given twice, to take: the sum of
    their `worth` and of the bonuses is the greatest that the places allow. The same input gives
    the same answer, whatever ties there are."""
    count, others, pairs = len(mentors.dear), len(mentees.dear), len(rows)
    source, sink = count + others, count + others + 1
    below, above = np.arange(count), count + np.arange(others)
    most = min(int((side.dear + side.free).sum()) for side in (mentors, mentees))
    arcs = [  # from, to, how many, for which price each
        (rows, count + columns, np.ones_like(worth), -worth),
        (np.full(count, source), below, mentors.dear, np.full(count, -mentors.bonus)),
        (np.full(count, source), below, mentors.free, np.zeros_like(mentors.free)),
        (above, np.full(others, sink), mentees.dear, np.full(others, -mentees.bonus)),
        (above, np.full(others, sink), mentees.free, np.zeros_like(mentees.free)),
        *([np.array([end]) for end in (source, sink, most, 0)],),  # what finds no pair
    ]
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(*map(np.concatenate, zip(*arcs, strict=True)))
    flow.set_node_supply(source, most)
    flow.set_node_supply(sink, -most)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"The solver gave up: {status}.")
    taken: BoolVector = flow.flows(np.arange(pairs)).astype(np.bool_)
    return taken
