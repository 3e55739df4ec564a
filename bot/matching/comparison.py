"""What other weights would do to a match. Pure."""

from collections.abc import Sequence

import numpy as np

from bot.matching.facts import facts
from bot.matching.parts import PARTS
from bot.matching.task import Task, Worked
from bot.views.modals.weights import Match, Preview

TOGETHER = 64
"""So many pairs are looked at at once: all their mentors by all their mentees."""


def compare(before: Task, after: Task, worked: tuple[Worked, Worked]) -> Preview:
    """Two tasks of the same people that differ in their weights, and what came of each."""
    matches = [_match(before, one) for one in worked]
    was, would_be = ({(one.mentor_id, one.mentee_id) for one in each.pairs} for each in worked)
    kept, new = before.weights.by_name(), after.weights.by_name()
    return Preview(
        before=matches[0],
        after=matches[1],
        others=len(would_be - was),
        weights={name: (kept[name], new[name]) for name in kept if kept[name] != new[name]},
    )


def _match(task: Task, worked: Worked) -> Match:
    twos = [(one.mentor_id, one.mentee_id) for one in worked.pairs]
    people = {person_id for two in twos for person_id in two}
    return Match(len(people), len(twos), _means(task, twos))


def _means(task: Task, twos: Sequence[tuple[int, int]]) -> dict[str, float]:
    """Of each part over these pairs; 0 where there are none."""
    rows = {person.person_id: row for row, person in enumerate(task.mentors)}
    columns = {person.person_id: column for column, person in enumerate(task.mentees)}
    below, above = facts(task.mentors, task.mentees)
    totals = dict.fromkeys(PARTS, 0.0)
    for start in range(0, len(twos), TOGETHER):
        some = twos[start : start + TOGETHER]
        juniors = below[np.array([rows[mentor_id] for mentor_id, _ in some])]
        seniors = above[np.array([columns[mentee_id] for _, mentee_id in some])]
        for name, part in PARTS.items():
            totals[name] += float(part(juniors, seniors).trace())
    return {name: total / max(1, len(twos)) for name, total in totals.items()}
