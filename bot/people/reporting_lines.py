"""Who is above whom. A manager who is not among the people counts as none."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def reporting_paths(managers: Mapping[K, K | None]) -> dict[K, str]:
    """For each person the ids from the top down to their own, as "/1/17/203/".

    A cycle of managers becomes one chain, so that everyone in it is in line with everyone else
    in it. Ids must not contain a slash (ValueError): it would put strangers in one line. The
    paths of one chain of n people are n*n/2 ids long in all, so bound the depth beforehand.
    """
    paths: dict[K | None, str] = {}
    order = top_down(managers)
    for person in order:
        if "/" in (own := str(person)):
            raise ValueError("an id in a reporting path must not contain a slash")
        paths[person] = f"{paths.get(managers[person], '/')}{own}/"
    return {person: paths[person] for person in order}


def depths(managers: Mapping[K, K | None]) -> dict[K, int]:
    """How many ids each person's path has: 1 at the top."""
    found: dict[K | None, int] = {}
    order = top_down(managers)
    for person in order:
        found[person] = found.get(managers[person], 0) + 1
    return {person: found[person] for person in order}


def top_down(managers: Mapping[K, K | None]) -> list[K]:
    """Everyone, each after their manager. In a cycle one person comes before theirs."""
    order: list[K] = []
    seen: set[K] = set()
    for start in managers:
        chain: list[K] = []
        person: K | None = start
        while person is not None and person in managers and person not in seen:
            seen.add(person)
            chain.append(person)
            person = managers[person]
        order.extend(reversed(chain))
    return order


def find_cycles(managers: Mapping[K, K | None]) -> list[list[K]]:
    """Every cycle, each person followed by their manager, the last one's being the first.

    Somebody who is their own manager is a cycle of one.
    """
    cycles: list[list[K]] = []
    seen: set[K] = set()
    for start in managers:
        chain: dict[K, int] = {}
        person: K | None = start
        while person is not None and person in managers and person not in seen:
            seen.add(person)
            chain[person] = len(chain)
            person = managers[person]
        if person is not None and person in chain:
            cycles.append(list(chain)[chain[person] :])
    return cycles


def in_line(path_a: str, path_b: str) -> bool:
    """Whether one of two people is above the other, or both are the same person.

    An empty path (a line nobody knows) is in line with everyone: what is unknown is not allowed.
    """
    return path_a.startswith(path_b) or path_b.startswith(path_a)
