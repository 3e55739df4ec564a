"""When each thing is due for a pair: a pure function of the program's plan and both people's zones.

Every period begins on a Monday. On that day comes the meeting nudge, on Wednesday the question,
both at the hour that suits the two and is nearest to the program's; where they are far apart, that
may be the mentor's next morning. The role-reversion reminder comes to the mentee alone, on a day
and at a half-hour drawn by chance, so that its moment says nothing about anybody. What the app was
not there to say in time waits for working hours.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from bot.clock import (
    BEST_HOUR,
    FIRST_HOUR,
    LAST_HOUR,
    at_local_hour,
    hours_outside_work,
    shared_hour,
    zone,
)
from models import Pair, Person, Program, TouchpointKind
from prompts.library import Phase

QUESTION_DAY = 2
REMINDER_DAYS = (1, 3)
LAST_REMINDER_DAYS = (1, 2)
"""In the last period: a mentee's Thursday may be later than the farewell on a mentor's Friday."""
FAREWELL_DAY = 4
LATE_AFTER = timedelta(hours=1)
CATCH_UP_DAYS = 5
"""Among so many days from any day on is one that is a working day on both sides of the date line,
with its hours still to come."""


@dataclass(frozen=True)
class Plan:
    """A pair's part of the program. `first_week_on` is a Monday; `period_weeks` the cadence; `hour`
    the local hour to aim at."""

    first_week_on: date
    weeks: int
    period_weeks: int
    mentor_zone: str
    mentee_zone: str
    hour: int = BEST_HOUR

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
        hour=program.hour,
    )


def due_at(plan: Plan, kind: TouchpointKind, number: int, random: Random) -> datetime | None:
    """When touchpoint `number` (from 1) of this kind is due, in UTC; None when none is left."""
    if kind is TouchpointKind.FAREWELL:
        return farewell_at(plan) if number == 1 else None
    if number > plan.periods:
        return None
    monday = plan.first_week_on + timedelta(weeks=(number - 1) * plan.period_weeks)
    match kind:
        case TouchpointKind.NUDGE:
            return _together(plan, monday, 0)
        case TouchpointKind.QUESTION:
            return _together(plan, monday, QUESTION_DAY)
        case TouchpointKind.REMINDER:
            days = LAST_REMINDER_DAYS if number == plan.periods else REMINDER_DAYS
            day = monday + timedelta(days=random.randint(*days))
            hour, minute = random.randint(FIRST_HOUR, LAST_HOUR), random.choice((0, 30))
            return at_local_hour(day, hour, minute, plan.mentee_zone)


def period_at(plan: Plan, now: datetime) -> int:
    """The number of the period under way; 1 before the first, more than `plan.periods` after the
    last."""
    today = now.astimezone(zone(plan.mentor_zone)).date()
    return max(0, (today - plan.first_week_on).days // (7 * plan.period_weeks)) + 1


def farewell_at(plan: Plan) -> datetime:
    last_week = plan.first_week_on + timedelta(weeks=plan.weeks - 1)
    return _together(plan, last_week, FAREWELL_DAY)


def late(plan: Plan, kind: TouchpointKind, now: datetime) -> datetime:
    """When to say what should have been said long ago: not before `now`, within five days.

    A reminder as soon as the mentee is at work; the rest at the shared hour of the next day on
    which both are, or the least unsuitable one if they never are at once.
    """
    if kind is TouchpointKind.REMINDER:
        today = now.astimezone(zone(plan.mentee_zone)).date()
        mornings = (
            at_local_hour(today + timedelta(days=day), FIRST_HOUR, 0, plan.mentee_zone)
            for day in range(CATCH_UP_DAYS)
        )
        moments = [now, *mornings]
        zones, aim = [plan.mentee_zone], BEST_HOUR
    else:
        today = now.astimezone(zone(plan.mentor_zone)).date()
        moments = [_together(plan, today, day) for day in range(CATCH_UP_DAYS)]
        zones, aim = [plan.mentor_zone, plan.mentee_zone], plan.hour
    to_come = (moment for moment in moments if moment >= now)
    return min(to_come, key=lambda moment: hours_outside_work(moment, *zones, aim=aim))


def phase(plan: Plan, number: int) -> Phase:
    """Which third of the program period `number` lies in."""
    third = 3 * (number - 1) // plan.periods
    return ("start", "middle", "end")[min(third, 2)]


def _together(plan: Plan, monday: date, day: int) -> datetime:
    aimed_at = monday + timedelta(days=day)
    return shared_hour(aimed_at, plan.mentor_zone, plan.mentee_zone, plan.hour)
