"""People for the matching's tests, and weights of which only those named count."""

from random import Random
from typing import Any

from bot.matching.candidates import Candidate
from bot.matching.scores import Weights

NOTHING = dict.fromkeys(Weights().by_name(), 0)


def person(
    person_id: int,
    level: int = 1,
    topics: str = "",
    department: str = "Sales",
    path: str = "",
    **more: Any,
) -> Candidate:
    named = {"means", "interests", "strengths"}
    more = {key: frozenset(v.split()) if key in named else v for key, v in more.items()}
    wanted = frozenset(topics.split())
    return Candidate(person_id, level, department, wanted, path or f"/{person_id}/", **more)


def only(**weights: int) -> Weights:
    return Weights(**{**NOTHING, **weights})


def hours(begin: float, end: float) -> int:
    """The half hours from one hour to another, past midnight where the end is before."""
    halves = range(int(begin * 2), int((end if end > begin else end + 24) * 2))
    return sum(1 << half % 48 for half in halves)


def shuffled(people: list[Candidate], random: Random) -> list[Candidate]:
    turned = people.copy()
    random.shuffle(turned)
    return turned
