"""Works out a match run without keeping anybody else waiting.

The solver does not let Python run anything else for seconds at a time, so a large run gets a
process of its own. It is started afresh (spawn) and not as a copy of this one, because a copy
would share the database's connections.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeAlias

from bot.matching import task as tasks
from bot.matching.certificate import Certificate, Verdict
from bot.matching.pairwise import Two
from bot.matching.task import Task, Worked

Pipe: TypeAlias = "Connection[Any, Any]"
LARGE = 40_000
"""From so many possible pairs on, a run gets its own process; fewer take less than a
tenth of a second, and starting a process takes a second or two."""
BEAT = 60.0
"""Seconds after which `told` hears the same percentage again while nothing new is said."""


async def work_out(task: Task, told: Callable[[int], Awaitable[None]]) -> Worked:
    """What `task.work_out` says of it. `told` hears the percentage that is done whenever it has
    risen, and every minute at least as long as the process lives; of a small run nothing.

    Cancelling ends the process. Raises ValueError as `task.work_out` does, and RuntimeError when
    the process came to grief, by lack of memory for example.
    """
    if not _is_large(task):
        return await asyncio.to_thread(tasks.work_out, task)
    worked = await _beside(task, told)
    assert isinstance(worked, Worked), "a task is worked out"
    return worked


async def check(task: Task, pairs: Collection[Two], certificate: Certificate) -> Verdict:
    """What `task.check` says, as `work_out`."""
    if not _is_large(task):
        return await asyncio.to_thread(tasks.check, task, pairs, certificate)

    async def told(_: int) -> None:
        return

    verdict = await _beside(_Check(task, pairs, certificate), told)
    assert isinstance(verdict, Verdict), "a proof is checked"
    return verdict


@dataclass(frozen=True)
class _Check:
    task: Task
    pairs: Collection[Two]
    certificate: Certificate


def _is_large(task: Task) -> bool:
    return len(task.mentors) * len(task.mentees) >= LARGE


async def _beside(what: Task | _Check, told: Callable[[int], Awaitable[None]]) -> Worked | Verdict:
    """In a process of its own."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), name="match", daemon=True)
    process.start()
    theirs.close()  # so that ours says when the process is gone
    try:
        return await _talk(ours, what, told)
    except _GoneError:
        await asyncio.to_thread(process.join)
        raise RuntimeError(f"The match's process ended with {process.exitcode}.") from None
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        ours.close()
        process.close()


class _GoneError(Exception):
    """The process has ended without a result."""


async def _talk(
    ours: Pipe, what: Task | _Check, told: Callable[[int], Awaitable[None]]
) -> Worked | Verdict:
    await _in_thread(ours.send, what)
    percent = 0
    while True:
        try:
            await asyncio.wait_for(_is_there(ours), BEAT)
        except TimeoutError:
            await told(percent)
            continue
        said = await _in_thread(ours.recv)
        while isinstance(said, int) and ours.poll():
            said = await _in_thread(ours.recv)  # it was faster than who is told
        if isinstance(said, Worked | Verdict):
            return said
        if isinstance(said, ValueError):
            raise said
        percent = said
        await told(percent)


async def _is_there(ours: Pipe) -> None:
    """Waits until the process has said something, or is gone."""
    loop, said = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(ours.fileno(), said.set)
    try:
        await said.wait()
    finally:
        loop.remove_reader(ours.fileno())


async def _in_thread(do: Callable[..., Any], *what: object) -> Any:
    try:
        return await asyncio.to_thread(do, *what)
    except (EOFError, OSError):
        raise _GoneError from None


def _serve(theirs: Pipe) -> None:
    """Runs in the other process, until its work is done or the first one is no longer there."""
    for name in (signal.SIGINT, signal.SIGTERM):  # they are for the first one, which ends this
        signal.signal(name, signal.SIG_IGN)
    try:
        try:
            what = theirs.recv()
            if isinstance(what, _Check):
                theirs.send(tasks.check(what.task, what.pairs, what.certificate))
            else:
                theirs.send(tasks.work_out(what, theirs.send))
        except ValueError as wrong:
            theirs.send(wrong)
    except (EOFError, BrokenPipeError):
        return
