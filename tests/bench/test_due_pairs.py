from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bench import company, due_pairs
from bench.baselines import job_per_pair
from bench.database import settings_for
from bench.due_pairs import Run, Side
from bot.app import open_runtime
from bot.runtime import Runtime
from models import Delivery, QuestionAsked

PAIRS = 10


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    path = tmp_path / "due.db"
    await due_pairs._make(path, PAIRS)
    return path


async def queued_by(side: Side, template: Path, count: int) -> set[tuple[object, ...]]:
    """What a side puts into the outbox, but for what is drawn by chance."""
    await due_pairs._take(template, side, PAIRS, count)
    settings = settings_for(template.with_name("copy.db"))
    async with (
        open_runtime(settings) as (runtime, _),
        runtime.database.transaction_across_workspaces() as session,
    ):
        found = await session.scalars(select(Delivery))
        return {
            (row.dedupe_key, row.kind, row.pair_id, row.recipient, row.if_in_doubt, row.state)
            for row in found
        }


class TestBothSides:
    async def test_queue_the_same_messages(self, database: Path) -> None:
        ours = await queued_by(due_pairs._turnabout, database, PAIRS)
        theirs = await queued_by(job_per_pair.scheduled, database, PAIRS)
        assert len(ours) == PAIRS
        assert ours == theirs

    async def test_are_not_believed_when_they_have_not_done_the_work(self, database: Path) -> None:
        @asynccontextmanager
        async def idle(_: Runtime, __: int) -> AsyncIterator[Run]:
            async def nothing() -> None: ...

            yield nothing

        with pytest.raises(AssertionError, match="0 messages"):
            await due_pairs._take(database, idle, PAIRS, PAIRS)


class TestJobPerPair:
    async def test_stops_after_the_jobs_it_was_asked_for(self, database: Path) -> None:
        assert len(await queued_by(job_per_pair.scheduled, database, 3)) == 3

    async def test_an_error_in_a_job_ends_the_measurement(self, database: Path) -> None:
        async with open_runtime(settings_for(database), lambda: company.NOW) as (runtime, _):
            textless = replace(runtime, library=None)
            with pytest.raises(AttributeError):
                async with job_per_pair.scheduled(textless, PAIRS) as run:
                    await run()
            async with textless.database.transaction_across_workspaces() as session:
                assert not (await session.scalars(select(Delivery))).all()
                asked = (await session.scalars(select(QuestionAsked))).all()
            assert len(asked) == PAIRS * (company.WEEK - 1)
