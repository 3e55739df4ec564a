"""When each thing is due for a pair: a pure function of the program's plan and both people's zones.

Every period begins on a Monday. On that day comes the meeting nudge, on Wednesday the question,
both at an hour that suits the two. The role-reversion reminder comes to the mentee alone, on a day
and at a half-hour drawn by chance, so that its moment says nothing about anybody.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from bot.clock import FIRST_HOUR, LAST_HOUR, at_local_hour, shared_hour
from models import Pair, Person, Program, TouchpointKind
from prompts.library import Phase

QUESTION_DAY = 2
REMINDER_DAYS = (1, 3)
FAREWELL_DAY = 4


@dataclass(frozen=True)
class Plan:
    """A pair's part of the program. `first_week_on` is a Monday; `period_weeks` the cadence."""

    first_week_on: date
    weeks: int
    period_weeks: int
    mentor_zone: str
    mentee_zone: str

    @property
    def periods(self) -> int:
        return max(1, self.weeks // self.period_weeks)


def plan_for(program: Program, pair: Pair, mentor: Person, mentee: Person) -> Plan:
    return Plan(
        first_week_on=pair.first_week_on,
        weeks=program.weeks,
        period_weeks=program.cadence.weeks,
        mentor_zone=mentor.time_zone,
        mentee_zone=mentee.time_zone,
    )


def due_at(plan: Plan, kind: TouchpointKind, number: int, random: Random) -> datetime | None:
    """When touchpoint `number` (from 1) of this kind is due, in UTC; None when none is left."""
    if kind is TouchpointKind.FAREWELL:
        last_week = plan.first_week_on + timedelta(weeks=plan.weeks - 1)
        return _together(plan, last_week, FAREWELL_DAY) if number == 1 else None
    if number > plan.periods:
        return None
    monday = plan.first_week_on + timedelta(weeks=(number - 1) * plan.period_weeks)
    match kind:
        case TouchpointKind.NUDGE:
            return _together(plan, monday, 0)
        case TouchpointKind.QUESTION:
            return _together(plan, monday, QUESTION_DAY)
        case TouchpointKind.REMINDER:
            day = monday + timedelta(days=random.randint(*REMINDER_DAYS))
            hour, minute = random.randint(FIRST_HOUR, LAST_HOUR), random.choice((0, 30))
            return at_local_hour(day, hour, minute, plan.mentee_zone)


def phase(plan: Plan, number: int) -> Phase:
    """Which third of the program period `number` lies in."""
    third = 3 * (number - 1) // plan.periods
    return ("start", "middle", "end")[min(third, 2)]


def _together(plan: Plan, monday: date, day: int) -> datetime:
    return shared_hour(monday + timedelta(days=day), plan.mentor_zone, plan.mentee_zone)
