"""For how long at a time the event loop was not there for anybody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter

EVERY = 0.005


@dataclass
class Stall:
    """The longest that something due every 5 ms had to wait for its turn, in seconds."""

    longest: float = 0.0
    _began: float = field(default_factory=perf_counter)

    async def watch(self) -> None:
        while True:
            self._began = perf_counter()
            await asyncio.sleep(EVERY)
            self.note()

    def note(self) -> None:
        self.longest = max(self.longest, perf_counter() - self._began - EVERY)


@asynccontextmanager
async def watched() -> AsyncIterator[Stall]:
    """What it yields is complete when the block is left."""
    stall = Stall()
    watch = asyncio.create_task(stall.watch())
    await asyncio.sleep(0)
    try:
        yield stall
    finally:
        stall.note()  # a stall that has lasted until now
        watch.cancel()
