"""Other ways to match one mentor to one mentee, on matrices that somebody else has made."""

import networkx as nx
import numpy as np
from scipy.optimize import linear_sum_assignment

from bot.matching.facts import BoolMatrix, FloatMatrix

Pairs = list[tuple[int, int]]


def greedy(allowed: BoolMatrix, scores: FloatMatrix) -> Pairs:
    """The best pair of all, then the best of those left, and so on."""
    rows, columns = allowed.nonzero()
    order = np.argsort(-scores[rows, columns], kind="stable")
    free_rows, free_columns = set(range(allowed.shape[0])), set(range(allowed.shape[1]))
    found = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row in free_rows and column in free_columns:
            free_rows.remove(row)
            free_columns.remove(column)
            found.append((row, column))
    return found


def gale_shapley(allowed: BoolMatrix, scores: FloatMatrix) -> Pairs:
    """Mentors ask the mentees they suit best, in turn; a mentee keeps the best who has asked."""
    wishes = np.argsort(np.where(allowed, -scores, 1.0), axis=1, kind="stable")
    asked = np.zeros(len(allowed), dtype=np.int64)
    many = allowed.sum(axis=1)
    partner: dict[int, int] = {}
    free = list(range(len(allowed)))
    while free:
        row = free.pop()
        if asked[row] == many[row]:
            continue
        column = int(wishes[row, asked[row]])
        asked[row] += 1
        rival = partner.get(column)
        if rival is None or scores[row, column] > scores[rival, column]:
            partner[column] = row
            free += [] if rival is None else [rival]
        else:
            free.append(row)
    return [(row, column) for column, row in partner.items()]


def assignment(allowed: BoolMatrix, scores: FloatMatrix) -> Pairs:
    """SciPy's dense solver: the same people first and the same total, without a proof."""
    worth = np.where(allowed, scores + min(allowed.shape), 0.0)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return [pair for pair in pairs if allowed[pair]]


def networkx(allowed: BoolMatrix, scores: FloatMatrix) -> Pairs:
    """Edmonds' blossoms in Python; for small companies only."""
    graph = nx.Graph()
    rows, columns = allowed.nonzero()
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        graph.add_edge((0, row), (1, column), weight=float(scores[row, column]))
    found = nx.max_weight_matching(graph, maxcardinality=True)
    return [(min(pair)[1], max(pair)[1]) for pair in found]
