import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.programs.dates_service import follow_dates
from models import (
    EnrollmentState,
    Pair,
    PairState,
    Person,
    Program,
    ProgramState,
)
from tests.conftest import Clock
from tests.programs.conftest import Office

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
JOIN_BY = date(2026, 1, 14)
TAKING_PART = (
    EnrollmentState.APPLIED,
    EnrollmentState.TALKING,
    EnrollmentState.WAITLISTED,
    EnrollmentState.ENROLLED,
)


def on(clock: Clock, day: date) -> None:
    clock.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


async def program(office: Office, **columns: Any) -> Program:
    return await office.company.program(office.person, **{"join_by": JOIN_BY} | columns)


async def somebody(
    office: Office,
    of: Program,
    state: EnrollmentState = EnrollmentState.ENROLLED,
    level: int = 1,
) -> Person:
    person = await office.company.person(level=level)
    await office.company.enrol(of, person, state=state)
    return person


class TestReminder:
    async def test_two_days_before_the_last_day_all_can_still_step_out(
        self, office: Office, clock: Clock
    ) -> None:
        found = await program(office)
        people = {state: await somebody(office, found, state) for state in EnrollmentState}
        on(clock, date(2026, 1, 11))
        assert await follow_dates(office.runtime) == 0
        on(clock, date(2026, 1, 12))
        assert await follow_dates(office.runtime) == 1
        for state, person in people.items():
            assert await office.told(person) == ["deadline"] * (state in TAKING_PART), state
        assert (await office.now(found)).state is ProgramState.ENROLLING

    @ONE_ENGINE
    async def test_says_nothing_that_is_untrue_of_somebody(
        self, office: Office, clock: Clock
    ) -> None:
        found = await program(office)
        stories: dict[str, dict[str, Any]] = {
            "program.deadline": {},
            "program.deadline_undecided": {"state": EnrollmentState.APPLIED},
            "program.deadline_waitlisted": {"state": EnrollmentState.WAITLISTED},
            "program.deadline_aside": {"paused_since": date(2026, 1, 7)},
        }
        people = {key: await office.company.person() for key in stories}
        for key, person in people.items():
            await office.company.enrol(found, person, **stories[key])
        on(clock, date(2026, 1, 12))
        await follow_dates(office.runtime)
        await office.posts(office.channel)
        for key, person in people.items():
            member = office.company.member(person)
            [told] = member.messages(member.direct())
            said = office.runtime.library.say(key, program="Fresh Eyes", day="14 January 2026")
            assert told["text"] == said

    async def test_once_by_however_many_copies(self, office: Office, clock: Clock) -> None:
        found = await program(office)
        jo = await somebody(office, found)
        on(clock, date(2026, 1, 13))
        assert sum(await asyncio.gather(*(follow_dates(office.runtime) for _ in range(3)))) == 1
        assert await follow_dates(office.runtime) == 0
        assert await office.told(jo) == ["deadline"]

    @ONE_ENGINE
    async def test_again_when_the_day_is_moved(self, office: Office, clock: Clock) -> None:
        found = await program(office)
        jo = await somebody(office, found)
        on(clock, date(2026, 1, 13))
        await follow_dates(office.runtime)
        await office.edit(found, starts_on=date(2026, 2, 2), join_by=date(2026, 1, 28))
        assert await follow_dates(office.runtime) == 0
        on(clock, date(2026, 1, 26))
        assert await follow_dates(office.runtime) == 1
        assert await office.told(jo) == ["deadline", "program_changed", "deadline"]

    @ONE_ENGINE
    async def test_not_while_the_program_rests(self, office: Office, clock: Clock) -> None:
        found = await program(office, paused_at=clock())
        jo = await somebody(office, found)
        for day in (date(2026, 1, 13), date(2026, 1, 15)):
            on(clock, day)
            assert await follow_dates(office.runtime) == 0
        assert await office.told(jo) == []


class TestEndOfEnrollment:
    async def test_the_managers_hear_how_many_there_are(self, office: Office, clock: Clock) -> None:
        found = await program(office)
        for state, level in (
            (EnrollmentState.ENROLLED, 1),
            (EnrollmentState.ENROLLED, 1),
            (EnrollmentState.ENROLLED, 6),
            (EnrollmentState.APPLIED, 6),
            (EnrollmentState.TALKING, 1),
            (EnrollmentState.DECLINED, 1),
        ):
            await somebody(office, found, state, level)
        on(clock, JOIN_BY)
        await follow_dates(office.runtime)
        assert (await office.now(found)).state is ProgramState.ENROLLING
        on(clock, date(2026, 1, 15))
        assert await follow_dates(office.runtime) == 1
        assert (await office.now(found)).state is ProgramState.MATCHING
        robin = office.company.member(office.person)
        await office.posts(office.channel)
        said = str(robin.messages(robin.direct())[-1]["blocks"])
        assert "2 mentors and 1 mentee" in said
        assert "2 applications" in said
        assert await follow_dates(office.runtime) == 0

    @ONE_ENGINE
    async def test_a_program_without_a_last_day_stays_open(
        self, office: Office, clock: Clock
    ) -> None:
        found = await program(office, join_by=None)
        on(clock, date(2026, 6, 1))
        assert await follow_dates(office.runtime) == 0
        assert (await office.now(found)).state is ProgramState.ENROLLING


class TestEnd:
    """Twelve weeks from 19 January are over on 13 April."""

    @pytest.mark.parametrize(
        ("day", "pair", "state"),
        [
            (date(2026, 4, 12), PairState.COMPLETED, ProgramState.RUNNING),
            (date(2026, 4, 13), PairState.COMPLETED, ProgramState.CLOSING),
            (date(2026, 4, 13), PairState.ENDED, ProgramState.CLOSING),
            (date(2026, 4, 13), PairState.ACTIVE, ProgramState.RUNNING),
            (date(2026, 4, 13), PairState.RESTING, ProgramState.RUNNING),
            (date(2026, 4, 13), PairState.OPENING, ProgramState.RUNNING),
            (date(2026, 4, 13), PairState.PAUSED, ProgramState.CLOSING),
        ],
    )
    @ONE_ENGINE
    async def test_comes_when_no_pair_lives_any_more(
        self, office: Office, clock: Clock, day: date, pair: PairState, state: ProgramState
    ) -> None:
        found = await program(office, state=ProgramState.RUNNING)
        mentor, mentee = await somebody(office, found), await somebody(office, found, level=6)
        await office.company.pair(found, mentor, mentee, state=pair)
        on(clock, day)
        await follow_dates(office.runtime)
        assert (await office.now(found)).state is state

    @ONE_ENGINE
    async def test_whoever_has_no_partner_hears_of_it_now_and_not_again(
        self, office: Office, clock: Clock
    ) -> None:
        found = await program(office, state=ProgramState.RUNNING)
        mentor, mentee = await somebody(office, found), await somebody(office, found, level=6)
        await office.company.pair(found, mentor, mentee, state=PairState.COMPLETED)
        alone = await somebody(office, found)
        on(clock, date(2026, 4, 13))
        await follow_dates(office.runtime)
        assert [await office.told(one) for one in (alone, mentor)] == [["closed"], []]
        on(clock, date(2026, 4, 28))
        await follow_dates(office.runtime)
        assert [await office.told(one) for one in (alone, mentor)] == [["closed"], ["closed"]]

    async def test_the_managers_know_until_when(self, office: Office, clock: Clock) -> None:
        found = await program(office, state=ProgramState.RUNNING)
        on(clock, date(2026, 4, 13))
        assert await follow_dates(office.runtime) == 1
        assert (await office.now(found)).closes_on == date(2026, 4, 27)
        assert await office.told(office.person) == ["closing"]

    @ONE_ENGINE
    async def test_waits_while_people_can_still_join(self, office: Office, clock: Clock) -> None:
        found = await program(office, state=ProgramState.RUNNING, join_by=date(2026, 4, 20))
        on(clock, date(2026, 4, 13))
        assert await follow_dates(office.runtime) == 0
        assert (await office.now(found)).state is ProgramState.RUNNING


class TestBeforeTheEnd:
    """The last week of the twelve begins on 6 April."""

    async def test_the_managers_hear_once_of_applications_that_wait(
        self, office: Office, clock: Clock
    ) -> None:
        found = await program(office, state=ProgramState.RUNNING)
        mentor, mentee = await somebody(office, found), await somebody(office, found, level=6)
        await office.company.pair(found, mentor, mentee, state=PairState.ACTIVE)
        await somebody(office, found, EnrollmentState.APPLIED)
        for day, kinds in ((5, []), (6, ["undecided"]), (7, ["undecided"])):
            on(clock, date(2026, 4, day))
            assert await follow_dates(office.runtime) == (day == 6)
            assert await office.told(office.person) == kinds

    @ONE_ENGINE
    async def test_not_where_each_has_its_answer(self, office: Office, clock: Clock) -> None:
        found = await program(office, state=ProgramState.RUNNING)
        mentor, mentee = await somebody(office, found), await somebody(office, found, level=6)
        await office.company.pair(found, mentor, mentee, state=PairState.ACTIVE)
        on(clock, date(2026, 4, 12))
        assert await follow_dates(office.runtime) == 0


class TestClosing:
    async def test_a_pair_that_nobody_has_decided_on_ends_with_the_program(
        self, office: Office, clock: Clock
    ) -> None:
        found = await program(office, state=ProgramState.RUNNING)
        mentor, mentee = await somebody(office, found), await somebody(office, found, level=6)
        pair = await office.company.pair(found, mentor, mentee, state=PairState.PAUSED)
        for day, state in (
            (date(2026, 4, 13), PairState.PAUSED),
            (date(2026, 4, 27), PairState.PAUSED),
            (date(2026, 4, 28), PairState.ENDED),
        ):
            on(clock, day)
            await follow_dates(office.runtime)
            async with office.company.transaction() as session:
                assert (await session.get_one(Pair, pair.id)).state is state
        assert (await office.now(found)).state is ProgramState.CLOSED

    async def test_all_are_thanked_and_the_unmatched_told_what_next(
        self, office: Office, clock: Clock
    ) -> None:
        found = await program(office, state=ProgramState.CLOSING, closes_on=date(2026, 4, 27))
        mentor, mentee = await somebody(office, found), await somebody(office, found, level=6)
        waits = await somebody(office, found, EnrollmentState.WAITLISTED)
        left = await somebody(office, found, EnrollmentState.LEFT)
        pair = await office.company.pair(found, mentor, mentee, state=PairState.CLOSING)
        on(clock, date(2026, 4, 27))
        assert await follow_dates(office.runtime) == 0
        on(clock, date(2026, 4, 28))
        assert await follow_dates(office.runtime) == 1
        assert (await office.now(found)).state is ProgramState.CLOSED
        async with office.company.transaction() as session:
            assert (await session.get_one(Pair, pair.id)).state is PairState.ENDED
        await office.posts(office.channel)
        say = office.runtime.library.say
        for person, key in (
            (mentor, "program.last_thanks"),
            (mentee, "program.last_thanks"),
            (waits, "program.last_no_seat"),
        ):
            member = office.company.member(person)
            [told] = member.messages(member.direct())
            assert told["text"] == say(key, program="Fresh Eyes")
        assert await office.told(left) == []
        assert await follow_dates(office.runtime) == 0


class TestWithoutManager:
    async def test_the_admin_channel_is_told_once_a_month(
        self, office: Office, clock: Clock
    ) -> None:
        found = await program(office, join_by=None)
        async with office.company.transaction() as session:
            (await session.get_one(Person, office.person.id)).active = False
        member = office.company.member(office.person)
        for day, times in ((5, 1), (6, 1), (31, 1)):
            on(clock, date(2026, 1, day))
            await follow_dates(office.runtime)
            await office.posts(office.channel)
            assert len(member.messages(found.admin_channel_id)) == times
        on(clock, date(2026, 2, 1))
        assert await follow_dates(office.runtime) == 1
        await office.posts(office.channel)
        assert "/mentoring program edit" in member.messages(found.admin_channel_id)[-1]["text"]

    @ONE_ENGINE
    async def test_not_of_one_that_is_closed(self, office: Office) -> None:
        await office.company.program(state=ProgramState.CLOSED)
        assert await follow_dates(office.runtime) == 0


@ONE_ENGINE
class TestFollowDates:
    async def test_homes_of_all_concerned_are_made_anew(self, office: Office, clock: Clock) -> None:
        found = await program(office)
        jo, other = await somebody(office, found), await office.company.person()
        await office.has_home(office.person, jo, other)
        on(clock, date(2026, 1, 15))
        await follow_dates(office.runtime)
        assert await office.outdated() == {office.person.id, jo.id}
