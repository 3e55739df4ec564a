"""Whether departments and levels fared alike in a match, without telling how single people did.

Nothing is said of fewer than FEWEST people, neither outright nor to somebody who subtracts: small
groups are put together as the others, and so are more of them until the others are enough; and
levels are put together further as long as levels and departments taken together would tell what
happened to a few (those of a level that are not of the one department within it, say).
"""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

FEWEST = 5
MOST_LEVELS = 10
"""Every union of the level groups is looked at: a thousand of them."""

Name = str | int | None
"""Of a department ("" where not known) or a level; None for the others."""


@dataclass(frozen=True, slots=True)
class Fate:
    """How somebody fared: the mean score of the pairs they got, None for who got nobody."""

    department: str
    level: int
    score: float | None


@dataclass(frozen=True, slots=True)
class Rate:
    """Of `people`, at least FEWEST, so many got a partner."""

    name: Name
    people: int
    matched: int


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean score (0 to 1) of those `matched`, at least FEWEST."""

    name: Name
    matched: int
    score: float


@dataclass(frozen=True, slots=True)
class Table:
    """By name, the others last. `scores` have fewer groups where fewer got a partner. Empty where
    no two groups are large enough to be told apart."""

    rates: tuple[Rate, ...]
    scores: tuple[Mean, ...]


@dataclass(frozen=True, slots=True)
class Equity:
    departments: Table
    levels: Table


@dataclass(frozen=True, slots=True)
class _Kind:
    """People of whom nothing shown tells one from another."""

    department: str
    level: int
    matched: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """So many people, of these kinds."""

    name: Name
    size: int
    kinds: frozenset[_Kind]


def report(fates: Sequence[Fate]) -> Equity:
    """The order of the people does not matter, but for rounding."""
    scores: defaultdict[_Kind, list[float]] = defaultdict(list)
    for fate in fates:
        kind = _Kind(fate.department, fate.level, fate.score is not None)
        scores[kind].append(fate.score or 0.0)
    people = {kind: len(some) for kind, some in scores.items()}
    totals = {kind: math.fsum(some) for kind, some in scores.items()}
    departments = _folded(_grouped(people, lambda kind: kind.department))
    levels = _apart_from(departments, _folded(_grouped(people, lambda kind: kind.level)))
    scored = _folded(_matched(departments, people))
    scored_levels = _apart_from(scored, _folded(_matched(levels, people)))
    return Equity(
        Table(_rates(departments, people), _means(scored, totals)),
        Table(_rates(levels, people), _means(scored_levels, totals)),
    )


def _grouped(people: Mapping[_Kind, int], name_of: Callable[[_Kind], Name]) -> list[_Group]:
    kinds: defaultdict[Name, set[_Kind]] = defaultdict(set)
    for kind in people:
        kinds[name_of(kind)].add(kind)
    return [_group(name, some, people) for name, some in kinds.items()]


def _matched(groups: Sequence[_Group], people: Mapping[_Kind, int]) -> list[_Group]:
    return [
        _group(group.name, (kind for kind in group.kinds if kind.matched), people)
        for group in groups
    ]


def _group(name: Name, kinds: Iterable[_Kind], people: Mapping[_Kind, int]) -> _Group:
    some = frozenset(kinds)
    return _Group(name, sum(people[kind] for kind in some), some)


def _folded(groups: Sequence[_Group], most: int | None = None) -> list[_Group]:
    """At least FEWEST people in each, and at most so many groups; none if all are too few. Groups
    of nobody are not among them: nothing is said of them."""
    by_size = sorted((g for g in groups if g.size), key=lambda g: (g.size, str(g.name)))
    large = deque(group for group in by_size if _is_large(group))
    others = [group for group in by_size if not _is_large(group)]
    rest = sum(group.size for group in others)
    while large and (0 < rest < FEWEST or (most is not None and len(large) + bool(others) > most)):
        others.append(large.popleft())
        rest += others[-1].size
    together = _Group(None, rest, frozenset().union(*(group.kinds for group in others)))
    named = sorted(large, key=lambda group: (isinstance(group.name, str), group.name))
    return [*named, *([together] if rest >= FEWEST else [])]


def _is_large(group: _Group) -> bool:
    return group.size >= FEWEST and group.name is not None


def _apart_from(departments: Sequence[_Group], levels: Sequence[_Group]) -> list[_Group]:
    """The levels, put together until they tell nothing more of a few people."""
    found = _folded(levels, MOST_LEVELS)
    while len(found) > 1 and _tell_of_a_few(found, departments):
        found = _folded(found, len(found) - 1)
    return found


def _tell_of_a_few(levels: Sequence[_Group], departments: Sequence[_Group]) -> bool:
    """Whether some levels, less the departments that lie within them, leave too few people.

    That is all that two ways to divide the same people can tell: whatever else is added and
    subtracted is made of such differences. A department lies within the levels that its people
    have.
    """
    level_of = {kind: place for place, level in enumerate(levels) for kind in level.kinds}
    within = Counter[frozenset[int]]()
    for department in departments:
        within[frozenset(level_of[kind] for kind in department.kinds)] += department.size
    for count in range(1, len(levels) + 1):
        for chosen in combinations(range(len(levels)), count):
            some = sum(levels[place].size for place in chosen)
            some -= sum(people for places, people in within.items() if places.issubset(chosen))
            if 0 < some < FEWEST:
                return True
    return False


def _rates(groups: Sequence[_Group], people: Mapping[_Kind, int]) -> tuple[Rate, ...]:
    if len(groups) < 2:
        return ()
    matched = _matched(groups, people)
    return tuple(
        Rate(group.name, group.size, some.size) for group, some in zip(groups, matched, strict=True)
    )


def _means(groups: Sequence[_Group], totals: Mapping[_Kind, float]) -> tuple[Mean, ...]:
    if len(groups) < 2:
        return ()
    return tuple(
        Mean(group.name, group.size, math.fsum(totals[kind] for kind in group.kinds) / group.size)
        for group in groups
    )
