"""How long it takes to put what is due for many pairs at one moment into the outbox, and for how
long at a time the event loop, which has to answer Slack within three seconds, is away meanwhile.

`bot.cadence.service.queue_due`, as the ticker calls it, against one APScheduler job per pair; each
on a fresh copy of the same SQLite file, with the real vault and prompt library.
"""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from sqlalchemy import func, select

from bench import company
from bench.baselines import job_per_pair
from bench.database import migrate, settings_for
from bench.figure import Figure, Progress
from bench.stall import watched
from bot.app import open_runtime
from bot.cadence import service as cadence
from bot.database import make_engine
from bot.runtime import Runtime
from models import Delivery, QuestionAsked
from prompts.library import load_library

Run = Callable[[], Awaitable[object]]
Side = Callable[[Runtime, int], AbstractAsyncContextManager[Run]]
"""Gets ready to queue so many of the due pairs, and yields what is then measured."""

GOAL = 0.1
STALL_GOAL = 0.1


@dataclass(frozen=True)
class Took:
    """Seconds for all pairs, and milliseconds of the longest stall."""

    seconds: float
    stall: float


async def measure(
    work: Path, pairs: int, jobs: int, rounds: int, progress: Progress
) -> list[Figure]:
    """The medians of so many rounds, each ours and then the baseline; `work` is an empty folder.

    All pairs are due on both sides. The baseline is stopped after `jobs` of its jobs, and its time
    multiplied accordingly: every job takes as long as the one before.
    """
    template = work / "template.db"
    await _make(template, pairs)
    ours: list[Took] = []
    theirs: list[Took] = []
    for _ in range(rounds):
        ours.append(await _take(template, _turnabout, pairs, pairs))
        progress(1)
        theirs.append(await _take(template, job_per_pair.scheduled, pairs, jobs))
        progress(1)
    times = [median(took.seconds for took in side) for side in (ours, theirs)]
    stalls = [median(took.stall for took in side) for side in (ours, theirs)]
    name = f"queue {pairs:,} due pairs"
    return [
        Figure(name, times[0], "s", times[1], GOAL),
        Figure(f"{name}: longest stall", stalls[0], "ms", stalls[1], STALL_GOAL),
    ]


async def _make(database: Path, pairs: int) -> None:
    await migrate(database)
    engine = make_engine(settings_for(database).database_url)
    await company.fill(engine, pairs, load_library())
    await engine.dispose()


async def _take(template: Path, side: Side, pairs: int, count: int) -> Took:
    """Measures one side queueing `count` of the pairs."""
    database = template.with_name("copy.db")
    database.unlink(missing_ok=True)
    shutil.copy(template, database)
    random = Random(1)  # both sides draw the same
    async with open_runtime(settings_for(database), lambda: company.NOW, random) as (runtime, _):
        async with side(runtime, count) as run:
            began = perf_counter()
            async with watched() as stall:
                await run()
            seconds = perf_counter() - began
        await _check(runtime, pairs, count)
    return Took(seconds * pairs / count, stall.longest * 1000)


@asynccontextmanager
async def _turnabout(runtime: Runtime, _: int) -> AsyncIterator[Run]:
    yield partial(cadence.queue_due, runtime)


async def _check(runtime: Runtime, pairs: int, count: int) -> None:
    """A side must have done the work: `count` messages in the outbox, each question noted."""
    async with runtime.database.transaction_across_workspaces() as session:
        messages = await session.scalar(select(func.count(Delivery.id)))
        asked = await session.scalar(select(func.count(QuestionAsked.id)))
    before = pairs * (company.WEEK - 1)
    if (messages, asked) != (count, before + count):
        raise AssertionError(f"{messages} messages and {asked} questions where {count} were due")
