from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.reports import measures
from bot.reports.measures import quiet_after

MONDAY = date(2026, 1, 19)
START = datetime(2020, 1, 1, tzinfo=UTC)
DAYS = st.integers(-500, 500).map(lambda days: MONDAY + timedelta(days=days))
WEEKS = st.integers(1, 60)
PERIODS = st.sampled_from((1, 2, 4, 13))
MOMENTS = st.integers(0, 5_000_000).map(lambda minutes: START + timedelta(minutes=minutes))


class TestWeekOf:
    def test_the_first_week_is_one_from_monday_to_sunday(self) -> None:
        weeks = [measures.week_of(MONDAY, MONDAY + timedelta(days=day)) for day in range(-1, 8)]
        assert weeks == [0, *([1] * 7), 2]

    @given(DAYS)
    def test_a_week_later_is_one_more(self, day: date) -> None:
        later = measures.week_of(MONDAY, day + timedelta(weeks=1))
        assert later == measures.week_of(MONDAY, day) + 1


class TestExpectedMeetings:
    def test_the_period_under_way_is_not_yet_missing(self) -> None:
        sunday = MONDAY + timedelta(days=6)
        assert measures.expected_meetings(MONDAY, sunday, 12, 1) == 0
        assert measures.expected_meetings(MONDAY, sunday + timedelta(days=1), 12, 1) == 1
        assert measures.expected_meetings(MONDAY, sunday + timedelta(days=1), 12, 2) == 0

    @given(DAYS, WEEKS, PERIODS)
    def test_lies_between_none_and_one_a_period(self, day: date, weeks: int, period: int) -> None:
        assert 0 <= measures.expected_meetings(MONDAY, day, weeks, period) <= weeks // period

    @given(WEEKS, PERIODS)
    def test_is_complete_when_the_program_is_over(self, weeks: int, period: int) -> None:
        over = MONDAY + timedelta(weeks=weeks)
        assert measures.expected_meetings(MONDAY, over, weeks, period) == weeks // period

    @given(DAYS, st.integers(0, 100), WEEKS, PERIODS)
    def test_never_falls(self, day: date, later: int, weeks: int, period: int) -> None:
        now = measures.expected_meetings(MONDAY, day, weeks, period)
        then = measures.expected_meetings(MONDAY, day + timedelta(days=later), weeks, period)
        assert now <= then

    @given(st.integers(1, 500).map(lambda days: MONDAY - timedelta(days=days)), WEEKS, PERIODS)
    def test_is_none_before_the_first_week(self, day: date, weeks: int, period: int) -> None:
        assert measures.expected_meetings(MONDAY, day, weeks, period) == 0


class TestIsQuiet:
    @given(DAYS, st.timedeltas(timedelta(0), timedelta(days=400)), PERIODS)
    def test_without_a_meeting_counts_from_the_first_week(
        self, monday: date, passed: timedelta, period: int
    ) -> None:
        now = datetime.combine(monday, time(), UTC) + passed
        assert measures.is_quiet(monday, None, now, period) is (passed >= quiet_after(period))

    @given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=400)), PERIODS)
    def test_with_one_counts_from_the_last(
        self, met: datetime, passed: timedelta, period: int
    ) -> None:
        monday = met.date() - timedelta(days=99)
        is_quiet = measures.is_quiet(monday, met, met + passed, period)
        assert is_quiet is (passed >= quiet_after(period))

    @given(MOMENTS, PERIODS)
    def test_nobody_is_before_the_first_week(self, now: datetime, period: int) -> None:
        assert not measures.is_quiet(now.date() + timedelta(days=1), None, now, period)

    def test_nobody_is_for_meeting_as_seldom_as_the_program_asks_for(self) -> None:
        met = datetime(2026, 1, 19, 10, tzinfo=UTC)
        assert not measures.is_quiet(MONDAY, met, met + timedelta(weeks=13), 13)
        assert measures.is_quiet(MONDAY, met, met + timedelta(weeks=15), 13)
