import pytest
from sqlalchemy import select

from bot.pairs import service as pairs
from bot.people import hr_service
from models import Home, Pair, PairState
from tests.conftest import Clock
from tests.factories import Company
from tests.people.conftest import ImportCsv, Known

HEAD = "id,level,start,end\n"


class TestFollowDates:
    async def test_somebody_takes_part_from_their_first_day_to_their_last(
        self, company: Company, import_csv: ImportCsv, known: Known, clock: Clock
    ) -> None:
        await import_csv(HEAD + "1,1,2026-01-06,2026-01-07\n")
        seen = []
        for _ in range(4):
            await hr_service.follow_dates(company.runtime)
            seen.append((await known())["1"].active)
            clock.forward(days=1)
        assert seen == [False, True, True, False]

    async def test_a_day_without_a_change_changes_nothing(
        self, company: Company, import_csv: ImportCsv, known: Known
    ) -> None:
        await import_csv(
            HEAD + "1,1,2020-01-01,2030-01-01\n2,1,,2020-01-01\n3,1,2030-01-01,\n4,1,,\n"
        )
        assert await hr_service.follow_dates(company.runtime) == 0
        assert {key: one.active for key, one in (await known()).items()} == {
            "1": True, "2": False, "3": False, "4": True,
        }  # fmt: skip

    async def test_somebody_who_left_does_not_come_back_with_a_day(
        self, company: Company, import_csv: ImportCsv, clock: Clock
    ) -> None:
        await import_csv("id,level,start,left\n1,1,2026-01-06,yes\n")
        clock.forward(days=2)
        assert await hr_service.follow_dates(company.runtime) == 0

    async def test_the_pair_of_a_leaver_is_paused_on_the_day_after(
        self, company: Company, import_csv: ImportCsv, clock: Clock
    ) -> None:
        mentor, mentee = await company.person(level=1), await company.person(level=6)
        pair = await company.pair(await company.program(await company.person()), mentor, mentee)
        assert await pairs.open_spaces(company.runtime) == 1
        imported = await import_csv(HEAD + f"{mentor.employee_id},1,,2026-01-06\n")
        assert imported.paused_pairs == 0
        for days, expected in ((1, PairState.ACTIVE), (1, PairState.PAUSED)):
            clock.forward(days=days)
            await hr_service.follow_dates(company.runtime)
            async with company.transaction() as session:
                assert (await session.get_one(Pair, pair.id)).state is expected

    @pytest.mark.parametrize("way", ["the day comes", "an import says so"])
    async def test_homes_show_who_takes_part_no_more(
        self, company: Company, import_csv: ImportCsv, clock: Clock, way: str
    ) -> None:
        """Their own and their managers'; nobody else's."""
        gone, manager, other = [await company.person() for _ in range(3)]
        program = await company.program(manager)
        for person in (gone, other):
            await company.enrol(program, person)
        if way == "the day comes":
            await import_csv(HEAD + f"{gone.employee_id},1,,2026-01-06\n")
        async with company.transaction() as session:
            session.add_all(Home(person_id=one.id) for one in (gone, manager, other))
        clock.forward(days=2)
        if way == "the day comes":
            await hr_service.follow_dates(company.runtime)
        else:
            await import_csv(HEAD + f"{gone.employee_id},1,,2026-01-06\n")
        async with company.transaction() as session:
            query = select(Home.person_id).where(Home.outdated_since == clock())
            assert set(await session.scalars(query)) == {gone.id, manager.id}

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    async def test_a_last_day_that_is_taken_back_brings_somebody_back(
        self, import_csv: ImportCsv, known: Known
    ) -> None:
        assert (await import_csv(HEAD + "1,1,,2026-01-01\n")).added == 1
        assert not (await known())["1"].active
        await import_csv(HEAD + "1,1,,\n")
        one = (await known())["1"]
        assert (one.active, one.ends_on, one.starts_on) == (True, None, None)
