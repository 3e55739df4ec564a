from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from sqlalchemy import select, text

from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.goals import service
from bot.pairs import service as pairs
from bot.views.modals.goal import PARTS, NewGoal
from models import Goal, Home, Pair, PairState, Person
from tests.conftest import Clock
from tests.factories import Company

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORDS = {part: f"a {part} sentence <of> ours & more" for part in PARTS}

FORMS = count(1)


@pytest.fixture
async def people(company: Company) -> tuple[Person, Person]:
    return await company.person("Jo Young", level=1), await company.person("Lena Boss", level=6)


@pytest.fixture
async def pair(company: Company, people: tuple[Person, Person]) -> Pair:
    """Active for twelve weeks from 19 January, so up to 12 April."""
    pair = await company.pair(await company.program(), *people)
    assert await pairs.open_spaces(company.runtime) == 1
    await delivery.send_due(company.runtime)
    async with company.transaction() as session:
        return await session.get_one(Pair, pair.id)


async def set_goal(
    company: Company,
    person: Person,
    pair_id: int,
    due_on: date = date(2026, 3, 2),
    form_id: str = "",
) -> None:
    async with company.transaction() as session:
        form_id = form_id or f"V{next(FORMS)}"
        wanted = NewGoal(form_id=form_id, pair_id=pair_id, due_on=due_on, **WORDS)
        await service.set_goal(session, company.runtime, person, wanted)


async def goals(company: Company) -> list[Goal]:
    async with company.transaction() as session:
        return list(await session.scalars(select(Goal)))


class TestSetGoal:
    async def test_both_see_it_on_their_homes(
        self, company: Company, people: tuple[Person, ...], pair: Pair, clock: Clock
    ) -> None:
        async with company.transaction() as session:
            session.add_all(Home(person_id=person.id) for person in people)
        await set_goal(company, people[0], pair.id)
        async with company.transaction() as session:
            since = (await session.scalars(select(Home.outdated_since))).all()
        assert since == [clock.now, clock.now]

    async def test_of_a_form_sent_twice_is_one(
        self, company: Company, people: tuple[Person, ...], pair: Pair
    ) -> None:
        for _ in range(2):
            await set_goal(company, people[0], pair.id, form_id="V1")
        assert len(await goals(company)) == 1

    async def test_is_kept_sealed(self, company: Company, people: tuple[Person, ...], pair: Pair):
        await set_goal(company, people[0], pair.id)
        [goal] = await goals(company)
        assert goal.due_on == date(2026, 3, 2)
        for part in PARTS:
            sealed = getattr(goal, part)
            assert b"sentence" not in sealed
            context = f"goal:{company.workspace_id}:{part}"
            assert company.runtime.vault.open(sealed, context) == WORDS[part]
        async with company.runtime.database.engine.connect() as connection:
            row = (await connection.execute(text("SELECT * FROM goal"))).one()
        assert "sentence" not in str([bytes(one) if isinstance(one, bytes) else one for one in row])

    @pytest.mark.parametrize("author", [0, 1], ids=["mentor", "mentee"])
    @ONE_ENGINE
    async def test_is_posted_to_the_pair_once_with_what_was_typed(
        self, company: Company, people: tuple[Person, ...], pair: Pair, author: int
    ) -> None:
        await set_goal(company, people[author], pair.id)
        assert await delivery.send_due(company.runtime) == 1
        assert pair.channel_id is not None
        posted = str(company.member(people[1]).messages(pair.channel_id)[-1]["blocks"])
        assert "a learning sentence &lt;of&gt; ours &amp; more" in posted
        partner = people[1 - author].slack_user_id
        assert f"<@{partner}>" in posted
        assert await delivery.send_due(company.runtime) == 0

    @ONE_ENGINE
    async def test_a_pair_may_have_several(
        self, company: Company, people: tuple[Person, ...], pair: Pair
    ) -> None:
        for person in people:
            await set_goal(company, person, pair.id)
        assert len(await goals(company)) == 2
        assert await delivery.send_due(company.runtime) == 2

    @pytest.mark.parametrize(
        ("due_on", "key"),
        [
            (date(2026, 1, 4), "due_in_past"),
            (date(2026, 1, 5), "due_in_past"),
            (date(2026, 4, 13), "due_after_end"),
        ],
    )
    @ONE_ENGINE
    async def test_a_day_that_cannot_be_stands_beside_its_field(
        self, company: Company, people: tuple[Person, ...], pair: Pair, due_on: date, key: str
    ) -> None:
        with pytest.raises(UserFacingError) as refused:
            await set_goal(company, people[0], pair.id, due_on)
        assert (refused.value.key, refused.value.field) == (key, "due_on")
        assert await goals(company) == []

    @pytest.mark.parametrize("due_on", [date(2026, 1, 6), date(2026, 4, 12)])
    @ONE_ENGINE
    async def test_the_first_and_the_last_possible_day(
        self, company: Company, people: tuple[Person, ...], pair: Pair, due_on: date
    ) -> None:
        await set_goal(company, people[0], pair.id, due_on)
        assert [goal.due_on for goal in await goals(company)] == [due_on]

    async def test_others_are_refused(self, company: Company, pair: Pair) -> None:
        other = await company.person("Nosy Parker", level=1)
        with pytest.raises(UserFacingError, match="not_your_pair"):
            await set_goal(company, other, pair.id)
        assert await goals(company) == []

    @pytest.mark.parametrize(
        ("state", "key"), [(PairState.COMPLETED, "pair_ended"), (PairState.PAUSED, "pair_paused")]
    )
    @ONE_ENGINE
    async def test_a_pair_that_is_over_or_paused_is_told_so(
        self, company: Company, people: tuple[Person, ...], pair: Pair, state: PairState, key: str
    ) -> None:
        async with company.transaction() as session:
            (await session.get_one(Pair, pair.id)).state = state
        with pytest.raises(UserFacingError, match=key):
            await set_goal(company, people[0], pair.id)
        assert await goals(company) == []


class TestLastDay:
    @ONE_ENGINE
    async def test_is_the_sunday_of_the_last_week(
        self, company: Company, people: tuple[Person, ...], pair: Pair, clock: Clock
    ) -> None:
        async with company.transaction() as session:
            wanted = NewGoal(form_id="V0", pair_id=pair.id, due_on=date(2026, 3, 2), **WORDS)
            found = await service.set_goal(session, company.runtime, people[0], wanted)
        last = service.last_day(found)
        assert last == date(2026, 4, 12)
        assert last.weekday() == 6
        shorter = replace(found, pair=found.pair)
        shorter.program.weeks = 1
        assert service.last_day(shorter) == date(2026, 1, 25)
