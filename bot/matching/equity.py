"""Whether departments and levels fared alike in a match, without telling how single people did.

Nothing is said of fewer than FEWEST people, neither outright nor to somebody who subtracts: small
groups are put together as the others, and so are more of them until the others are enough; and
levels are put together further as long as levels and departments taken together would tell what
happened to a few (those of a level that are not of the one department within it, say).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import compress, product
from operator import or_

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
class _Group:
    """`everybody` has a bit for each person in it, `people` for those of them who count."""

    name: Name
    everybody: int
    people: int

    @property
    def size(self) -> int:
        return self.people.bit_count()

    def of(self, people: int) -> "_Group":
        return _Group(self.name, self.everybody, self.everybody & people)


def report(fates: Sequence[Fate]) -> Equity:
    """The order of the people does not matter, but for rounding."""
    matched = sum(1 << place for place, fate in enumerate(fates) if fate.score is not None)
    departments = _folded(_grouped([fate.department for fate in fates]))
    levels = _apart_from(departments, _folded(_grouped([fate.level for fate in fates])))
    scored = _folded([group.of(matched) for group in departments])
    scored_levels = _apart_from(scored, _folded([group.of(matched) for group in levels]))
    return Equity(
        Table(_rates(departments, matched), _means(scored, fates)),
        Table(_rates(levels, matched), _means(scored_levels, fates)),
    )


def _grouped(names: Sequence[Name]) -> list[_Group]:
    groups: dict[Name, int] = {}
    for place, name in enumerate(names):
        groups[name] = groups.get(name, 0) | 1 << place
    return [_Group(name, people, people) for name, people in groups.items()]


def _folded(groups: Sequence[_Group], most: int | None = None) -> list[_Group]:
    """At least FEWEST people in each, and at most so many groups; none if all are too few. Groups
    of nobody are not among them: nothing is said of them."""
    by_size = sorted((g for g in groups if g.people), key=lambda g: (g.size, str(g.name)))
    large = [group for group in by_size if group.size >= FEWEST and group.name is not None]
    others = [group for group in by_size if group not in large]
    while large and (
        0 < sum(group.size for group in others) < FEWEST
        or (most is not None and len(large) + bool(others) > most)
    ):
        others.append(large.pop(0))
    rest = _Group(None, _union(g.everybody for g in others), _union(g.people for g in others))
    large.sort(key=lambda group: (isinstance(group.name, str), group.name))
    return [*large, *([rest] if rest.size >= FEWEST else [])]


def _apart_from(departments: Sequence[_Group], levels: Sequence[_Group]) -> list[_Group]:
    """The levels, put together until they tell nothing more of a few people."""
    found = _folded(levels, MOST_LEVELS)
    while len(found) > 1 and _tell_of_a_few(found, departments):
        found = _folded(found, len(found) - 1)
    return found


def _tell_of_a_few(levels: Sequence[_Group], departments: Sequence[_Group]) -> bool:
    """Whether some levels, less the departments that lie within them, leave too few people.

    That is all that two ways to divide the same people can tell: whatever else is added and
    subtracted is made of such differences.
    """
    for chosen in product((False, True), repeat=len(levels)):
        some = _union(group.people for group in compress(levels, chosen))
        within = _union(group.people for group in departments if not group.people & ~some)
        if 0 < (some & ~within).bit_count() < FEWEST:
            return True
    return False


def _union(people: Iterator[int]) -> int:
    return reduce(or_, people, 0)


def _rates(groups: Sequence[_Group], matched: int) -> tuple[Rate, ...]:
    if len(groups) < 2:
        return ()
    return tuple(
        Rate(group.name, group.size, (group.people & matched).bit_count()) for group in groups
    )


def _means(groups: Sequence[_Group], fates: Sequence[Fate]) -> tuple[Mean, ...]:
    if len(groups) < 2:
        return ()
    found = []
    for group in groups:
        scores = [
            fate.score or 0.0 for place, fate in enumerate(fates) if group.people >> place & 1
        ]
        found.append(Mean(group.name, group.size, sum(scores) / len(scores)))
    return tuple(found)
