"""What the demo's people will do, in the order of time."""

import heapq
import itertools
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
Act = Callable[[], Awaitable[None]]


@dataclass
class Agenda:
    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _turns: Iterator[int] = field(default_factory=itertools.count)

    def add(self, at: datetime, act: Act) -> None:
        """At the next full hour: the fewer moments something happens at, the faster the demo."""
        at += -timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond) % HOUR
        heapq.heappush(self._acts, (at, next(self._turns), act))

    @property
    def next_at(self) -> datetime | None:
        return self._acts[0][0] if self._acts else None

    async def play_next(self, now: datetime) -> bool:
        """Does the next act, if its time has come; False when there is none yet."""
        if not self._acts or self._acts[0][0] > now:
            return False
        await heapq.heappop(self._acts)[2]()
        return True
