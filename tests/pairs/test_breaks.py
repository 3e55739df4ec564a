from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pairs.breaks import ends_on, missed_weeks

MONDAY = date(2026, 1, 19)
DAYS = st.integers(0, 120).map(lambda days: MONDAY + timedelta(days=days))


class TestEndsOn:
    @pytest.mark.parametrize(
        ("reasons", "day"),
        [
            ([MONDAY], MONDAY),
            ([MONDAY, MONDAY + timedelta(days=3)], MONDAY + timedelta(days=3)),
            ([MONDAY, None], None),
            ([None], None),
        ],
    )
    def test_is_known_where_every_break_has_its_end(
        self, reasons: list[date | None], day: date | None
    ) -> None:
        assert ends_on(reasons) == day


class TestMissedWeeks:
    @pytest.mark.parametrize(
        ("since", "today", "weeks"),
        [
            (MONDAY, MONDAY, 0),
            (MONDAY, MONDAY + timedelta(days=4), 0),  # within one week
            (MONDAY + timedelta(days=3), MONDAY + timedelta(days=7), 0),  # back on the Monday
            (MONDAY + timedelta(days=3), MONDAY + timedelta(days=8), 1),
            (MONDAY + timedelta(days=3), MONDAY + timedelta(days=16), 2),
            (MONDAY - timedelta(days=20), MONDAY - timedelta(days=1), 0),  # before the first week
            (MONDAY - timedelta(days=20), MONDAY + timedelta(days=1), 1),
        ],
    )
    def test_are_those_whose_monday_was_missed(self, since: date, today: date, weeks: int) -> None:
        assert missed_weeks(MONDAY, since, today) == weeks

    @given(since=DAYS, rests=st.integers(0, 200))
    def test_are_as_many_mondays_as_lie_between(self, since: date, rests: int) -> None:
        between = [since + timedelta(days=day) for day in range(1, rests)]
        mondays = sum(day.weekday() == 0 for day in between)
        assert missed_weeks(MONDAY, since, since + timedelta(days=rests)) == mondays
