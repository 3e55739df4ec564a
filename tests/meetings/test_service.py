import asyncio

import pytest
from sqlalchemy import select

from bot.errors import UserFacingError
from bot.meetings import service
from bot.pairs import service as pairs
from models import Home, Meeting, Pair, PairState, Person
from tests.conftest import Clock
from tests.factories import Company

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def people(company: Company) -> tuple[Person, Person]:
    return await company.person("Jo Young", level=1), await company.person("Lena Boss", level=6)


@pytest.fixture
async def pair(company: Company, people: tuple[Person, Person]) -> Pair:
    pair = await company.pair(await company.program(), *people)
    assert await pairs.open_spaces(company.runtime) == 1
    return pair


async def report(company: Company, person: Person, pair_id: int, number: int) -> int:
    async with company.transaction() as session:
        return await service.report(session, company.runtime, person, pair_id, number)


async def meetings(company: Company) -> list[Meeting]:
    async with company.transaction() as session:
        return list(await session.scalars(select(Meeting).order_by(Meeting.number)))


class TestReport:
    async def test_counts_a_meeting_of_each_period_once(
        self, company: Company, people: tuple[Person, ...], pair: Pair
    ) -> None:
        mentor, mentee = people
        held = [
            await report(company, person, pair.id, number)
            for person, number in ((mentor, 1), (mentee, 1), (mentor, 1), (mentee, 3), (mentor, 2))
        ]
        assert held == [1, 1, 1, 2, 3]
        assert [meeting.number for meeting in await meetings(company)] == [1, 2, 3]

    async def test_both_see_it_on_their_homes(
        self, company: Company, people: tuple[Person, ...], pair: Pair, clock: Clock
    ) -> None:
        async with company.transaction() as session:
            session.add_all(Home(person_id=person.id) for person in people)
        await report(company, people[0], pair.id, 1)
        async with company.transaction() as session:
            since = (await session.scalars(select(Home.outdated_since))).all()
        assert since == [clock.now, clock.now]

    @ONE_ENGINE
    async def test_does_not_count_another_pairs(
        self, company: Company, people: tuple[Person, ...], pair: Pair
    ) -> None:
        others = await company.person(level=2), await company.person(level=5)
        another = await company.pair(await company.program(name="Another"), *others)
        await pairs.open_spaces(company.runtime)
        assert await report(company, others[0], another.id, 1) == 1
        assert await report(company, people[0], pair.id, 1) == 1

    async def test_both_at_once_are_one_meeting(
        self, company: Company, people: tuple[Person, ...], pair: Pair
    ) -> None:
        held = await asyncio.gather(*(report(company, person, pair.id, 1) for person in people * 3))
        assert set(held) == {1}
        assert len(await meetings(company)) == 1

    @ONE_ENGINE
    async def test_keeps_when_and_not_who(
        self, company: Company, people: tuple[Person, ...], pair: Pair, clock: Clock
    ) -> None:
        clock.forward(days=20)
        await report(company, people[1], pair.id, 1)
        [meeting] = await meetings(company)
        assert meeting.reported_at == clock.now
        kept = {column.name for column in Meeting.__table__.columns}
        assert kept == {"id", "workspace_id", "pair_id", "number", "reported_at"}

    async def test_others_are_refused(self, company: Company, pair: Pair) -> None:
        other = await company.person("Nosy Parker", level=6)
        with pytest.raises(UserFacingError, match="not_your_pair"):
            await report(company, other, pair.id, 1)
        assert await meetings(company) == []

    @ONE_ENGINE
    async def test_a_pair_nobody_knows_is_nobodys(
        self, company: Company, people: tuple[Person, ...]
    ) -> None:
        with pytest.raises(UserFacingError, match="not_your_pair"):
            await report(company, people[0], 404, 1)

    @ONE_ENGINE
    async def test_a_pair_that_is_paused_is_told_so(
        self, company: Company, people: tuple[Person, ...], pair: Pair
    ) -> None:
        async with company.transaction() as session:
            (await session.get_one(Pair, pair.id)).state = PairState.PAUSED
        with pytest.raises(UserFacingError, match="pair_paused"):
            await report(company, people[0], pair.id, 1)
        assert await meetings(company) == []

    @ONE_ENGINE
    async def test_the_last_meeting_may_come_after_the_farewell(
        self, company: Company, people: tuple[Person, ...], pair: Pair
    ) -> None:
        async with company.transaction() as session:
            (await session.get_one(Pair, pair.id)).state = PairState.COMPLETED
        assert await report(company, people[0], pair.id, 12) == 1

    @ONE_ENGINE
    @pytest.mark.parametrize("number", [-5, 0, 13, 2**62])
    async def test_of_no_period_of_the_program_is_refused(
        self, company: Company, people: tuple[Person, ...], pair: Pair, number: int
    ) -> None:
        with pytest.raises(UserFacingError, match="meeting_out_of_place"):
            await report(company, people[0], pair.id, number)
        assert await meetings(company) == []
