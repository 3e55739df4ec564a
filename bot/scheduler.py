"""The ticker: a short table of what is looked after how often. What is due stands in our tables."""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.cadence import service as cadence
from bot.delivery import service as delivery
from bot.log import get_logger
from bot.pairs import service as pairs
from bot.runtime import Runtime

Job = Callable[[Runtime], Awaitable[int]]

TICKS: tuple[tuple[int, Job], ...] = (
    (15, cadence.queue_due),
    (5, pairs.open_spaces),
    (2, delivery.send_due),
    (60, delivery.settle),
)
"""Seconds between two ticks, and what a tick does. A tick that is still at work is not doubled."""


def start(runtime: Runtime) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(timezone="UTC")
    for seconds, job in TICKS:
        scheduler.add_job(
            tick, "interval", args=(job, runtime), seconds=seconds, max_instances=1, coalesce=True
        )
    scheduler.start()
    return scheduler


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
