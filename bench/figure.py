"""What a benchmark says: one figure of ours, the same of the baseline, and the goal."""

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[int], None]
"""Told how many more steps of a measurement are done."""


@dataclass(frozen=True)
class Figure:
    """`value` is ours and `baseline` the other's, both in `unit`, less being better; `goal` is the
    greatest ratio of the two with which we are content."""

    name: str
    value: float
    unit: str
    baseline: float
    goal: float

    @property
    def ratio(self) -> float:
        return self.value / self.baseline

    @property
    def holds(self) -> bool:
        return self.ratio <= self.goal

    def as_json(self) -> dict[str, str | float | bool]:
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "baseline": self.baseline,
            "ratio": self.ratio,
            "goal": self.goal,
            "holds": self.holds,
        }
