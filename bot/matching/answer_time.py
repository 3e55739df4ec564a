"""Until when people are asked for their yes: they are told a day, and it is theirs to its end,
wherever they work. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bot.clock import end_of_day

DAYS_TO_ANSWER = 3
"""Working days."""


def answer_by(now: datetime, zone_names: Iterable[str], days: int = DAYS_TO_ANSWER) -> datetime:
    """The end of the day that is so many working days later, for people in all of these zones."""
    return end_of_day(working_days_later(now.date(), days), zone_names)


def working_days_later(day: date, days: int) -> date:
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
