"""The ticker: a short table of what is looked after how often. What is due stands in our tables."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.cadence import service as cadence
from bot.delivery import service as delivery
from bot.enrollment import breaks_service as breaks
from bot.enrollment import service as enrollment
from bot.home import service as home
from bot.lessons import service as lessons
from bot.log import get_logger
from bot.matching import asking_service as asking
from bot.matching import rematch_service as rematching
from bot.matching import runs_service as matching
from bot.pairs import service as pairs
from bot.people import hr_service as people
from bot.programs import dates_service as programs
from bot.runtime import Runtime
from bot.support import service as support

Job = Callable[[Runtime], Awaitable[int]]

TICKS: tuple[tuple[int, Job], ...] = (
    (15, cadence.queue_due),
    (5, pairs.open_spaces),
    (2, delivery.send_due),
    (3, home.publish_outdated),
    (2, matching.work_off),
    (60, asking.close_due),
    (60, delivery.settle),
    (60, enrollment.fill_seats),
    (300, breaks.resume_due),
    (300, people.follow_dates),
    (300, programs.follow_dates),
    (300, lessons.remind_due),
    (900, support.ask_quiet),
    (3600, rematching.look_again),
)
"""Seconds between two ticks, and what a tick does. A tick that is still at work is not doubled."""

STOP_SECONDS = 10.0
HAND_BACK_SECONDS = 3.0


@dataclass
class Ticker:
    """The running ticker, and the ticks that are at work at the moment."""

    scheduler: AsyncIOScheduler
    at_work: set[asyncio.Task[Any]]

    async def stop(self) -> None:
        """No further ticks; those at work may finish for a while, so that nothing that was claimed
        stays behind half done. Then they are cancelled, and may still hand back what is theirs."""
        self.scheduler.pause()
        if self.at_work:
            await asyncio.wait(self.at_work, timeout=STOP_SECONDS)
        self.scheduler.shutdown(wait=False)
        if self.at_work:
            await asyncio.wait(self.at_work, timeout=HAND_BACK_SECONDS)


def start(runtime: Runtime) -> Ticker:
    ticker = Ticker(AsyncIOScheduler(timezone="UTC"), set())

    async def tick_seen(job: Job) -> None:
        task = asyncio.current_task()
        assert task is not None, "APScheduler runs a coroutine as a task"
        ticker.at_work.add(task)
        try:
            await tick(job, runtime)
        finally:
            ticker.at_work.discard(task)

    for seconds, job in TICKS:
        ticker.scheduler.add_job(
            tick_seen, "interval", args=(job,), seconds=seconds, max_instances=1, coalesce=True
        )
    ticker.scheduler.start()
    return ticker


async def tick(job: Job, runtime: Runtime) -> int:
    """Does one job; an error is logged, and the next tick tries again."""
    name = f"{job.__module__}.{job.__name__}"
    try:
        done = await job(runtime)
    except Exception as error:
        get_logger().error("tick_failed", job=name, exc_info=error)
        return 0
    if done:
        get_logger().info("tick", job=name, done=done)
    return done
