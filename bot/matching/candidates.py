"""Who can be matched: the few facts about a person that the rules and the scores read."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """One enrolled person, on the mentors' or on the mentees' side.

    `topics` are those offered for a mentor and those wanted for a mentee. `department` is empty
    where it is not known. `reporting_path` leads from the top of the company down to this person,
    own id included: "/1/17/203/"; a person without a manager has "/203/". `capacity` is how many
    pairs of this program they still have room for, with a different partner in each; `partners` is
    how many they have in it already.

    A path that does not end in the person's own id raises ValueError: with it the reporting-line
    rule would let pairs through without a word. So does a level that is no whole number, and a
    capacity that is none or below 1.
    """

    person_id: int
    level: int
    department: str
    topics: frozenset[str]
    reporting_path: str
    partners: int = 0
    capacity: int = 1

    def __post_init__(self) -> None:
        path = self.reporting_path
        if not (re.fullmatch(r"(/[0-9]+)+/", path) and path.endswith(f"/{self.person_id}/")):
            raise ValueError(f"Person {self.person_id} has the reporting path {path!r}.")
        if type(self.level) is not int:
            raise ValueError(f"Person {self.person_id} has the level {self.level!r}.")
        if type(self.capacity) is not int or self.capacity < 1:
            raise ValueError(f"Person {self.person_id} has the capacity {self.capacity!r}.")

    @property
    def line(self) -> tuple[int, ...]:
        """The ids on the path from the top down: every manager above, then this person."""
        return tuple(int(step) for step in self.reporting_path[1:-1].split("/"))
