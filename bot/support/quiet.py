"""When a pair counts as quiet, and when each of its two is asked about it. Pure."""

from datetime import date, datetime, timedelta
from random import Random

from bot.clock import FIRST_HOUR, LAST_HOUR, at_local_hour, zone
from models import Cadence

SHORTEST = timedelta(weeks=3)
PERIODS = 2
ASKED_AGAIN = timedelta(weeks=4)
BEFORE_THE_END = timedelta(weeks=2)
"""So near the end of their program, nobody is asked whether they would like another partner."""
WORKING_DAYS = 2
"""The two are asked within so many days, each at a moment of their own."""
LONGEST_HOLIDAY = 5


def after(cadence: Cadence) -> timedelta:
    """How long nothing is heard of a pair until it is asked."""
    return max(SHORTEST, PERIODS * timedelta(weeks=cadence.weeks))


def heard_until(
    first_week_on: date, cadence: Cadence, last_met: int | None, asked_on: date | None
) -> date:
    """The last day on which a pair could be said to have been heard of: when it began, was asked,
    or ended the period (from 1) it last met in. A pair that has had a break began later by the
    weeks of it, so that these do not count."""
    met = first_week_on + timedelta(weeks=cadence.weeks * (last_met or 0))
    return max(first_week_on, met, asked_on or first_week_on)


def ends_on(first_week_on: date, weeks: int) -> date:
    return first_week_on + timedelta(weeks=weeks)


def is_to_be_asked(
    today: date,
    first_week_on: date,
    weeks: int,
    cadence: Cadence,
    last_met: int | None,
    asked_on: date | None,
) -> bool:
    """Of a pair that is active, and of which nothing has been heard by the calendar: whether its
    own weeks say the same."""
    if today + BEFORE_THE_END > ends_on(first_week_on, weeks):
        return False
    if asked_on is not None and today - asked_on < ASKED_AGAIN:
        return False
    heard = heard_until(first_week_on, cadence, last_met, asked_on)
    return today - heard >= after(cadence)


def moment(now: datetime, zone_name: str, random: Random) -> datetime:
    """One of the half-hours of somebody's next working days, drawn by chance."""
    today = now.astimezone(zone(zone_name)).date()
    days = (today + timedelta(days=ahead) for ahead in range(1, LONGEST_HOLIDAY + 1))
    working = [day for day in days if day.weekday() < 5][:WORKING_DAYS]
    day, hour = random.choice(working), random.randint(FIRST_HOUR, LAST_HOUR)
    return at_local_hour(day, hour, random.choice((0, 30)), zone_name)
