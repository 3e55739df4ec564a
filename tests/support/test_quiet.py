from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bot.clock import hours_outside_work, zone
from bot.support import quiet
from models import Cadence

BEGAN = date(2026, 1, 19)


class TestAfter:
    @pytest.mark.parametrize(
        ("cadence", "weeks"),
        [
            (Cadence.WEEKLY, 3),
            (Cadence.FORTNIGHTLY, 4),
            (Cadence.MONTHLY, 8),
            (Cadence.QUARTERLY, 26),
        ],
    )
    def test_is_two_periods_and_three_weeks_at_least(self, cadence: Cadence, weeks: int) -> None:
        assert quiet.after(cadence) == timedelta(weeks=weeks)


class TestIsToBeAsked:
    def asked(
        self,
        weeks_on: int,
        *,
        last_met: int | None = None,
        asked_on: date | None = None,
        cadence: Cadence = Cadence.WEEKLY,
        weeks: int = 12,
    ) -> bool:
        today = BEGAN + timedelta(weeks=weeks_on)
        return quiet.is_to_be_asked(today, BEGAN, weeks, cadence, last_met, asked_on)

    def test_after_three_weeks_without_a_meeting(self) -> None:
        assert [self.asked(weeks) for weeks in (0, 2, 3, 4)] == [False, False, True, True]

    def test_of_a_pair_that_met_three_weeks_after_the_week_of_it(self) -> None:
        assert [self.asked(weeks, last_met=2) for weeks in (4, 5)] == [False, True]

    def test_a_pair_that_meets_once_a_month_has_two_months(self) -> None:
        monthly = Cadence.MONTHLY
        found = [self.asked(weeks, cadence=monthly, weeks=24) for weeks in (7, 8)]
        assert found == [False, True]

    def test_again_after_four_weeks(self) -> None:
        asked_on = BEGAN + timedelta(weeks=3)
        found = [self.asked(weeks, asked_on=asked_on) for weeks in (6, 7)]
        assert found == [False, True]

    def test_not_when_the_program_is_nearly_over(self) -> None:
        assert [self.asked(weeks) for weeks in (10, 11, 13)] == [True, False, False]


class TestMoment:
    @pytest.mark.parametrize("zone_name", ["Europe/London", "Pacific/Auckland", "America/New_York"])
    @pytest.mark.parametrize("day", range(5, 12))  # Monday to Sunday
    def test_is_within_the_working_hours_of_the_next_two_working_days(
        self, zone_name: str, day: int
    ) -> None:
        now, random = datetime(2026, 1, day, 14, 20, tzinfo=UTC), Random(day)
        found = {quiet.moment(now, zone_name, random) for _ in range(300)}
        local = {one.astimezone(zone(zone_name)) for one in found}
        assert not any(hours_outside_work(one, zone_name) for one in found)
        assert len({one.date() for one in local}) == quiet.WORKING_DAYS
        assert min(found) > now
        assert len({(one.hour, one.minute) for one in local}) == 16
