"""What each figure of a report means. Pure; the store counts, this decides."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

QUIET_WEEKS = 2
"""A pair that is active and has reported no meeting for a period and so many weeks is quiet."""


@dataclass(frozen=True)
class ProgramFigures:
    """A program's figures: counts of people, pairs, meetings (reported by button), goals and
    messages; never anything about one pair."""

    mentors: int
    mentees: int
    waiting_mentors: int
    waiting_mentees: int
    active_pairs: int
    paused_pairs: int
    completed_pairs: int
    ended_pairs: int
    pairs_that_met: int
    quiet_pairs: int
    meetings: int
    expected_meetings: int
    pairs_with_goal: int
    messages_sent: int
    messages_waiting: int
    messages_failed: int

    @property
    def pairs(self) -> int:
        return self.active_pairs + self.paused_pairs + self.completed_pairs + self.ended_pairs


def week_of(first_week_on: date, today: date) -> int:
    """The program week that `today` lies in, from 1; 0 or less before it begins."""
    return (today - first_week_on).days // 7 + 1


def expected_meetings(first_week_on: date, today: date, weeks: int, period_weeks: int) -> int:
    """One meeting for each period that is over; the one under way is not yet missing."""
    over = max(0, min(week_of(first_week_on, today) - 1, weeks))
    return over // period_weeks


def quiet_after(period_weeks: int) -> timedelta:
    """How long an active pair reports no meeting until it counts as quiet."""
    return timedelta(weeks=period_weeks + QUIET_WEEKS)


def is_quiet(
    first_week_on: date, last_met_at: datetime | None, now: datetime, period_weeks: int
) -> bool:
    """Counted from the first week: a pair may be made long before, and nobody asks it to meet."""
    since = last_met_at or datetime.combine(first_week_on, time(), UTC)
    return now - since >= quiet_after(period_weeks)
