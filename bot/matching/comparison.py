"""What other weights would do to a match. Pure."""

from collections.abc import Sequence

from bot.matching.pairwise import Pairs, Two
from bot.matching.parts import PARTS
from bot.matching.task import Task, Worked
from bot.views.modals.weights import Match, Preview


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


def _means(task: Task, twos: Sequence[Two]) -> dict[str, float]:
    """Of each part over these pairs; 0 where there are none."""
    pairs = Pairs(task.mentors, task.mentees, twos)
    return {name: float(pairs.ask(of).sum()) / max(1, len(twos)) for name, of in PARTS.items()}
