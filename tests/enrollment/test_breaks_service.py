import asyncio
from datetime import date, datetime

import pytest
from sqlalchemy import select

from bot.enrollment import breaks_service as breaks
from bot.enrollment import service
from bot.errors import UserFacingError
from bot.views.enrollment_messages import Skipped
from models import (
    Delivery,
    DeliveryState,
    EnrollmentState,
    Pair,
    PairState,
    Person,
    Program,
    ProgramState,
)
from tests.conftest import Clock
from tests.enrollment.conftest import Desk
from tests.factories import Company

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TODAY, UNTIL = date(2026, 1, 5), date(2026, 2, 1)


async def pause(company: Company, person: Person, until: date | None = None) -> None:
    async with company.transaction() as session:
        await breaks.pause(session, company.runtime, person, until)


async def resume(company: Company, person: Person) -> list[str]:
    """The programs in which there is another break."""
    async with company.transaction() as session:
        found = await breaks.resume(session, company.runtime, person)
    return [program.name for program in found]


async def skip(company: Company, person: Person, **where: object) -> Skipped:
    async with company.transaction() as session:
        return await breaks.skip(session, company.runtime, person, **where)


async def state_of(company: Company, pair: Pair) -> PairState:
    async with company.transaction() as session:
        return (await session.get_one(Pair, pair.id)).state


async def pair_up(
    company: Company, mentor: Person, program: Program, channel_id: str = "C1"
) -> Pair:
    mentee = await company.person(level=6)
    for person in (mentor, mentee):
        await company.enrol(program, person)
    state = PairState.ACTIVE
    return await company.pair(program, mentor, mentee, state=state, channel_id=channel_id)


async def breaks_of(desk: Desk, person: Person) -> list[tuple[date | None, date | None]]:
    return [
        (one.paused_since, one.paused_until)
        for one in await desk.enrollments()
        if one.person_id == person.id
    ]


class TestPause:
    async def test_is_for_all_programs_and_pairs(self, company: Company, desk: Desk) -> None:
        person = await company.person(level=1)
        running = await company.program(name="Running", state=ProgramState.RUNNING)
        pair = await pair_up(company, person, running)
        waiting = await company.program(name="Waiting")
        await company.enrol(waiting, person, state=EnrollmentState.WAITLISTED)
        await pause(company, person, UNTIL)
        assert await breaks_of(desk, person) == [(TODAY, UNTIL)] * 2
        assert await state_of(company, pair) is PairState.RESTING
        await resume(company, person)
        assert await breaks_of(desk, person) == [(None, None)] * 2
        assert await state_of(company, pair) is PairState.ACTIVE

    @ONE_ENGINE
    async def test_again_changes_until_when_it_lasts(
        self, company: Company, desk: Desk, clock: Clock
    ) -> None:
        person = await company.person()
        await company.enrol(await company.program(), person)
        await pause(company, person, UNTIL)
        clock.forward(days=3)
        await pause(company, person)
        assert await breaks_of(desk, person) == [(TODAY, None)]

    @ONE_ENGINE
    async def test_leaves_alone_what_one_is_out_of(self, company: Company, desk: Desk) -> None:
        person = await company.person()
        await company.enrol(await company.program(name="In"), person)
        for state in (EnrollmentState.LEFT, EnrollmentState.DECLINED):
            await company.enrol(await company.program(name=state.value), person, state=state)
        await pause(company, person)
        since = [one.paused_since for one in await desk.enrollments()]
        assert since == [TODAY, None, None]

    @pytest.mark.parametrize("day", [TODAY, date(2025, 12, 31)])
    @ONE_ENGINE
    async def test_ends_after_today(self, company: Company, day: date) -> None:
        person = await company.person()
        await company.enrol(await company.program(), person)
        with pytest.raises(UserFacingError) as refused:
            await pause(company, person, day)
        assert (refused.value.key, refused.value.field) == ("pause_day_past", "until")

    @ONE_ENGINE
    async def test_of_nothing(self, company: Company) -> None:
        person = await company.person()
        closed = await company.program(state=ProgramState.CLOSED)
        await company.enrol(closed, person)
        with pytest.raises(UserFacingError, match="nothing_to_pause"):
            await pause(company, person)

    @ONE_ENGINE
    async def test_the_form_knows_the_day(self, company: Company) -> None:
        person = await company.person()
        await company.enrol(await company.program(), person)

        async def shown() -> date | None:
            async with company.transaction() as session:
                return await breaks.under_way(session, person)

        assert await shown() is None
        await pause(company, person, UNTIL)
        assert await shown() == UNTIL


class TestResume:
    @ONE_ENGINE
    async def test_without_a_break_says_so(self, company: Company) -> None:
        person = await company.person()
        await company.enrol(await company.program(), person)
        with pytest.raises(UserFacingError, match="not_on_break"):
            await resume(company, person)

    @ONE_ENGINE
    async def test_undoes_skipping_the_match(self, company: Company, desk: Desk) -> None:
        person = await company.person()
        await company.enrol(await company.program(), person)
        await skip(company, person)
        await resume(company, person)
        [enrolled] = await desk.enrollments()
        assert not enrolled.skips_match

    async def test_names_the_programs_in_which_there_is_another_break(
        self, company: Company
    ) -> None:
        person, now = await company.person(level=1), company.runtime.clock()
        await company.enrol(await company.program(name="Paused", paused_at=now), person)
        await company.enrol(await company.program(name="Going on"), person)
        running = await company.program(name="Running", state=ProgramState.RUNNING)
        pair = await pair_up(company, person, running)
        async with company.transaction() as session:
            mentee = await session.get_one(Person, pair.mentee_id)
        await pause(company, mentee)
        await pause(company, person)
        assert await resume(company, person) == ["Running", "Paused"]
        await resume(company, mentee)
        await pause(company, person)
        assert await resume(company, person) == ["Paused"]


class TestResumeDue:
    async def test_the_channel_hears_of_it_with_the_person_and_not_at_night(
        self, company: Company, desk: Desk, clock: Clock
    ) -> None:
        person = await company.person(level=1, time_zone="America/New_York")
        program = await company.program(state=ProgramState.RUNNING)
        pair = await pair_up(company, person, program)
        await pause(company, person, date(2026, 2, 3))
        clock.forward(days=1)
        await desk.told(person)  # and the channel
        clock.now = datetime(2026, 2, 3, 0, 5, tzinfo=clock.now.tzinfo)
        assert await breaks.resume_due(company.runtime) == 1
        assert await state_of(company, pair) is PairState.ACTIVE
        async with company.transaction() as session:
            waiting = (Delivery.state == DeliveryState.DUE, Delivery.not_before > clock.now)
            rows = await session.scalars(
                select(Delivery).where(*waiting).order_by(Delivery.not_before)
            )
            kinds = {row.kind: row.not_before.hour for row in rows}
        assert kinds == {"back": 15, "pair_goes_on": 15}

    @ONE_ENGINE
    async def test_a_new_break_before_the_morning_says_nothing_of_the_last_ones_end(
        self, company: Company, desk: Desk, clock: Clock
    ) -> None:
        person = await company.person()
        await company.enrol(await company.program(), person)
        await pause(company, person, UNTIL)
        clock.now = datetime(2026, 2, 1, 0, 5, tzinfo=clock.now.tzinfo)
        await breaks.resume_due(company.runtime)
        await pause(company, person)
        clock.forward(hours=12)
        assert await desk.told(person) == []

    async def test_ends_the_break_on_its_day(
        self, company: Company, desk: Desk, clock: Clock
    ) -> None:
        person, other = await company.person(), await company.person()
        program = await company.program()
        for one, until in ((person, UNTIL), (other, None)):
            await company.enrol(program, one)
            await pause(company, one, until)
        clock.now = datetime(2026, 1, 31, 23, tzinfo=clock.now.tzinfo)
        assert await breaks.resume_due(company.runtime) == 0
        clock.now = datetime(2026, 2, 1, 0, 5, tzinfo=clock.now.tzinfo)
        assert await breaks.resume_due(company.runtime) == 1
        assert await breaks_of(desk, person) == [(None, None)]
        assert await breaks_of(desk, other) == [(TODAY, None)]
        assert await breaks.resume_due(company.runtime) == 0
        assert await desk.told(person) == [], "at five past midnight nobody is written to"
        clock.forward(hours=10)
        assert await desk.told(person) == [desk.say("pause.back")]

    async def test_several_tickers_say_it_once(
        self, company: Company, desk: Desk, clock: Clock
    ) -> None:
        person = await company.person()
        await company.enrol(await company.program(), person)
        await pause(company, person, UNTIL)
        clock.forward(days=60)
        await asyncio.gather(*(breaks.resume_due(company.runtime) for _ in range(3)))
        clock.forward(hours=12)
        assert await desk.told(person) == [desk.say("pause.back")]

    @ONE_ENGINE
    async def test_a_break_in_a_program_one_has_left_is_nobodys(
        self, company: Company, desk: Desk, clock: Clock
    ) -> None:
        person, program = await company.person(), await company.program()
        await company.enrol(program, person)
        await pause(company, person, UNTIL)
        async with company.transaction() as session:
            await service.leave(session, company.runtime, person, program.id)
        clock.forward(days=60)
        assert await breaks.resume_due(company.runtime) == 0

    @ONE_ENGINE
    async def test_a_break_in_a_program_that_is_over_is_nobodys(
        self, company: Company, desk: Desk, clock: Clock
    ) -> None:
        person, program = await company.person(), await company.program()
        await company.enrol(program, person)
        await pause(company, person, UNTIL)
        await desk.change(program, state=ProgramState.CLOSED)
        clock.forward(days=60)
        assert await breaks.resume_due(company.runtime) == 0


class TestSkip:
    async def test_who_waits_skips_the_match(self, company: Company, desk: Desk) -> None:
        person = await company.person()
        for name in ("One", "Two"):
            await company.enrol(await company.program(name=name), person)
        for _ in range(2):
            skipped = await skip(company, person)
            assert [program.name for program in skipped.programs] == ["Two", "One"]
            assert not skipped.in_pair
        assert [one.skips_match for one in await desk.enrollments()] == [True, True]

    @pytest.mark.parametrize(
        "state", [EnrollmentState.APPLIED, EnrollmentState.TALKING, EnrollmentState.WAITLISTED]
    )
    @ONE_ENGINE
    async def test_who_is_not_in_yet_has_no_match_to_skip(
        self, company: Company, desk: Desk, state: EnrollmentState
    ) -> None:
        person = await company.person()
        await company.enrol(await company.program(), person, state=state)
        with pytest.raises(UserFacingError, match="nothing_to_skip"):
            await skip(company, person)
        assert not (await desk.enrollments())[0].skips_match

    @ONE_ENGINE
    async def test_in_one_program_if_it_is_named(self, company: Company, desk: Desk) -> None:
        person = await company.person()
        programs = [await company.program(name=name) for name in ("One", "Two")]
        for program in programs:
            await company.enrol(program, person)
        await skip(company, person, program_id=programs[0].id)
        assert [one.skips_match for one in await desk.enrollments()] == [True, False]

    @ONE_ENGINE
    async def test_the_only_pair_skips_its_meeting(self, company: Company, desk: Desk) -> None:
        person = await company.person(level=1)
        program = await company.program(state=ProgramState.RUNNING)
        await pair_up(company, person, program)
        assert (await skip(company, person)).in_pair
        assert not any(one.skips_match for one in await desk.enrollments())

    @ONE_ENGINE
    async def test_of_several_the_one_whose_channel_it_is(self, company: Company) -> None:
        person = await company.person(level=1)
        for name in ("One", "Two"):
            program = await company.program(name=name, state=ProgramState.RUNNING)
            await pair_up(company, person, program, f"C{name}")
        with pytest.raises(UserFacingError, match="skip_which"):
            await skip(company, person)
        skipped = await skip(company, person, channel_id="CTwo")
        assert [program.name for program in skipped.programs] == ["Two"]

    @pytest.mark.parametrize(
        ("state", "refusal"),
        [
            (PairState.OPENING, "pair_opening"),
            (PairState.RESTING, "pair_resting"),
            (PairState.PAUSED, "pair_paused"),
            (PairState.CLOSING, "pair_closing"),
        ],
    )
    @ONE_ENGINE
    async def test_of_a_pair_that_hears_nothing_says_why_there_is_nothing_to_skip(
        self, company: Company, desk: Desk, state: PairState, refusal: str
    ) -> None:
        person = await company.person(level=1)
        running = await company.program(name="Running", state=ProgramState.RUNNING)
        pair = await pair_up(company, person, running)
        async with company.transaction() as session:
            (await session.get_one(Pair, pair.id)).state = state
        for where in ({"channel_id": "C1"}, {"program_id": running.id}, {}):
            with pytest.raises(UserFacingError, match=refusal):
                await skip(company, person, **where)
        await company.enrol(await company.program(name="Waiting"), person)
        with pytest.raises(UserFacingError, match=refusal):
            await skip(company, person, channel_id="C1")
        assert not any(one.skips_match for one in await desk.enrollments())
        skipped = await skip(company, person)
        assert [program.name for program in skipped.programs] == ["Waiting"]

    @ONE_ENGINE
    async def test_a_pair_and_a_match_are_two_things(self, company: Company, desk: Desk) -> None:
        person = await company.person(level=1)
        running = await company.program(name="Running", state=ProgramState.RUNNING)
        await pair_up(company, person, running)
        waiting = await company.program(name="Waiting")
        await company.enrol(waiting, person)
        with pytest.raises(UserFacingError, match="skip_which"):
            await skip(company, person)
        assert not (await skip(company, person, program_id=waiting.id)).in_pair
        assert (await skip(company, person, program_id=running.id)).in_pair

    @ONE_ENGINE
    async def test_of_nothing(self, company: Company) -> None:
        person = await company.person()
        closing = await company.program(state=ProgramState.CLOSING)
        await company.enrol(closing, person)
        with pytest.raises(UserFacingError, match="nothing_to_skip"):
            await skip(company, person)
