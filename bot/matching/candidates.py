"""Who can be matched: the few facts about a person that the rules and the scores read."""

import re
from dataclasses import dataclass

HALF_HOURS = 48
"""Of a day, in UTC."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One enrolled person, on the mentors' or on the mentees' side.

    `topics` are those offered for a mentor and those wanted for a mentee. `department` is empty
    where it is not known. `reporting_path` leads from the top of the company down to this person,
    own id included: "/1/17/203/"; a person without a manager has "/203/". `capacity` is how many
    pairs of this program they still have room for, with a different partner in each; `partners` is
    how many they have in it already.

    The others are empty where they are not known. `main_topic` is the one of `topics` that matters
    most to them; any other counts for nothing. `hours` are the half hours of a day in UTC in which
    they work: bit 0 is midnight to half past. `means` are those by which they like to meet, and
    `frequency` every how many weeks. `style` is how they like to learn. `known` are the ids of the
    people with whom they are, or ever were, a pair in any program.

    A path that does not end in the person's own id raises ValueError: with it the reporting-line
    rule would let pairs through without a word. So does a level that is no whole number, a
    capacity that is none or below 1, hours of more than a day, and a frequency below 1.
    """

    person_id: int
    level: int
    department: str
    topics: frozenset[str]
    reporting_path: str
    partners: int = 0
    capacity: int = 1
    main_topic: str = ""
    hours: int = 0
    means: frozenset[str] = frozenset()
    frequency: int | None = None
    style: str | None = None
    interests: frozenset[str] = frozenset()
    strengths: frozenset[str] = frozenset()
    known: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        path = self.reporting_path
        if not (re.fullmatch(r"(/[0-9]+)+/", path) and path.endswith(f"/{self.person_id}/")):
            raise ValueError(f"Person {self.person_id} has the reporting path {path!r}.")
        for what, value, low, high in (
            ("level", self.level, None, None),
            ("capacity", self.capacity, 1, None),
            ("hours", self.hours, 0, 2**HALF_HOURS - 1),
            ("frequency", 1 if self.frequency is None else self.frequency, 1, None),
        ):
            whole = type(value) is int and (low is None or value >= low)
            if not whole or (high is not None and value > high):
                raise ValueError(f"Person {self.person_id} has the {what} {value!r}.")

    @property
    def line(self) -> tuple[int, ...]:
        """The ids on the path from the top down: every manager above, then this person."""
        return tuple(int(step) for step in self.reporting_path[1:-1].split("/"))
