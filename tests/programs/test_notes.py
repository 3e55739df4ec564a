from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import hours_outside_work
from bot.programs import notes

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
ZONES = (
    "Europe/London",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "UTC",
    "Nowhere",
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class TestWorkingHour:
    @pytest.mark.parametrize(
        ("now", "zone", "then"),
        [
            ("2026-01-05 09:00", "Europe/London", "2026-01-05 09:00"),
            ("2026-01-05 16:59", "Europe/London", "2026-01-05 16:59"),
            ("2026-01-05 17:00", "Europe/London", "2026-01-06 10:00"),
            ("2026-01-05 08:59", "Europe/London", "2026-01-05 10:00"),
            ("2026-01-09 20:00", "Europe/London", "2026-01-12 10:00"),
            ("2026-01-05 09:00", "America/Los_Angeles", "2026-01-05 18:00"),
        ],
    )
    def test_is_now_or_the_next_working_morning(self, now: str, zone: str, then: str) -> None:
        assert notes.working_hour(at(now), zone) == at(then)

    @given(
        st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes)),
        st.sampled_from(ZONES),
    )
    def test_is_always_working_time_and_never_far_off(self, now: datetime, zone: str) -> None:
        then = notes.working_hour(now, zone)
        assert hours_outside_work(then, zone) == 0
        assert now <= then <= now + timedelta(days=4)
