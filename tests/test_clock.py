from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import (
    FIRST_HOUR,
    LAST_HOUR,
    at_local_hour,
    end_of_day,
    ending_day,
    hours_outside_work,
    next_monday,
    shared_hour,
    system_clock,
    working_hour,
    zone,
)

ZONES = sorted(name for name in available_timezones() if "/" in name)
zones = st.sampled_from(ZONES)
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def at_work(moment: datetime, zone_name: str) -> bool:
    local = moment.astimezone(ZoneInfo(zone_name))
    return FIRST_HOUR <= local.hour <= LAST_HOUR and local.weekday() < 5


def hours_of(day: date, zone_name: str) -> list[datetime]:
    """Every full hour of a local day, in UTC, without asking the code under test."""
    place = ZoneInfo(zone_name)
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=27)
    quarters = (first + timedelta(minutes=15 * step) for step in range(4 * 54))
    return [
        moment
        for moment in quarters
        if moment.astimezone(place).date() == day and moment.astimezone(place).minute == 0
    ]


class TestSystemClock:
    def test_knows_its_zone(self) -> None:
        assert system_clock().tzinfo is UTC


class TestZone:
    def test_known(self) -> None:
        assert zone("Europe/Berlin").key == "Europe/Berlin"

    @pytest.mark.parametrize(
        "name", ["", "Mars/Olympus", "../../etc/passwd", "\0", "/etc", "Europe"]
    )
    def test_unknown_is_utc(self, name: str) -> None:
        assert zone(name).key == "UTC"


class TestNextMonday:
    @given(day=days)
    def test_is_the_first_monday_from_that_day_on(self, day: date) -> None:
        monday = next_monday(day)
        assert monday.weekday() == 0
        assert timedelta(0) <= monday - day < timedelta(days=7)


class TestAtLocalHour:
    @given(
        day=days,
        hour=st.integers(FIRST_HOUR, LAST_HOUR),
        minute=st.integers(0, 59),
        zone_name=zones,
    )
    def test_is_that_time_on_that_clock(
        self, day: date, hour: int, minute: int, zone_name: str
    ) -> None:
        moment = at_local_hour(day, hour, minute, zone_name)
        local = moment.astimezone(ZoneInfo(zone_name))
        assert moment.tzinfo is UTC
        assert (local.date(), local.hour, local.minute) == (day, hour, minute)

    def test_follows_a_change_of_the_clocks(self) -> None:
        before = at_local_hour(date(2026, 3, 27), 9, 0, "Europe/Berlin")
        after = at_local_hour(date(2026, 3, 30), 9, 0, "Europe/Berlin")
        assert (before.hour, after.hour) == (8, 7)

    def test_an_hour_that_is_skipped_comes_out_as_the_one_after(self) -> None:
        moment = at_local_hour(date(2026, 3, 29), 2, 30, "Europe/Berlin")
        assert moment.astimezone(ZoneInfo("Europe/Berlin")).hour == 3


class TestSharedHour:
    @given(day=days, one=zones, other=zones)
    def test_is_a_working_hour_for_both_when_there_is_one(
        self, day: date, one: str, other: str
    ) -> None:
        possible = [
            moment
            for moment in hours_of(day, one)
            if at_work(moment, one) and at_work(moment, other)
        ]
        chosen = shared_hour(day, one, other)
        if possible:
            assert at_work(chosen, one)
            assert at_work(chosen, other)

    @given(day=days, one=zones, other=zones)
    def test_is_a_full_hour_of_that_day_or_the_morning_after_in_the_first_zone(
        self, day: date, one: str, other: str
    ) -> None:
        chosen = shared_hour(day, one, other)
        local = chosen.astimezone(ZoneInfo(one))
        assert chosen.tzinfo is UTC
        assert local.minute == 0
        tomorrow = day + timedelta(days=1)
        assert local.date() == day or (local.date() == tomorrow and local.hour <= 10)

    @given(day=days, one=zones)
    def test_in_one_zone_is_mid_morning(self, day: date, one: str) -> None:
        assert shared_hour(day, one, one).astimezone(ZoneInfo(one)).hour == 10

    @given(day=days.filter(lambda day: day.weekday() < 5), one=zones, aim=st.integers(7, 18))
    def test_in_one_zone_is_the_hour_aimed_at(self, day: date, one: str, aim: int) -> None:
        assert shared_hour(day, one, one, aim).astimezone(ZoneInfo(one)).hour == aim

    @given(day=days, one=zones, other=zones, aim=st.integers(FIRST_HOUR, LAST_HOUR))
    def test_no_aim_takes_anybody_out_of_working_hours(
        self, day: date, one: str, other: str, aim: int
    ) -> None:
        plain, aimed = shared_hour(day, one, other), shared_hour(day, one, other, aim)
        assert hours_outside_work(aimed, one, other) == hours_outside_work(plain, one, other)

    @pytest.mark.parametrize("day", [date(2026, 3, 9) + timedelta(weeks=week) for week in range(4)])
    def test_while_only_one_of_two_has_changed_its_clocks(self, day: date) -> None:
        chosen = shared_hour(day, "America/New_York", "Europe/London")
        assert at_work(chosen, "America/New_York")
        assert at_work(chosen, "Europe/London")

    def test_across_the_date_line_nobody_is_written_to_on_a_weekend_if_it_can_be_helped(
        self,
    ) -> None:
        monday = date(2026, 1, 12)
        for one, other in product(["Pacific/Auckland", "Pacific/Honolulu"], repeat=2):
            chosen = shared_hour(monday, one, other)
            assert chosen.astimezone(ZoneInfo(one)).weekday() < 5
            assert chosen.astimezone(ZoneInfo(other)).weekday() < 5

    def test_across_the_date_line_a_shared_hour_on_another_date_is_found(self) -> None:
        chosen = shared_hour(date(2026, 1, 13), "Pacific/Auckland", "Pacific/Honolulu")
        assert at_work(chosen, "Pacific/Auckland")
        assert at_work(chosen, "Pacific/Honolulu")
        assert chosen.astimezone(ZoneInfo("Pacific/Honolulu")).date() == date(2026, 1, 12)

    @pytest.mark.parametrize("day", [date(2026, 1, 19), date(2026, 1, 21)])
    def test_far_apart_it_is_the_evening_before_rather_than_before_dawn(self, day: date) -> None:
        chosen = shared_hour(day, "Asia/Singapore", "America/Chicago")
        hours = [chosen.astimezone(ZoneInfo(n)).hour for n in ("Asia/Singapore", "America/Chicago")]
        assert hours == [7, 17]

    def test_with_nothing_in_common_is_as_little_outside_as_can_be(self) -> None:
        chosen = shared_hour(date(2026, 1, 13), "America/Los_Angeles", "Asia/Kolkata")
        hours = [
            chosen.astimezone(ZoneInfo(name)).hour
            for name in ("America/Los_Angeles", "Asia/Kolkata")
        ]
        assert all(7 <= hour <= 20 for hour in hours)

    def test_an_unknown_zone_counts_as_utc(self) -> None:
        day = date(2026, 1, 12)
        assert shared_hour(day, "Mars/Olympus", "") == datetime(2026, 1, 12, 10, tzinfo=UTC)


BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
SOME_ZONES = (
    "Europe/London",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "UTC",
    "Nowhere",
)


def moment(text: str) -> datetime:
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
        assert working_hour(moment(now), zone) == moment(then)

    @given(
        st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes)),
        st.sampled_from(SOME_ZONES),
    )
    def test_is_always_working_time_and_never_far_off(self, now: datetime, zone: str) -> None:
        then = working_hour(now, zone)
        assert hours_outside_work(then, zone) == 0
        assert now <= then <= now + timedelta(days=4)


class TestEndOfDay:
    @given(day=days, names=st.sets(zones, max_size=5))
    def test_leaves_everybody_the_whole_day_and_can_be_named(
        self, day: date, names: set[str]
    ) -> None:
        end = end_of_day(day, names)
        assert ending_day(end) == day
        for name in names:
            assert (end - timedelta(seconds=1)).astimezone(zone(name)).date() >= day
