"""Most of all: whom somebody would rather avoid is known to them and to the matching, and to
nobody and nothing else."""

import inspect
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.delivery import service as delivery
from bot.enrollment import avoided, profile_service
from bot.enrollment import service as enrollment
from bot.errors import UserFacingError
from bot.roles import Act
from bot.views.modals.profile import MOST_AVOIDED, About
from models import Base, Person, Profile
from tests.enrollment.conftest import Desk
from tests.factories import Company
from tests.handlers.scene import logged

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUSE = Path(inspect.getfile(enrollment)).parents[2]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    with logged() as stream:
        yield stream


async def change(company: Company, person: Person, about: About) -> None:
    async with company.transaction() as session:
        await profile_service.change(session, company.runtime, person, about)


async def about(company: Company, person: Person) -> About:
    async with company.transaction() as session:
        return await profile_service.about(session, company.runtime, person)


async def avoided_by(company: Company, *people: Person) -> dict[int, frozenset[int]]:
    async with company.transaction() as session:
        ids = [person.id for person in people]
        return dict(await enrollment.avoided_by(session, company.runtime, ids))


async def dump(company: Company) -> list[tuple[str, dict[str, object]]]:
    """Every row of every table."""
    async with company.runtime.database.engine.connect() as connection:
        return [
            (table.name, dict(row._mapping))
            for table in Base.metadata.sorted_tables
            for row in await connection.execute(select(table).order_by(table.c.id))
        ]


def slack_id(person: Person) -> str:
    assert person.slack_user_id is not None
    return person.slack_user_id


class TestAvoided:
    async def test_is_known_to_its_owner_and_to_the_matching(self, company: Company) -> None:
        jo, boss, other = [await company.person() for _ in range(3)]
        await change(company, jo, About(avoided=(slack_id(boss),)))
        await change(company, other, About())
        assert (await about(company, jo)).avoided == (slack_id(boss),)
        assert (await about(company, boss)).avoided == ()
        assert await avoided_by(company, jo, boss, other) == {
            jo.id: frozenset({boss.id}),
            other.id: frozenset(),
        }

    @ONE_ENGINE
    async def test_somebody_who_comes_later_is_recognised(self, company: Company) -> None:
        jo = await company.person()
        stranger = company.sandbox.add_user("new", "New Here", email="n@example.com")
        await change(company, jo, About(avoided=(stranger,)))
        assert await avoided_by(company, jo) == {jo.id: frozenset()}
        later = await company.person()
        async with company.transaction() as session:
            (await session.get_one(Person, later.id)).slack_user_id = stranger
        assert await avoided_by(company, jo) == {jo.id: frozenset({later.id})}

    @ONE_ENGINE
    async def test_oneself_is_left_out(self, company: Company) -> None:
        jo = await company.person()
        await change(company, jo, About(avoided=(slack_id(jo),)))
        assert await avoided_by(company, jo) == {jo.id: frozenset()}

    @ONE_ENGINE
    async def test_who_has_left_stays_on_the_list_unseen(
        self, company: Company, desk: Desk
    ) -> None:
        jo, gone, other = [await company.person() for _ in range(3)]
        await change(company, jo, About(avoided=(slack_id(gone),)))
        await desk.change(gone, active=False)
        assert (await about(company, jo)).avoided == ()
        await change(company, jo, About(avoided=(slack_id(other),)))
        assert await avoided_by(company, jo) == {jo.id: frozenset({gone.id, other.id})}

    @ONE_ENGINE
    async def test_taking_somebody_off_the_list_takes_them_off(self, company: Company) -> None:
        jo, boss = await company.person(), await company.person()
        await change(company, jo, About(avoided=(slack_id(boss),)))
        await change(company, jo, About())
        assert await avoided_by(company, jo) == {jo.id: frozenset()}

    async def test_a_dump_and_the_log_do_not_hold_it(
        self, company: Company, desk: Desk, log: io.StringIO
    ) -> None:
        jo, lena, boss = [await company.person() for _ in range(3)]
        program = await company.program(await company.person(), vetted=True)
        stranger = company.sandbox.add_user("zz", "Zed Zwölf", email="z@example.com")
        names = (slack_id(boss), stranger)
        await company.sandbox.settle()
        people = await dump(company)
        await desk.join(jo, program, about=About(avoided=names))
        await desk.join(lena, program, about=About(avoided=()))
        await profile_service.require_people(company.runtime, jo, names)
        after = await dump(company)
        was_there = [row for table, row in people if table == "person"]
        assert [row for table, row in after if table == "person"] == was_there
        rest = [row for table, row in after if table != "person"]
        for name in (*names, "Zwölf", "z@example.com"):
            assert name not in str(rest)
            assert name.encode() not in b"".join(_bytes(rest))
            assert name not in log.getvalue()
        kept = [row["avoided"] for table, row in after if table == "profile"]
        assert len({len(one) for one in kept}) == 1, "an empty list looks like a full one"

    async def test_nobody_is_told_of_it(self, company: Company, desk: Desk) -> None:
        manager, jo, boss = [await company.person() for _ in range(3)]
        program = await company.program(manager, vetted=True)
        await desk.join(jo, program, about=About(avoided=(slack_id(boss),)))
        await delivery.send_due(company.runtime)
        said = {
            channel: [message.blocks for message in one.messages.values()]
            for channel, one in company.sandbox.workspace.conversations.items()
        }
        assert any(said.values())
        assert slack_id(boss) not in json.dumps(said)

    def test_no_role_reads_it_and_few_modules_do(self) -> None:
        assert not [act for act in Act if "avoid" in act.value]
        readers = {
            str(path.relative_to(HOUSE))
            for folder in ("bot", "handlers")
            for path in (HOUSE / folder).rglob("*.py")
            if "avoided" in path.read_text(encoding="utf-8")
        }
        assert readers <= {
            "bot/enrollment/avoided.py",
            "bot/enrollment/profile_service.py",
            "bot/enrollment/service.py",
            "bot/enrollment/store.py",
            "bot/matching/sides_service.py",
            "bot/views/modals/profile.py",
            "handlers/modals/join.py",
            "handlers/modals/profile.py",
        }


class TestRequirePeople:
    async def check(self, company: Company, *slack_ids: str) -> None:
        person = await company.person()
        await profile_service.require_people(company.runtime, person, slack_ids)

    @ONE_ENGINE
    async def test_anybody_who_could_take_part_may_be_named(self, company: Company) -> None:
        known = await company.person()
        await self.check(company, slack_id(known), company.sandbox.add_user("n", "New Here"))

    @pytest.mark.parametrize("kind", ["guest", "nobody", "USLACKBOT"])
    @ONE_ENGINE
    async def test_nobody_else(self, company: Company, kind: str) -> None:
        who = kind
        if kind == "guest":
            who = company.sandbox.add_user("g", "A Guest", is_restricted=True)
        with pytest.raises(UserFacingError) as refused:
            await self.check(company, who)
        assert (refused.value.key, refused.value.field) == ("avoided_unknown", "avoided")


class TestWhatOneSays:
    async def test_is_there_again_next_time(self, company: Company) -> None:
        jo = await company.person()
        said = About(
            strengths=("listening",), interests=("music", "games"), works_from=8, works_to=17
        )
        await change(company, jo, said)
        assert await about(company, jo) == said

    @ONE_ENGINE
    async def test_can_be_taken_back(self, company: Company) -> None:
        jo = await company.person()
        await change(company, jo, About(strengths=("calm",), means=("walk",), hours_a_month=2))
        await change(company, jo, About())
        assert await about(company, jo) == About()
        async with company.transaction() as session:
            [kept] = await session.scalars(select(Profile))
            assert (kept.strengths, kept.means) == ([], [])

    def test_a_full_list_fits(self) -> None:
        longest = 32
        assert MOST_AVOIDED * (longest + 1) <= avoided.LENGTH


def _bytes(rows: list[dict[str, object]]) -> list[bytes]:
    return [value for row in rows for value in row.values() if isinstance(value, bytes)]
