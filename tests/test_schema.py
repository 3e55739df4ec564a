import asyncio

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import schema
from bot.errors import OperatorError
from models import Base

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT proname FROM pg_proc WHERE proname = 'pair_power_safe'",
}


async def tables(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def triggers(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return list(await connection.scalars(text(TRIGGERS[engine.dialect.name])))


class TestUpgrade:
    async def test_from_nothing_brings_every_table_and_the_trigger(
        self, engine: AsyncEngine
    ) -> None:
        assert await tables(engine) == {*Base.metadata.tables, "alembic_version"}
        assert await triggers(engine)
        assert await schema.current(engine) == schema.newest()

    async def test_again_changes_nothing(self, engine: AsyncEngine) -> None:
        await schema.upgrade(engine)
        assert await schema.current(engine) == schema.newest()
        await schema.require_newest(engine)

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    async def test_by_several_copies_that_start_together_is_done_once(
        self, engine: AsyncEngine
    ) -> None:
        await schema.downgrade(engine)
        await asyncio.gather(*(schema.upgrade(engine) for _ in range(3)))
        assert await schema.current(engine) == schema.newest()

    async def test_brings_what_the_models_have(self, engine: AsyncEngine) -> None:
        assert await schema.differences(engine) is None


class TestDowngrade:
    async def test_leaves_nothing_behind_and_the_way_up_is_open_again(
        self, engine: AsyncEngine
    ) -> None:
        await schema.downgrade(engine)
        assert await tables(engine) == {"alembic_version"}
        assert not await triggers(engine)
        assert await schema.current(engine) is None
        await schema.upgrade(engine)
        assert await schema.differences(engine) is None


class TestDifferences:
    async def test_names_a_column_that_no_migration_brings(self, engine: AsyncEngine) -> None:
        async with engine.begin() as connection:
            await connection.execute(text("ALTER TABLE goal DROP COLUMN due_on"))
        found = await schema.differences(engine)
        assert found is not None
        assert "due_on" in found


class TestRequireNewest:
    async def test_refuses_an_empty_database(self, engine: AsyncEngine) -> None:
        await schema.downgrade(engine)
        with pytest.raises(OperatorError, match="empty: run `turnabout db upgrade`"):
            await schema.require_newest(engine)

    async def test_refuses_another_revision_and_names_both(self, engine: AsyncEngine) -> None:
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = 'other'"))
        with pytest.raises(OperatorError, match=f"revision other, .* needs {schema.newest()}"):
            await schema.require_newest(engine)
