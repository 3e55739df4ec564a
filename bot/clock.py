"""The only place that asks what time it is; and what a sensible hour is for people in two zones."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Clock = Callable[[], datetime]
"""Returns the current moment, in UTC and zone-aware."""

FIRST_HOUR, LAST_HOUR = 9, 16
"""The local hours in which we write to people: from 9:00 up to 16:59."""
BEST_HOUR = 10
WESTERNMOST = timedelta(hours=12)
"""So long after it has ended in UTC, a day has ended everywhere."""
WEEKEND_PENALTY = 24


def system_clock() -> datetime:
    return datetime.now(UTC)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone of this IANA name; UTC for one that the time zone database does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "Europe" is a folder
        return ZoneInfo("UTC")


def next_monday(day: date) -> date:
    """`day` itself if it is a Monday."""
    return day + timedelta(days=-day.weekday() % 7)


def at_local_hour(day: date, hour: int, minute: int, zone_name: str) -> datetime:
    """That wall-clock time in that zone, in UTC. An hour that a change of the clocks skips comes
    out as the one after it."""
    return datetime.combine(day, time(hour, minute), zone(zone_name)).astimezone(UTC)


def end_of_day(day: date, zone_names: Iterable[str]) -> datetime:
    """When it ends where it ends last of these zones, but not before it ends in UTC; in UTC."""
    morrow = day + timedelta(days=1)
    return max(at_local_hour(morrow, 0, 0, name) for name in {"UTC", *zone_names})


def ending_day(end: datetime) -> date:
    """The day whose end `end_of_day` is."""
    return (end - WESTERNMOST - timedelta(seconds=1)).date()


@lru_cache(maxsize=16_384)
def shared_hour(day: date, zone_name: str, other_zone_name: str, aim: int = BEST_HOUR) -> datetime:
    """The full hour of `day` or the morning after (in the first zone) that suits both best, in UTC.

    Working hours on a working day for both if there are any in common, then the hour nearest to
    `aim`; otherwise the one that is least far outside anyone's working hours.
    """
    hours = (
        at_local_hour(day + timedelta(days=hour // 24), hour % 24, 0, zone_name)
        for hour in range(24 + BEST_HOUR + 1)
    )

    def badness(moment: datetime) -> tuple[int, int]:
        local = [moment.astimezone(zone(name)) for name in (zone_name, other_zone_name)]
        outside = hours_outside_work(moment, zone_name, other_zone_name, aim=aim)
        return outside, sum(abs(when.hour - aim) for when in local)

    return min(hours, key=badness)


def working_hour(now: datetime, zone_name: str) -> datetime:
    """`now` if people work there at this hour, else the middle of their next working morning."""
    if not hours_outside_work(now, zone_name):
        return now
    day = now.astimezone(zone(zone_name)).date()
    mornings = (at_local_hour(day + timedelta(days=n), BEST_HOUR, 0, zone_name) for n in range(5))
    return next(one for one in mornings if one > now and not hours_outside_work(one, zone_name))


def hours_outside_work(moment: datetime, *zone_names: str, aim: int = BEST_HOUR) -> int:
    """How far outside working hours it is where it is worst; 0 when it suits in all these zones.
    A weekend counts as a day; and working hours reach as far as the hour aimed at."""
    working = range(min(FIRST_HOUR, aim), max(LAST_HOUR, aim) + 1)
    return max(_hours_outside(working, moment.astimezone(zone(name))) for name in zone_names)


def _hours_outside(working: range, local: datetime) -> int:
    outside = max(working[0] - local.hour, local.hour - working[-1], 0)
    return outside + (WEEKEND_PENALTY if local.weekday() >= 5 else 0)
