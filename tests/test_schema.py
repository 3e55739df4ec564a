import asyncio

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import schema
from bot.errors import OperatorError
from models import Base

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT proname FROM pg_proc WHERE proname = 'pair_power_safe'",
}

BEFORE_0003 = (
    "INSERT INTO workspace (id, created_at) VALUES (1, '2026-01-05 09:00')",
    "INSERT INTO person (id, workspace_id, name, level, department, title, time_zone, active,"
    " reporting_path) VALUES (1, 1, 'Jo', 1, '', '', 'UTC', true, '/1/'),"
    " (2, 1, 'Lena', 6, '', '', 'UTC', true, '/2/')",
    "INSERT INTO program (id, workspace_id, name, purpose, topics, weeks, cadence, starts_on,"
    " mentee_from_level, admin_channel_id, state, created_at) VALUES"
    " (1, 1, 'Fresh Eyes', 'p', '[]', 12, 'weekly', '2026-01-19', 4, 'C1', 'running',"
    " '2026-01-05 09:00')",
    "INSERT INTO enrollment (id, workspace_id, program_id, person_id, role, topics, joined_at)"
    " VALUES (1, 1, 1, 1, 'mentor', '[]', '2026-01-05 09:00')",
    "INSERT INTO pair (id, workspace_id, program_id, mentor_id, mentee_id, topics, state,"
    " channel_name, first_week_on, created_at) VALUES"
    " (1, 1, 1, 1, 2, '[]', 'active', 'm', '2026-01-19', '2026-01-05 09:00')",
    "INSERT INTO touchpoint (id, workspace_id, pair_id, kind, number) VALUES (1, 1, 1, 'nudge', 1)",
)
PERSON_3 = (
    "INSERT INTO person (id, workspace_id, name, level, department, title, time_zone, active,"
    " reporting_path) VALUES (3, 1, 'Kim', 5, '', '', 'UTC', true, '/3/')"
)
RUN = (
    "INSERT INTO match_run (id, workspace_id, program_id, state, approvals_needed, created_at,"
    " weights, verdict) VALUES (:run, 1, 1, :state, 1, '2026-01-05 09:00', '{}', '{}')"
)
APPROVAL = (
    "INSERT INTO approval (workspace_id, match_run_id, person_id, approved_at)"
    " VALUES (1, :run, 2, '2026-01-05 09:00')"
)
PROPOSAL = (
    "INSERT INTO proposal (workspace_id, match_run_id, mentor_id, mentee_id, score, reasons,"
    " shared_topics) VALUES (1, :run, :mentor, :mentee, 0.5, '[]', '[]')"
)
LEFT = (
    "SELECT id, state, (SELECT count(*) FROM approval WHERE match_run_id = match_run.id),"
    " (SELECT count(*) FROM proposal WHERE match_run_id = match_run.id)"
    " FROM match_run ORDER BY id"
)
KEPT = (
    "SELECT program.name, program.state, program.hour, enrollment.state, pair.state,"
    " touchpoint.kind FROM program"
    " JOIN enrollment ON enrollment.program_id = program.id"
    " JOIN pair ON pair.program_id = program.id JOIN touchpoint ON touchpoint.pair_id = pair.id"
)


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


class TestProgramsAndEnrollment:
    """Revision 0003 makes tables of SQLite anew, which others refer to."""

    async def test_keeps_what_was_there(self, engine: AsyncEngine) -> None:
        await schema.downgrade(engine, "0002")
        async with engine.begin() as connection:
            for statement in BEFORE_0003:
                await connection.execute(text(statement))
        await schema.upgrade(engine)
        async with engine.begin() as connection:
            rows = (await connection.execute(text(KEPT))).all()
            await connection.execute(text("UPDATE pair SET state = 'resting'"))
            await connection.execute(text("UPDATE program SET cadence = 'quarterly'"))
        assert rows == [("Fresh Eyes", "running", 10, "enrolled", "active", "nudge")]

    async def test_puts_the_guard_of_pairs_back_up(self, engine: AsyncEngine) -> None:
        await schema.downgrade(engine, "0002")
        async with engine.begin() as connection:
            for statement in BEFORE_0003:
                await connection.execute(text(statement))
            await connection.execute(text("UPDATE person SET level = 9"))
        await schema.upgrade(engine)
        for state in ("active", "resting"):
            async with engine.connect() as connection:
                with pytest.raises(DBAPIError, match="pair_power_safe"):
                    await connection.execute(
                        text("UPDATE pair SET state = :state"), {"state": state}
                    )


class TestMatchRuns:
    """Revision 0004 lets a run propose several pairs to one person."""

    RUNS = (
        (1, "published", ((1, 2),)),
        (2, "proposed", ((1, 2),)),
        (3, "proposed", ((1, 2), (1, 3))),
        (4, "proposed", ((1, 2), (3, 2))),
        (5, "dropped", ((1, 2),)),
    )

    async def test_goes_back_with_the_runs_that_the_schema_before_has_room_for(
        self, engine: AsyncEngine
    ) -> None:
        await schema.downgrade(engine, "0003")
        async with engine.begin() as connection:
            for statement in (*BEFORE_0003, PERSON_3):
                await connection.execute(text(statement))
        await schema.upgrade(engine)
        async with engine.begin() as connection:
            for run_id, state, pairs in self.RUNS:
                await connection.execute(text(RUN), {"run": run_id, "state": state})
                await connection.execute(text(APPROVAL), {"run": run_id})
                for mentor_id, mentee_id in pairs:
                    row = {"run": run_id, "mentor": mentor_id, "mentee": mentee_id}
                    await connection.execute(text(PROPOSAL), row)
        await schema.downgrade(engine, "0003")
        async with engine.begin() as connection:
            found = await connection.execute(text(LEFT))
            assert found.all() == [(1, "published", 1, 1), (2, "proposed", 1, 1)]
        await schema.upgrade(engine)
        async with engine.begin() as connection:
            found = await connection.execute(text(LEFT))
            assert found.all() == [(1, "published", 1, 1), (2, "dropped", 1, 1)]


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
