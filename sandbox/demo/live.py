"""The demo behind the page: the real app, the company, and a clock that visitors move on.

Time flows as it does outside. When it is moved on by a day or a week, it jumps from one moment at
which the cast acts or something is due to the next, so that everything happens that would have.
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot import log
from bot.people.hr_file import read_rows
from bot.scheduler import TICKS, tick
from sandbox.demo import company, play
from sandbox.demo.cast import Cast
from sandbox.demo.company import Employee
from sandbox.demo.stage import BEGIN, LOG, PEOPLE, TRANSCRIPT, FlowingClock, Stage, set_up
from sandbox.manifest import SlashCommand
from sandbox.page.demo import Card
from sandbox.page.server import serve
from sandbox.page.stream import Stream
from sandbox.server import Sandbox

TICK_SECONDS = 0.5
WEEKS = 12
PATIENCE = timedelta(days=1)
"""How long the program manager waits for a visitor to open a program in their place."""
MANAGER = Card("Runs the mentoring program", "People and Culture", None)


@dataclass
class Live:
    """`sandbox.page.demo.Demo`, as it says there."""

    stage: Stage
    cast: Cast
    clock: FlowingClock
    cards: Mapping[str, Card]
    commands: tuple[SlashCommand, ...]
    made_up: str
    _from: datetime = BEGIN
    _target: datetime | None = None
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _stopped: bool = False

    @property
    def sandbox(self) -> Sandbox:
        return self.stage.sandbox

    @property
    def acting(self) -> bool:
        return self.cast.acting

    @acting.setter
    def acting(self, acting: bool) -> None:
        self.cast.acting = acting

    @property
    def moving(self) -> bool:
        return self._target is not None

    @property
    def share(self) -> float:
        if self._target is None:
            return 1.0
        share = (self.clock() - self._from) / (self._target - self._from)
        return round(min(1.0, share), 3)

    def now(self) -> datetime:
        return self.clock()

    def move(self, days: int) -> bool:
        if self.moving:
            return False
        self.clock.stop()
        self._from = self.clock()
        self._target = self._from + timedelta(days=days)
        self._wanted.set()
        return True

    @asynccontextmanager
    async def taking(self, person: str) -> AsyncIterator[None]:
        self.cast.taken.add(person)
        async with self.cast.hands[person]:
            yield

    def is_played(self, person: str) -> bool:
        return person not in self.cast.taken and self.cast.hands[person].locked()

    async def run(self) -> None:
        """Lets time pass, until `stop` is called."""
        while not self._stopped:
            await (self._live() if self._target is None else self._move_on(self._target))
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._wanted.wait()
            self._wanted.clear()

    def stop(self) -> None:
        """What is being done comes to its end, so that nothing is cut off in a transaction."""
        self._stopped = True
        self._wanted.set()

    async def _live(self) -> None:
        await self._act(self.clock)
        for _, job in TICKS:
            await tick(job, self.stage.app.runtime)

    async def _move_on(self, target: datetime) -> None:
        try:
            while (moment := await play.next_moment(self.stage, self.cast)) < target:
                self.clock.now = moment
                await self._act(self._a_little_later)
                await play.do_what_is_due(self.stage)
                if self._stopped:
                    return
            self.clock.now = max(target, self.clock.now)
        except Exception:
            logging.getLogger(__name__).exception("the clock stopped at %s", self.clock.now)
        finally:
            self._target = None
            self.clock.flow()

    async def _act(self, now: Callable[[], datetime]) -> None:
        """What is up by now; an act that comes to nothing keeps nobody else from acting."""
        more = True
        while more:
            try:
                more = await self.cast.agenda.play_next(now())
            except Exception:
                logging.getLogger(__name__).exception("somebody could not do what they wanted")

    def _a_little_later(self) -> datetime:
        self.clock.now += play.BETWEEN_ACTS
        return self.clock.now


@asynccontextmanager
async def served(
    employees: Sequence[Employee], made_up: str, *, seed: int, out: Path, listening: socket.socket
) -> AsyncIterator[Live]:
    """Serves the page on a socket that listens already, until the block is left. What the app keeps
    and logs goes to `out`, which has to be empty of it."""
    people = company.to_csv(employees)
    (out / PEOPLE).write_text(people, encoding="utf-8")
    clock = FlowingClock()
    with (
        (out / LOG).open("w", encoding="utf-8") as log_file,
        (out / TRANSCRIPT).open("w", encoding="utf-8") as transcript,
    ):
        log.configure(log_file)
        async with set_up(out, transcript, seed, clock) as stage:
            await play.import_people(stage.app, read_rows(people.encode(), {}))
            live = _live(stage, clock, employees, made_up, seed)
            stream = Stream(live)
            stage.watchers.append(stream.note_call)
            stage.sandbox.sent_watchers.append(stream.note_sent)
            async with serve(live, stream, listening), _running(live):
                yield live


def _live(
    stage: Stage, clock: FlowingClock, employees: Sequence[Employee], made_up: str, seed: int
) -> Live:
    cast = play.cast_of(stage, employees, WEEKS, seed)
    cast.plan_manager(BEGIN + PATIENCE, play.end_of(WEEKS))
    at_work = [person for person in employees if not person.left]
    cards = {
        user: Card(person.title, person.department, person.level)
        for user, person in zip(cast.scene.employee_ids, at_work, strict=True)
    }
    by_level = sorted(cards, key=lambda user: -(cards[user].level or 0))
    return Live(
        stage=stage,
        cast=cast,
        clock=clock,
        cards={cast.scene.manager_id: MANAGER, **{user: cards[user] for user in by_level}},
        commands=stage.sandbox.manifest.commands or (),
        made_up=made_up,
    )


@asynccontextmanager
async def _running(live: Live) -> AsyncIterator[None]:
    live.clock.flow()
    running = asyncio.create_task(live.run())
    try:
        yield
    finally:
        live.stop()
        await running
