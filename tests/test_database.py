"""Sessions are bound to one workspace: each way out of it that the ORM offers is tried here."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import Select, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.database import (
    Database,
    LeftTheWorkspace,
    at_the_end,
    insert_new,
    make_engine,
)
from bot.errors import OperatorError
from models import Person, SlackEvent, Workspace

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
PEOPLE = Person.__table__
OTHER = aliased(Person)


@dataclass(frozen=True)
class Two:
    """Two workspaces, with a person in each."""

    database: Database
    ours: Person
    theirs: Person

    async def as_they_are(self) -> list[tuple[int, str]]:
        """Every person of all workspaces, as workspace and name."""
        async with self.database.transaction_across_workspaces() as session:
            rows = await session.execute(
                select(Person.workspace_id, Person.name).order_by(Person.id)
            )
            return [(workspace_id, name) for workspace_id, name in rows]


@pytest.fixture
async def two(database: Database) -> AsyncIterator[Two]:
    async with database.transaction_across_workspaces() as session:
        workspaces = [Workspace(team_id=team_id, created_at=NOW) for team_id in ("T1", "T2")]
        session.add_all(workspaces)
        await session.flush()
        people = [
            Person(workspace_id=workspace.id, name=name, reporting_path=f"/{name}/")
            for workspace, name in zip(workspaces, ("ours", "theirs"), strict=True)
        ]
        session.add_all(people)
    yield Two(database, *people)
    assert (await Two(database, *people).as_they_are())[1] == (people[1].workspace_id, "theirs")


def person(two: Two, **more: object) -> dict[str, object]:
    return {"workspace_id": two.ours.workspace_id, "name": "new", "reporting_path": "/", **more}


READS: dict[str, Select[tuple[str]]] = {
    "a select": select(Person.name),
    "an alias": select(OTHER.name),
    "a join": select(OTHER.name).join(Person, Person.id != OTHER.id, isouter=True),
    "an in-query": select(Person.name).where(Person.id.in_(select(OTHER.id))),
    "a subquery": select(select(Person.name).subquery().c.name),
    "a scalar subquery": select(select(func.max(Person.name)).scalar_subquery()),
    "a common table expression": select(select(Person.name).cte().c.name),
    "an aggregate": select(func.max(Person.name)),
}


class TestReading:
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    @pytest.mark.parametrize("way", READS)
    async def test_finds_only_our_rows(self, way: str, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            assert (await session.scalars(READS[way])).all() == ["ours"]

    async def test_by_the_same_statement_finds_each_workspace_its_own(self, two: Two) -> None:
        for expected in (two.ours, two.theirs, two.ours):
            async with two.database.transaction(expected.workspace_id) as session:
                assert (await session.scalars(READS["a select"])).all() == [expected.name]

    async def test_a_union_finds_only_our_rows(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            both = select(Person.name).union_all(select(OTHER.name))
            assert (await session.scalars(both)).all() == ["ours", "ours"]

    async def test_a_stream_finds_only_our_rows(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            found = await session.stream_scalars(select(Person.name))
            assert await found.all() == ["ours"]

    async def test_the_old_query_finds_only_our_rows(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            found = await session.run_sync(lambda sync: sync.query(Person.name).all())
            assert [name for (name,) in found] == ["ours"]

    async def test_by_primary_key_finds_only_our_rows(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            assert await session.get(Person, two.theirs.id) is None
            assert await session.get(Person, two.theirs.id, with_for_update=True) is None
            found = await session.get(Person, two.ours.id)
            assert found is not None

    async def test_our_own_row_is_read_again(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            found = await session.get_one(Person, two.ours.id)
            await session.refresh(found)
            assert found.name == "ours"

    async def test_sees_no_other_workspace(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            assert (await session.scalars(select(Workspace.team_id))).all() == ["T1"]
            assert await session.get(Workspace, two.theirs.workspace_id) is None

    async def test_across_workspaces_finds_everything(self, two: Two) -> None:
        async with two.database.transaction_across_workspaces() as session:
            assert len((await session.scalars(READS["a select"])).all()) == 2


Deed = Callable[[AsyncSession, Two], Awaitable[object]]


async def _flush(session: AsyncSession, *rows: object) -> None:
    session.add_all(rows)
    await session.flush()


async def _rename_a_loaded_row(session: AsyncSession, two: Two) -> None:
    two.theirs.name = "ours now"
    await _flush(session, two.theirs)


async def _give_a_loaded_row_away(session: AsyncSession, two: Two) -> None:
    found = await session.get_one(Person, two.ours.id)
    found.workspace_id = two.theirs.workspace_id
    await session.flush()


async def _move_a_new_row(session: AsyncSession, two: Two) -> None:
    row = Person(name="new", reporting_path="/")
    session.add(row)
    row.workspace_id = two.theirs.workspace_id
    await session.flush()


def _sync(session: AsyncSession, method: str, *arguments: object) -> Awaitable[object]:
    return session.run_sync(lambda sync: getattr(sync, method)(*arguments))


DEEDS: dict[str, Deed] = {
    "read a row that another session loaded": lambda session, two: _flush(session, two.theirs),
    "write a row that another session loaded": _rename_a_loaded_row,
    "delete a row that another session loaded": lambda session, two: session.delete(two.theirs),
    "add a row of another workspace": lambda session, two: _flush(
        session, Person(**person(two, workspace_id=two.theirs.workspace_id))
    ),
    "add a row and then move it": _move_a_new_row,
    "give a row away": _give_a_loaded_row_away,
    "give rows away at once": lambda session, two: session.execute(
        update(Person).values(workspace_id=two.theirs.workspace_id)
    ),
    "give rows away by a parameter": lambda session, two: session.execute(
        update(Person), {"workspace_id": two.theirs.workspace_id}
    ),
    "update by primary keys": lambda session, two: session.execute(
        update(Person), [{"id": two.theirs.id, "name": "ours now"}]
    ),
    "insert": lambda session, two: session.execute(
        insert(Person), [person(two), person(two, workspace_id=two.theirs.workspace_id)]
    ),
    "insert one": lambda session, two: session.execute(
        insert(Person), person(two, workspace_id=two.theirs.workspace_id)
    ),
    "insert values": lambda session, two: session.execute(
        insert(Person).values(**person(two, workspace_id=two.theirs.workspace_id))
    ),
    "insert what was selected": lambda session, two: session.execute(
        insert(Person).from_select(
            ["workspace_id", "name", "reporting_path"],
            select(Person.workspace_id, Person.name, Person.reporting_path),
        )
    ),
    "insert what is new": lambda session, two: insert_new(
        session, Person, [person(two, workspace_id=two.theirs.workspace_id)]
    ),
    "save in bulk": lambda session, two: _sync(session, "bulk_save_objects", [two.theirs]),
    "insert in bulk": lambda session, two: _sync(
        session, "bulk_insert_mappings", Person, [person(two)]
    ),
    "update in bulk": lambda session, two: _sync(
        session, "bulk_update_mappings", Person, [{"id": two.theirs.id, "name": "ours now"}]
    ),
    "select from a table": lambda session, _: session.execute(select(PEOPLE)),
    "update a table": lambda session, _: session.execute(PEOPLE.update().values(name="ours now")),
    "delete from a table": lambda session, _: session.execute(PEOPLE.delete()),
    "say it in SQL": lambda session, _: session.execute(text("SELECT * FROM person")),
    "map what SQL finds": lambda session, _: session.execute(
        select(Person).from_statement(text("SELECT * FROM person"))
    ),
}


class TestLeavingTheWorkspace:
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    @pytest.mark.parametrize("deed", DEEDS)
    async def test_is_refused(self, deed: str, two: Two) -> None:
        before = await two.as_they_are()
        with pytest.raises(LeftTheWorkspace):
            async with two.database.transaction(two.ours.workspace_id) as session:
                await DEEDS[deed](session, two)
        assert await two.as_they_are() == before

    async def test_by_an_update_changes_only_our_rows(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            await session.execute(update(Person).values(name="changed"))
        assert [name for _, name in await two.as_they_are()] == ["changed", "theirs"]

    async def test_by_a_delete_takes_only_our_rows(self, two: Two) -> None:
        async with two.database.transaction(two.theirs.workspace_id) as session:
            await session.execute(delete(Person).where(Person.id == two.ours.id))
        assert [name for _, name in await two.as_they_are()] == ["ours", "theirs"]

    async def test_by_a_merge_is_refused_by_the_database(self, two: Two) -> None:
        merged = Person(id=two.theirs.id, name="ours now", reporting_path="/")
        with pytest.raises(IntegrityError):
            async with two.database.transaction(two.ours.workspace_id) as session:
                await session.merge(merged)


class TestTransaction:
    async def test_owns_new_rows(self, two: Two) -> None:
        async with two.database.transaction(two.theirs.workspace_id) as session:
            session.add(Person(name="new", reporting_path="/"))
        assert (two.theirs.workspace_id, "new") in await two.as_they_are()

    async def test_updates_and_deletes_our_rows(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            found = await session.get_one(Person, two.ours.id)
            found.name = "changed"
            await session.flush()
            assert (two.ours.workspace_id, "changed") in [
                (row.workspace_id, row.name) for row in await session.scalars(select(Person))
            ]
            await session.execute(delete(Person).where(Person.name == "nobody"))

    async def test_keeps_nothing_after_an_error(self, two: Two) -> None:
        before = await two.as_they_are()

        async def fail_after_writing() -> None:
            async with two.database.transaction(two.ours.workspace_id) as session:
                await _flush(session, Person(name="new", reporting_path="/"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail_after_writing()
        assert await two.as_they_are() == before


async def rename(session: AsyncSession) -> None:
    person = (await session.scalars(select(Person))).one()
    person.name += " again"


class TestAtTheEnd:
    async def name(self, two: Two) -> str:
        return (await two.as_they_are())[0][1]

    async def test_does_it_once_and_keeps_it(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            at_the_end(session, rename)
            at_the_end(session, rename)
            assert await session.scalar(select(Person.name)) == "ours"
        assert await self.name(two) == "ours again"

    async def test_a_transaction_that_was_rolled_back_has_no_end(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            at_the_end(session, rename)
            await session.rollback()
        assert await self.name(two) == "ours"


class TestWorkspaceId:
    async def test_of_a_known_team(self, two: Two) -> None:
        assert await two.database.workspace_id("T2") == two.theirs.workspace_id

    async def test_of_an_unknown_team_is_none_until_it_is_registered(self, two: Two) -> None:
        assert await two.database.workspace_id("T3") is None
        async with two.database.transaction_across_workspaces() as session:
            session.add(Workspace(team_id="T3", created_at=NOW))
        assert await two.database.workspace_id("T3") is not None


class TestInsertNew:
    def rows(self, two: Two, *event_ids: str) -> Sequence[dict[str, object]]:
        return [
            {
                "workspace_id": two.ours.workspace_id,
                "event_id": event_id,
                "received_at": NOW,
            }
            for event_id in event_ids
        ]

    async def test_counts_only_what_was_not_there(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            assert await insert_new(session, SlackEvent, self.rows(two, "E1", "E2")) == 2
            assert await insert_new(session, SlackEvent, self.rows(two, "E2")) == 0
            assert await insert_new(session, SlackEvent, self.rows(two, "E2", "E3")) == 1
            assert await insert_new(session, SlackEvent, []) == 0

    async def test_takes_the_same_one_twice_at_once(self, two: Two) -> None:
        async with two.database.transaction(two.ours.workspace_id) as session:
            assert await insert_new(session, SlackEvent, self.rows(two, "E1", "E1")) == 1


class TestMakeEngine:
    @pytest.mark.parametrize(
        "url", ["postgresql+psycopg://u:secret@h:port/d", "postgresql+psycopg:secret"]
    )
    def test_says_what_is_wrong_without_the_password(self, url: str) -> None:
        with pytest.raises(OperatorError, match="TURNABOUT_DATABASE_URL") as refused:
            make_engine(url)
        assert "secret" not in str(refused.value)

    async def test_an_error_of_the_database_does_not_quote_values(self, two: Two) -> None:
        double = Person(id=two.ours.id, name="marked value", reporting_path="/")
        with pytest.raises(IntegrityError) as refused:
            async with two.database.transaction(two.ours.workspace_id) as session:
                session.add(double)
        assert "marked value" not in str(refused.value)


class TestBind:
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    async def test_narrows_a_session_and_leaves_no_way_back(self, two: Two) -> None:
        async with two.database.transaction_across_workspaces() as session:
            two.database.bind(session, two.ours.workspace_id)
            assert (await session.scalars(select(Person.name))).all() == ["ours"]
            with pytest.raises(LeftTheWorkspace):
                two.database.bind(session, two.theirs.workspace_id)
