import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from bot.database import Database
from bot.errors import OperatorError
from bot.slack import installations
from models import Workspace

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


async def register(database: Database, team_id: str) -> int:
    async with database.transaction_across_workspaces() as session:
        return await installations.register(session, team_id, NOW)


async def only_workspace(database: Database, team_id: str | None = None) -> int:
    async with database.transaction_across_workspaces() as session:
        return await installations.only_workspace(session, team_id, NOW)


async def count(database: Database) -> int:
    async with database.transaction_across_workspaces() as session:
        return (await session.scalars(select(func.count()).select_from(Workspace))).one()


class TestRegister:
    async def test_a_new_team(self, database: Database) -> None:
        assert await register(database, "T1") != await register(database, "T2")

    async def test_a_known_team_again(self, database: Database) -> None:
        assert await register(database, "T1") == await register(database, "T1")
        assert await count(database) == 1

    async def test_adopts_the_workspace_imported_before_slack_was_connected(
        self, database: Database
    ) -> None:
        waiting = await only_workspace(database)
        assert await register(database, "T1") == waiting
        assert await register(database, "T2") != waiting

    @pytest.mark.parametrize("imported_before", [False, True])
    async def test_by_several_copies_at_once(
        self, imported_before: bool, database: Database
    ) -> None:
        if imported_before:
            await only_workspace(database)
        ids = await asyncio.gather(*(register(database, "T1") for _ in range(5)))
        assert len(set(ids)) == 1
        assert await count(database) == 1

    async def test_of_two_teams_at_once_lets_one_adopt(self, database: Database) -> None:
        await only_workspace(database)
        one, other = await asyncio.gather(register(database, "T1"), register(database, "T2"))
        assert one == await register(database, "T1")
        assert other == await register(database, "T2")
        assert one != other


class TestFind:
    async def test_a_team_nobody_registered(self, database: Database) -> None:
        async with database.transaction_across_workspaces() as session:
            assert await installations.find(session, "T404") is None


class TestOnlyWorkspace:
    async def test_makes_the_first_one_once(self, database: Database) -> None:
        assert await only_workspace(database) == await only_workspace(database)

    async def test_is_the_only_one(self, database: Database) -> None:
        registered = await register(database, "T1")
        assert await only_workspace(database) == registered

    async def test_is_the_one_that_is_named(self, database: Database) -> None:
        await register(database, "T1")
        assert await register(database, "T2") == await only_workspace(database, "T2")

    async def test_has_to_be_named_among_several(self, database: Database) -> None:
        await register(database, "T1")
        await register(database, "T2")
        with pytest.raises(OperatorError, match="--workspace"):
            await only_workspace(database)

    async def test_has_to_be_known(self, database: Database) -> None:
        with pytest.raises(OperatorError, match="T404"):
            await only_workspace(database, "T404")


class TestCheckKey:
    async def test_remembers_the_first_and_refuses_another(self, database: Database) -> None:
        workspace_id = await register(database, "T1")
        async with database.transaction_across_workspaces() as session:
            await installations.check_key(session, workspace_id, "first")
        async with database.transaction_across_workspaces() as session:
            await installations.check_key(session, workspace_id, "first")
            with pytest.raises(OperatorError, match="another encryption key"):
                await installations.check_key(session, workspace_id, "second")
