"""How long a pair rests, and what its plan loses by it. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.clock import next_monday


def ends_on(reasons: Sequence[date | None]) -> date | None:
    """The day by which all reasons for a break are gone; None if that is not known of one."""
    days = [day for day in reasons if day is not None]
    return max(days) if days and len(days) == len(reasons) else None


def missed_weeks(first_week_on: date, since: date, today: date) -> int:
    """How many weeks of the pair's plan began during its break, and neither on its first day nor on
    the day it goes on: by so many weeks the plan moves. What was due meanwhile in a week that had
    begun before, or begins today, is still said."""
    first = next_monday(max(first_week_on, since + timedelta(days=1)))
    return max(0, -((first - today).days // 7))
