"""What somebody says of their own level and manager, once a program manager has confirmed it."""

import asyncio

import pytest

from bot.errors import UserFacingError
from bot.people import service
from models import Pair, PairState, Person
from tests.applications import apply, change, reread
from tests.factories import Company
from tests.people.conftest import ImportCsv

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def boss(company: Company) -> Person:
    return await company.person("Lena Boss", level=6)


@pytest.fixture
async def jo(company: Company) -> Person:
    return await company.person("Jo Young", level=None)


async def confirm(
    company: Company, person: Person, level: int | None, manager: Person | None
) -> None:
    async with company.transaction() as session:
        found = await session.get_one(Person, person.id)
        manager_id = manager.id if manager else None
        await service.confirm(session, company.runtime, found, level, manager_id)


class TestConfirm:
    async def test_sets_the_level_and_the_reporting_line(
        self, company: Company, jo: Person, boss: Person
    ) -> None:
        await confirm(company, jo, 2, boss)
        kept = await reread(company, jo)
        assert (kept.level, kept.manager_id) == (2, boss.id)
        assert kept.reporting_path == f"/{boss.id}/{jo.id}/"

    async def test_nobody_is_above_them(self, company: Company, jo: Person) -> None:
        await confirm(company, jo, 9, None)
        kept = await reread(company, jo)
        assert (kept.level, kept.manager_id, kept.reporting_path) == (9, None, f"/{jo.id}/")

    async def test_those_below_move_along_and_nobody_else_does(
        self, company: Company, jo: Person, boss: Person
    ) -> None:
        below = await company.person("Be Low", level=1, manager=jo)
        deeper = await company.person("De Eper", level=1, manager=below)
        others = [await company.person(level=1) for _ in range(12)]
        await confirm(company, jo, 2, boss)
        start = f"/{boss.id}/{jo.id}/"
        assert (await reread(company, below)).reporting_path == f"{start}{below.id}/"
        assert (await reread(company, deeper)).reporting_path == f"{start}{below.id}/{deeper.id}/"
        for other in others:
            assert (await reread(company, other)).reporting_path == f"/{other.id}/"

    @ONE_ENGINE
    async def test_what_hr_has_said_meanwhile_stands(
        self, company: Company, jo: Person, boss: Person
    ) -> None:
        other = await company.person(level=7)
        al = await company.person("Al Ready", level=4, manager=other)
        await confirm(company, al, 2, boss)
        kept = await reread(company, al)
        line = f"/{other.id}/{al.id}/"
        assert (kept.level, kept.manager_id, kept.reporting_path) == (4, other.id, line)

    @ONE_ENGINE
    async def test_a_manager_of_hrs_stays_when_only_the_level_was_stated(
        self, company: Company, boss: Person
    ) -> None:
        new = await company.person("Ne W", level=None, manager=boss)
        await confirm(company, new, 2, None)
        kept = await reread(company, new)
        line = f"/{boss.id}/{new.id}/"
        assert (kept.level, kept.manager_id, kept.reporting_path) == (2, boss.id, line)

    @ONE_ENGINE
    async def test_a_stated_manager_counts_when_hr_has_said_only_the_level_meanwhile(
        self, company: Company, jo: Person, boss: Person
    ) -> None:
        await change(company, jo, level=4)
        await confirm(company, jo, 2, boss)
        kept = await reread(company, jo)
        line = f"/{boss.id}/{jo.id}/"
        assert (kept.level, kept.manager_id, kept.reporting_path) == (4, boss.id, line)

    @ONE_ENGINE
    async def test_nobody_is_above_and_below_the_same_person(
        self, company: Company, jo: Person
    ) -> None:
        below = await company.person("Be Low", level=1, manager=jo)
        deeper = await company.person("De Eper", level=1, manager=below)
        for manager in (jo, below, deeper):
            with pytest.raises(UserFacingError, match="reporting_circle"):
                await confirm(company, jo, 2, manager)
        assert (await reread(company, jo)).level is None

    async def test_of_two_at_once_who_say_that_they_report_to_each_other_one_is_refused(
        self, company: Company, jo: Person
    ) -> None:
        al = await company.person("Al Ready", level=None)
        done = await asyncio.gather(
            confirm(company, jo, 2, al), confirm(company, al, 3, jo), return_exceptions=True
        )
        assert sum(isinstance(one, UserFacingError) for one in done) == 1
        lines = [(await reread(company, one)).reporting_path for one in (jo, al)]
        assert sorted(map(len, lines))[0] < sorted(map(len, lines))[1]

    async def test_a_pair_that_is_in_one_line_now_is_paused(
        self, company: Company, jo: Person, boss: Person
    ) -> None:
        below = await company.person("Be Low", level=1, manager=jo)
        pair = await company.pair(
            await company.program(), below, boss, state=PairState.ACTIVE, channel_id="C1"
        )
        await confirm(company, jo, 2, boss)
        kept: Pair = await reread(company, pair)
        assert kept.state is PairState.PAUSED

    @ONE_ENGINE
    async def test_a_pair_that_has_one_manager_now_is_paused(
        self, company: Company, jo: Person, boss: Person
    ) -> None:
        await change(company, jo, level=1)
        leader = await company.person("Lea Der", level=6, manager=boss)
        pair = await company.pair(
            await company.program(),
            await reread(company, jo),
            leader,
            state=PairState.ACTIVE,
            channel_id="C1",
        )
        await confirm(company, jo, None, boss)
        kept: Pair = await reread(company, pair)
        assert kept.state is PairState.PAUSED

    @ONE_ENGINE
    async def test_an_import_that_does_not_know_them_leaves_it(
        self, company: Company, jo: Person, boss: Person, import_csv: ImportCsv
    ) -> None:
        await change(company, jo, employee_id=None)
        await confirm(company, jo, 2, boss)
        await import_csv(f"id,level,manager\n{boss.employee_id},7,\n")
        kept = await reread(company, jo)
        assert (kept.level, kept.manager_id) == (2, boss.id)
        assert kept.reporting_path == f"/{boss.id}/{jo.id}/"


class TestTheManagerAfterAnImport:
    """Of somebody whom HR knows, and whose manager was confirmed after an application."""

    @pytest.fixture
    async def confirmed(self, company: Company, jo: Person, boss: Person) -> Person:
        program = await company.program()
        await apply(company, program, jo, stated_manager_id=boss.id)
        await confirm(company, jo, 2, boss)
        return jo

    async def test_an_empty_cell_says_nothing(
        self, company: Company, confirmed: Person, boss: Person, import_csv: ImportCsv
    ) -> None:
        file = f"id,level,manager\n{confirmed.employee_id},3,\n{boss.employee_id},6,\n"
        assert (await import_csv(file)).kept_managers == 1
        kept = await reread(company, confirmed)
        line = f"/{boss.id}/{confirmed.id}/"
        assert (kept.level, kept.manager_id, kept.reporting_path) == (3, boss.id, line)

    @pytest.mark.parametrize("same", [True, False])
    async def test_what_hr_has_said_since_hr_may_take_back(
        self,
        company: Company,
        confirmed: Person,
        boss: Person,
        import_csv: ImportCsv,
        same: bool,
    ) -> None:
        named = boss if same else await company.person(level=7)
        start = f"id,level,manager\n{confirmed.employee_id},3,"
        assert (await import_csv(f"{start}{named.employee_id}\n")).kept_managers == 0
        assert (await reread(company, confirmed)).manager_id == named.id
        assert (await import_csv(f"{start}\n")).kept_managers == 0
        assert (await reread(company, confirmed)).manager_id is None

    @ONE_ENGINE
    async def test_one_that_hr_said_first_hr_may_take_back(
        self, company: Company, boss: Person, import_csv: ImportCsv
    ) -> None:
        al = await company.person("Al Ready", level=1, manager=boss)
        await import_csv(f"id,level,manager\n{al.employee_id},1,\n")
        assert (await reread(company, al)).manager_id is None

    @ONE_ENGINE
    async def test_without_the_column_nobody_is_counted(
        self, company: Company, confirmed: Person, boss: Person, import_csv: ImportCsv
    ) -> None:
        imported = await import_csv(f"id,level\n{confirmed.employee_id},3\n")
        assert imported.kept_managers == 0
        assert (await reread(company, confirmed)).manager_id == boss.id


class TestRoles:
    async def test_of_other_applications_follow_the_level(
        self, company: Company, jo: Person
    ) -> None:
        applied = await apply(company, await company.program(), jo, stated_level=2)
        await confirm(company, jo, 5, None)
        assert (await reread(company, applied)).role.value == "mentee"
