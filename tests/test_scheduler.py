import asyncio
from datetime import UTC, datetime

import pytest
from apscheduler.triggers.interval import IntervalTrigger
from structlog.testing import capture_logs

from bot import scheduler
from bot.runtime import Runtime

RUNTIME: Runtime = None  # the jobs of these tests do not look at it


async def does_three(_: Runtime) -> int:
    return 3


async def does_nothing(_: Runtime) -> int:
    return 0


async def fails(_: Runtime) -> int:
    raise ValueError


class TestTick:
    async def test_logs_which_job_did_how_much(self) -> None:
        with capture_logs() as logged:
            assert await scheduler.tick(does_three, RUNTIME) == 3
        assert [(line["event"], line["done"]) for line in logged] == [("tick", 3)]
        assert logged[0]["job"].endswith(".does_three")

    async def test_is_silent_when_there_was_nothing_to_do(self) -> None:
        with capture_logs() as logged:
            assert await scheduler.tick(does_nothing, RUNTIME) == 0
        assert not logged

    async def test_survives_an_exception_and_logs_it(self) -> None:
        with capture_logs() as logged:
            assert await scheduler.tick(fails, RUNTIME) == 0
        assert [(line["event"], line["log_level"]) for line in logged] == [("tick_failed", "error")]
        assert isinstance(logged[0]["exc_info"], ValueError)

    async def test_tells_the_jobs_of_the_table_apart(self) -> None:
        with capture_logs() as logged:
            for _, job in scheduler.TICKS:
                await scheduler.tick(job, RUNTIME)  # each fails, for want of a runtime
        assert len({line["job"] for line in logged}) == len(scheduler.TICKS)


class TestStart:
    async def test_ticks_every_job_of_the_table_and_doubles_none(self) -> None:
        ticker = scheduler.start(RUNTIME)
        try:
            jobs = ticker.scheduler.get_jobs()
        finally:
            await ticker.stop()
        assert {(job.trigger.interval.seconds, job.args[0]) for job in jobs} == set(scheduler.TICKS)
        assert all(isinstance(job.trigger, IntervalTrigger) for job in jobs)
        assert all(job.max_instances == 1 and job.coalesce for job in jobs)


class TestStop:
    async def test_lets_a_tick_at_work_finish(self, monkeypatch: pytest.MonkeyPatch) -> None:
        begun, finish, finished = asyncio.Event(), asyncio.Event(), []

        async def works(_: Runtime) -> int:
            begun.set()
            await finish.wait()
            finished.append(True)
            return 1

        monkeypatch.setattr(scheduler, "TICKS", ((1, works),))
        ticker = scheduler.start(RUNTIME)
        ticker.scheduler.get_jobs()[0].modify(next_run_time=datetime.now(UTC))
        await begun.wait()
        stopping = asyncio.create_task(ticker.stop())
        await asyncio.sleep(0)
        assert not stopping.done()
        finish.set()
        await stopping
        assert finished
        assert not ticker.at_work
