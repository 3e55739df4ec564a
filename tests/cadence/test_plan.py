# chance, not secrets
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cadence.plan import Plan, due_at, late, period_at, phase
from bot.clock import FIRST_HOUR, LAST_HOUR
from models import Cadence, TouchpointKind

MONDAY = date(2026, 1, 19)
SOME_ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]
FAR_ZONES = [*SOME_ZONES, "Pacific/Honolulu", "Pacific/Kiritimati", "Etc/GMT+12"]
zones = st.sampled_from(SOME_ZONES)
plans = st.builds(
    Plan,
    first_week_on=st.integers(0, 200).map(lambda weeks: MONDAY + timedelta(weeks=weeks)),
    weeks=st.integers(1, 52),
    period_weeks=st.sampled_from([cadence.weeks for cadence in Cadence]),
    mentor_zone=zones,
    mentee_zone=zones,
)
of_any_hour = st.builds(replace, plans, hour=st.integers(7, 18))
TOGETHER = [TouchpointKind.NUDGE, TouchpointKind.QUESTION, TouchpointKind.FAREWELL]
seeds = st.integers(0, 2**32)
far_plans = st.builds(
    replace,
    plans,
    mentor_zone=st.sampled_from(FAR_ZONES),
    mentee_zone=st.sampled_from(FAR_ZONES),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PERIODIC = [TouchpointKind.NUDGE, TouchpointKind.QUESTION, TouchpointKind.REMINDER]


def in_zone(moment: datetime | None, zone_name: str) -> datetime:
    assert moment is not None
    return moment.astimezone(ZoneInfo(zone_name))


def monday_of(plan: Plan, number: int) -> date:
    return plan.first_week_on + timedelta(weeks=(number - 1) * plan.period_weeks)


class TestPeriods:
    @pytest.mark.parametrize(
        ("weeks", "cadence", "periods"),
        [
            (12, Cadence.WEEKLY, 12),
            (12, Cadence.FORTNIGHTLY, 6),
            (12, Cadence.MONTHLY, 3),
            (13, Cadence.FORTNIGHTLY, 6),
            (3, Cadence.MONTHLY, 1),
        ],
    )
    def test_are_whole_ones_within_the_program(
        self, weeks: int, cadence: Cadence, periods: int
    ) -> None:
        assert Plan(MONDAY, weeks, cadence.weeks, "UTC", "UTC").periods == periods


class TestDueAt:
    @given(plan=of_any_hour, kind=st.sampled_from(PERIODIC), seed=seeds)
    def test_comes_once_in_every_period_and_then_no_more(
        self, plan: Plan, kind: TouchpointKind, seed: int
    ) -> None:
        for number in range(1, plan.periods + 1):
            day = in_zone(due_at(plan, kind, number, Random(seed)), plan.mentor_zone).date()
            first = monday_of(plan, number)
            # a day of leeway, as the mentee's Friday may be a mentor's Saturday
            assert first <= day <= first + timedelta(days=5)
        assert due_at(plan, kind, plan.periods + 1, Random(seed)) is None

    @given(plan=plans, number=st.integers(1, 52))
    def test_the_nudge_comes_on_a_monday_and_the_question_on_a_wednesday(
        self, plan: Plan, number: int
    ) -> None:
        number = min(number, plan.periods)
        nudge = due_at(plan, TouchpointKind.NUDGE, number, Random(1))
        question = due_at(plan, TouchpointKind.QUESTION, number, Random(1))
        monday = monday_of(plan, number)
        a_morning = timedelta(hours=10)  # where the two are far apart, it may be the next one
        assert in_zone(nudge - a_morning, plan.mentor_zone).date() <= monday
        assert in_zone(nudge, plan.mentor_zone).date() >= monday
        wednesday = monday + timedelta(days=2)
        assert in_zone(question - a_morning, plan.mentor_zone).date() <= wednesday
        assert in_zone(question, plan.mentor_zone).date() >= wednesday

    @given(plan=plans)
    def test_the_farewell_comes_once_on_the_last_friday(self, plan: Plan) -> None:
        farewell = due_at(plan, TouchpointKind.FAREWELL, 1, Random(1))
        last = plan.first_week_on + timedelta(weeks=plan.weeks)
        assert in_zone(farewell, plan.mentor_zone).date() == last - timedelta(days=3)
        assert due_at(plan, TouchpointKind.FAREWELL, 2, Random(1)) is None

    @given(plan=far_plans, kind=st.sampled_from(PERIODIC), seed=seeds)
    def test_nothing_comes_after_the_farewell(
        self, plan: Plan, kind: TouchpointKind, seed: int
    ) -> None:
        farewell = due_at(plan, TouchpointKind.FAREWELL, 1, Random(1))
        last = due_at(plan, kind, plan.periods, Random(seed))
        assert farewell is not None
        assert last is not None
        assert last < farewell

    @pytest.mark.parametrize("seed", range(40))
    def test_not_even_the_last_reminder_comes_after_it_across_the_date_line(
        self, seed: int
    ) -> None:
        plan = Plan(MONDAY, 12, 1, "Pacific/Auckland", "Pacific/Honolulu")
        farewell = due_at(plan, TouchpointKind.FAREWELL, 1, Random(1))
        reminder = due_at(plan, TouchpointKind.REMINDER, 12, Random(seed))
        assert farewell is not None
        assert reminder is not None
        assert reminder < farewell

    @given(plan=plans, kind=st.sampled_from(PERIODIC[:2]), seed=seeds, other=seeds)
    def test_what_both_read_leaves_nothing_to_chance(
        self, plan: Plan, kind: TouchpointKind, seed: int, other: int
    ) -> None:
        assert due_at(plan, kind, 1, Random(seed)) == due_at(plan, kind, 1, Random(other))


class TestTheReminder:
    @given(plan=plans, number=st.integers(1, 52), seed=seeds)
    def test_comes_in_the_mentees_working_hours_from_tuesday_to_friday(
        self, plan: Plan, number: int, seed: int
    ) -> None:
        number = min(number, plan.periods)
        moment = due_at(plan, TouchpointKind.REMINDER, number, Random(seed))
        local = in_zone(moment, plan.mentee_zone)
        day = (local.date() - monday_of(plan, number)).days
        assert 1 <= day <= 4
        assert FIRST_HOUR <= local.hour <= LAST_HOUR

    @given(plan=plans, zone_name=zones, number=st.integers(1, 52), seed=seeds)
    def test_says_nothing_about_the_junior(
        self, plan: Plan, zone_name: str, number: int, seed: int
    ) -> None:
        number = min(number, plan.periods)
        another = replace(plan, mentor_zone=zone_name)
        assert due_at(plan, TouchpointKind.REMINDER, number, Random(seed)) == due_at(
            another, TouchpointKind.REMINDER, number, Random(seed)
        )

    def test_falls_on_each_day_and_each_hour(self) -> None:
        plan, random = Plan(MONDAY, 12, 1, "UTC", "UTC"), Random(1)
        drawn = [due_at(plan, TouchpointKind.REMINDER, 1, random) for _ in range(500)]
        moments = [in_zone(moment, "UTC") for moment in drawn]
        assert {moment.weekday() for moment in moments} == {1, 2, 3}
        assert {moment.hour for moment in moments} == set(range(FIRST_HOUR, LAST_HOUR + 1))
        assert len({moment.minute for moment in moments}) > 1


def at_work(moment: datetime, zone_name: str) -> bool:
    local = in_zone(moment, zone_name)
    return FIRST_HOUR <= local.hour <= LAST_HOUR and local.weekday() < 5


class TestLate:
    @given(plan=far_plans, kind=st.sampled_from(list(TouchpointKind)), now=moments)
    def test_is_never_before_now_and_within_a_few_days(
        self, plan: Plan, kind: TouchpointKind, now: datetime
    ) -> None:
        assert now <= late(plan, kind, now) < now + timedelta(days=5)

    @given(plan=far_plans, now=moments)
    def test_the_reminder_is_in_the_mentees_next_working_hours(
        self, plan: Plan, now: datetime
    ) -> None:
        moment = late(plan, TouchpointKind.REMINDER, now)
        assert at_work(moment, plan.mentee_zone)
        step, earlier = timedelta(minutes=20), now
        while earlier < moment:
            assert not at_work(earlier, plan.mentee_zone)
            earlier += step

    @given(plan=far_plans, kind=st.sampled_from(TOGETHER), now=moments)
    def test_the_rest_is_in_working_hours_of_both_when_they_share_any(
        self, plan: Plan, kind: TouchpointKind, now: datetime
    ) -> None:
        places = {plan.mentor_zone, plan.mentee_zone}
        moment = late(plan, kind, now)
        hour = now.replace(minute=0, second=0, microsecond=0)
        # a day that still has all its hours to come, as one half gone by may have none left
        soon = [hour + timedelta(hours=step) for step in range(24, 24 * 4)]
        if any(all(at_work(one, place) for place in places) for one in soon):
            assert all(at_work(moment, place) for place in places)
        else:
            assert all(in_zone(moment, place).weekday() < 5 for place in places)

    @given(plan=plans, hour=st.integers(7, 10), now=moments)
    def test_for_two_in_one_place_is_at_the_programs_hour_on_the_next_working_day(
        self, plan: Plan, hour: int, now: datetime
    ) -> None:
        plan = replace(plan, mentee_zone=plan.mentor_zone, hour=hour)
        moment = in_zone(late(plan, TouchpointKind.NUDGE, now), plan.mentor_zone)
        assert (moment.hour, moment.minute, moment.weekday() < 5) == (hour, 0, True)
        before = moment - timedelta(days=3 if moment.weekday() == 0 else 1)
        assert before < now


class TestPhase:
    @given(plan=plans)
    def test_goes_from_start_to_end_and_never_back(self, plan: Plan) -> None:
        order = ["start", "middle", "end"]
        phases = [order.index(phase(plan, number)) for number in range(1, plan.periods + 1)]
        assert phases == sorted(phases)
        assert phases[0] == 0

    @pytest.mark.parametrize("periods", [3, 6, 12, 24])
    def test_gives_each_third_its_own(self, periods: int) -> None:
        plan = Plan(MONDAY, periods, 1, "UTC", "UTC")
        phases = [phase(plan, number) for number in range(1, periods + 1)]
        third = periods // 3
        assert phases == ["start"] * third + ["middle"] * third + ["end"] * third


class TestPeriodAt:
    @given(plan=of_any_hour, kind=st.sampled_from(PERIODIC), seed=seeds, data=st.data())
    def test_is_the_period_of_what_is_due(
        self, plan: Plan, kind: TouchpointKind, seed: int, data: st.DataObject
    ) -> None:
        number = data.draw(st.integers(1, plan.periods))
        moment = due_at(plan, kind, number, Random(seed))
        assert moment is not None
        assert period_at(plan, moment) == number

    @given(plan=plans, days=st.integers(1, 500))
    def test_is_the_first_before_the_start_and_beyond_the_last_at_the_end(
        self, plan: Plan, days: int
    ) -> None:
        first = datetime.combine(plan.first_week_on, time(12), ZoneInfo(plan.mentor_zone))
        assert period_at(plan, first - timedelta(days=days)) == 1
        over = first + timedelta(weeks=plan.periods * plan.period_weeks, days=days)
        assert period_at(plan, over) > plan.periods
