from datetime import UTC, date, datetime

import pytest

from bot.matching.answer_time import answer_by, working_days_later


class TestAnswerBy:
    def test_is_the_end_of_the_day_where_it_ends_last(self) -> None:
        now = datetime(2026, 1, 5, 9, tzinfo=UTC)
        zones = ["Europe/Berlin", "America/New_York"]
        assert answer_by(now, zones) == datetime(2026, 1, 9, 5, tzinfo=UTC)


class TestWorkingDaysLater:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [(5, 8), (6, 9), (7, 12), (8, 13), (9, 14), (10, 14), (11, 14)],
        ids=["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    )
    def test_leaves_weekends_out(self, day: int, expected: int) -> None:
        assert working_days_later(date(2026, 1, day), 3) == date(2026, 1, expected)
