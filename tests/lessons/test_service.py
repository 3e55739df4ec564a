import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import UserFacingError
from bot.lessons import service
from bot.lessons.service import Lesson
from bot.views.modals.lesson import Place
from models import Enrollment, EnrollmentState, Home, Person, Program, ProgramState, Role
from tests.applications import apply, change, reread
from tests.conftest import Clock
from tests.factories import Company

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def jo(company: Company) -> Person:
    return await company.person("Jo Young", level=1)


@pytest.fixture
async def robin(company: Company) -> Person:
    return await company.person("Robin Vega", level=3)


@pytest.fixture
async def program(company: Company, robin: Person) -> Program:
    return await company.program(robin)


@pytest.fixture
async def enrollment(company: Company, program: Program, jo: Person) -> Enrollment:
    return await apply(company, program, jo, state=EnrollmentState.ENROLLED)


async def resume(company: Company, person: Person, enrollment_id: int | None = None) -> Lesson:
    async with company.transaction() as session:
        return await service.resume(session, company.runtime, person, enrollment_id)


async def finish(company: Company, person: Person, enrollment: Enrollment, number: int) -> Lesson:
    async with company.transaction() as session:
        place = Place(enrollment.id, number)
        return await service.finish_card(session, company.runtime, person, place)


class TestResume:
    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    async def test_whoever_reads_keeps_nobody_waiting(
        self, company: Company, jo: Person, enrollment: Enrollment
    ) -> None:
        async with company.transaction() as session:
            await service.resume(session, company.runtime, jo)
            await asyncio.wait_for(change(company, enrollment, skips_match=True), timeout=10)

    async def test_begins_with_the_first_card(
        self, company: Company, jo: Person, enrollment: Enrollment
    ) -> None:
        found = await resume(company, jo)
        assert (found.enrollment.id, found.number) == (enrollment.id, 0)

    async def test_goes_on_at_the_first_unread_card(
        self, company: Company, jo: Person, enrollment: Enrollment
    ) -> None:
        await finish(company, jo, enrollment, 0)
        await finish(company, jo, enrollment, 1)
        assert (await resume(company, jo)).number == 2

    @ONE_ENGINE
    async def test_one_that_is_done_begins_anew(
        self, company: Company, jo: Person, enrollment: Enrollment, clock: Clock
    ) -> None:
        await change(company, enrollment, lesson_cards=5, lesson_done_at=clock())
        assert (await resume(company, jo)).number == 0

    @ONE_ENGINE
    async def test_of_several_the_one_that_is_not_done(
        self, company: Company, jo: Person, enrollment: Enrollment, clock: Clock
    ) -> None:
        newer = await company.program(name="Newer")
        done = {"state": EnrollmentState.ENROLLED, "lesson_cards": 5, "lesson_done_at": clock()}
        await apply(company, newer, jo, **done)
        assert (await resume(company, jo)).enrollment.id == enrollment.id

    @ONE_ENGINE
    async def test_of_a_library_with_fewer_cards_than_before(
        self, company: Company, jo: Person, enrollment: Enrollment
    ) -> None:
        await change(company, enrollment, lesson_cards=6)
        last = len(company.runtime.library.lessons["mentor"]) - 1
        assert (await resume(company, jo)).number == last

    @ONE_ENGINE
    @pytest.mark.parametrize(
        "state", [state for state in EnrollmentState if state is not EnrollmentState.ENROLLED]
    )
    async def test_somebody_who_takes_no_part(
        self, company: Company, jo: Person, enrollment: Enrollment, state: EnrollmentState
    ) -> None:
        await change(company, enrollment, state=state)
        for enrollment_id in (None, enrollment.id):
            with pytest.raises(UserFacingError, match="no_lesson"):
                await resume(company, jo, enrollment_id)

    @ONE_ENGINE
    @pytest.mark.parametrize("state", [ProgramState.CLOSING, ProgramState.CLOSED])
    async def test_a_program_that_is_over(
        self,
        company: Company,
        jo: Person,
        enrollment: Enrollment,
        program: Program,
        state: ProgramState,
    ) -> None:
        await change(company, program, state=state)
        with pytest.raises(UserFacingError, match="lesson_over"):
            await resume(company, jo, enrollment.id)

    @ONE_ENGINE
    async def test_somebody_elses_lesson(
        self, company: Company, robin: Person, enrollment: Enrollment
    ) -> None:
        with pytest.raises(UserFacingError, match="no_lesson"):
            await resume(company, robin, enrollment.id)


class TestFinishCard:
    async def test_notes_it_and_opens_the_next(
        self, company: Company, jo: Person, enrollment: Enrollment
    ) -> None:
        assert (await finish(company, jo, enrollment, 0)).number == 1
        kept = await reread(company, enrollment)
        assert (kept.lesson_cards, kept.lesson_done_at) == (1, None)

    @pytest.mark.parametrize("role", Role)
    async def test_the_last_card_is_the_end(
        self, company: Company, jo: Person, enrollment: Enrollment, role: Role, clock: Clock
    ) -> None:
        await change(company, enrollment, role=role)
        count = len(company.runtime.library.lessons[role.value])
        for number in range(count):
            assert (await reread(company, enrollment)).lesson_done_at is None
            assert (await finish(company, jo, enrollment, number)).number == number + 1
        assert (await reread(company, enrollment)).lesson_done_at == clock()

    @ONE_ENGINE
    async def test_reading_it_again_keeps_when_it_was_done(
        self, company: Company, jo: Person, enrollment: Enrollment, clock: Clock
    ) -> None:
        done_at = clock()
        await change(company, enrollment, lesson_cards=5, lesson_done_at=done_at)
        clock.forward(days=3)
        await finish(company, jo, enrollment, 0)
        await finish(company, jo, enrollment, 4)
        kept = await reread(company, enrollment)
        assert (kept.lesson_cards, kept.lesson_done_at) == (5, done_at)

    async def test_two_windows_at_once_take_nothing_back(
        self, company: Company, jo: Person, enrollment: Enrollment
    ) -> None:
        await asyncio.gather(*(finish(company, jo, enrollment, n) for n in (2, 0, 1, 0)))
        assert (await reread(company, enrollment)).lesson_cards == 3

    @ONE_ENGINE
    @settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(numbers=st.lists(st.integers(0, 6), min_size=1, max_size=6))
    async def test_in_whatever_order_the_count_never_falls(
        self, company: Company, jo: Person, enrollment: Enrollment, numbers: list[int]
    ) -> None:
        before = (await reread(company, enrollment)).lesson_cards
        for number in numbers:
            await finish(company, jo, enrollment, number)
            kept = await reread(company, enrollment)
            assert before <= kept.lesson_cards <= 5
            assert kept.lesson_cards >= min(number + 1, 5)
            before = kept.lesson_cards

    @ONE_ENGINE
    async def test_what_homes_show_is_outdated(
        self, company: Company, jo: Person, robin: Person, enrollment: Enrollment, clock: Clock
    ) -> None:
        async with company.transaction() as session:
            session.add_all(Home(person_id=person.id) for person in (jo, robin))
        await finish(company, jo, enrollment, 0)
        async with company.transaction() as session:
            for home_id in (1, 2):
                assert (await session.get_one(Home, home_id)).outdated_since == clock()

    @ONE_ENGINE
    async def test_somebody_who_has_left_meanwhile(
        self, company: Company, jo: Person, enrollment: Enrollment
    ) -> None:
        await change(company, enrollment, state=EnrollmentState.LEFT)
        with pytest.raises(UserFacingError, match="no_lesson"):
            await finish(company, jo, enrollment, 0)
        assert (await reread(company, enrollment)).lesson_cards == 0


class TestTurnBack:
    @ONE_ENGINE
    async def test_shows_the_card_before_and_keeps_the_count(
        self, company: Company, jo: Person, enrollment: Enrollment
    ) -> None:
        await finish(company, jo, enrollment, 0)
        async with company.transaction() as session:
            place = Place(enrollment.id, 0)
            found = await service.turn_back(session, company.runtime, jo, place)
        assert found.number == 0
        assert (await reread(company, enrollment)).lesson_cards == 1
