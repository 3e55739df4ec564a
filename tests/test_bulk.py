from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot import bulk
from bot.bulk import add_rows, hand_over, update_rows
from bot.database import Database, LeftTheWorkspace
from models import Person, Workspace

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Two:
    """A person in our workspace, and one in another."""

    database: Database
    ours: Person
    theirs: Person


@pytest.fixture
async def two(database: Database) -> Two:
    async with database.transaction_across_workspaces() as session:
        workspaces = [Workspace(team_id=team_id, created_at=NOW) for team_id in ("T1", "T2")]
        session.add_all(workspaces)
        await session.flush()
        people = [
            Person(workspace_id=workspace.id, name=name, reporting_path=f"/{name}/")
            for workspace, name in zip(workspaces, ("ours", "theirs"), strict=True)
        ]
        session.add_all(people)
    return Two(database, *people)


class TestAddRows:
    async def test_are_added_to_our_workspace_and_their_ids_told(self, two: Two) -> None:
        rows = [{"employee_id": f"E{number}", "name": "new"} for number in range(3)]
        async with two.database.transaction(two.ours.workspace_id) as session:
            ids = await add_rows(session, Person, rows, key="employee_id")
            assert sorted(ids) == ["E0", "E1", "E2"]
            found = await session.get_one(Person, ids["E1"])
        assert (found.employee_id, found.workspace_id) == ("E1", two.ours.workspace_id)
        assert (found.active, found.time_zone, found.level) == (True, "UTC", None)

    @ONE_ENGINE
    async def test_need_a_workspace(self, two: Two) -> None:
        async with two.database.transaction_across_workspaces() as session:
            with pytest.raises(LeftTheWorkspace):
                await add_rows(session, Person, [{"employee_id": "E1"}], key="employee_id")

    @ONE_ENGINE
    async def test_may_be_none(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            assert await add_rows(session, Person, [], key="employee_id") == {}


class TestUpdateRows:
    async def test_are_written_in_our_workspace_only(self, two: Two) -> None:
        rows = [
            {"id": one.id, "name": "written", "level": level, "starts_on": day}
            for one, level, day in ((two.ours, 3, NOW.date()), (two.theirs, None, None))
        ]
        async with two.database.transaction(two.ours.workspace_id) as session:
            await update_rows(session, Person, rows)
            ours = (await session.scalars(select(Person))).one()
        assert (ours.name, ours.level, ours.starts_on) == ("written", 3, NOW.date())
        async with two.database.transaction(two.theirs.workspace_id) as session:
            assert (await session.scalars(select(Person.name))).one() == "theirs"

    @ONE_ENGINE
    async def test_do_not_change_their_owner(self, two: Two) -> None:
        rows = [{"id": two.ours.id, "workspace_id": two.theirs.workspace_id}]
        async with two.database.transaction(two.ours.workspace_id) as session:
            with pytest.raises(LeftTheWorkspace):
                await update_rows(session, Person, rows)

    @ONE_ENGINE
    async def test_need_a_workspace(self, two: Two) -> None:
        async with two.database.transaction_across_workspaces() as session:
            with pytest.raises(LeftTheWorkspace):
                await update_rows(session, Person, [{"id": two.ours.id, "name": "written"}])

    @ONE_ENGINE
    async def test_may_be_none(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            await update_rows(session, Person, [])


class TestHandOver:
    """Ours has an heir, and a third person whose manager they are."""

    async def person(self, two: Two, **values: object) -> Person:
        async with two.database.transaction(two.ours.workspace_id) as session:
            person = Person(name="more", reporting_path="/", **values)
            session.add(person)
        return person

    async def managers(self, two: Two) -> dict[int, int | None]:
        async with two.database.transaction_across_workspaces() as session:
            found = await session.execute(select(Person.id, Person.manager_id))
            return {row.id: row.manager_id for row in found}

    async def test_what_refers_to_a_row_refers_to_its_heir(self, two: Two) -> None:
        heir, below = await self.person(two), await self.person(two, manager_id=two.ours.id)
        async with two.database.transaction(two.ours.workspace_id) as session:
            await hand_over(session, Person, {two.ours.id: heir.id})
        assert (await self.managers(two))[below.id] == heir.id

    async def test_many_at_once(self, two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bulk, "STEP", 2)
        old = [await self.person(two) for _ in range(5)]
        below = [await self.person(two, manager_id=one.id) for one in old]
        heirs = {one.id: (await self.person(two)).id for one in old}
        async with two.database.transaction(two.ours.workspace_id) as session:
            await hand_over(session, Person, heirs)
        managers = await self.managers(two)
        assert [managers[one.id] for one in below] == list(heirs.values())

    async def test_not_in_another_workspace(self, two: Two) -> None:
        """Nobody refers to a row of another workspace; if somebody did, they would be let be."""
        heir = await self.person(two)
        async with two.database.transaction(two.theirs.workspace_id) as session:
            (await session.get_one(Person, two.theirs.id)).manager_id = two.ours.id
        async with two.database.transaction(two.ours.workspace_id) as session:
            await hand_over(session, Person, {two.ours.id: heir.id})
        assert (await self.managers(two))[two.theirs.id] == two.ours.id

    @ONE_ENGINE
    async def test_needs_a_workspace(self, two: Two) -> None:
        async with two.database.transaction_across_workspaces() as session:
            with pytest.raises(LeftTheWorkspace):
                await hand_over(session, Person, {1: 2})

    @ONE_ENGINE
    async def test_of_nothing_does_nothing(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            await hand_over(session, Person, {})
