"""What the commands share: saying things at the terminal, and running what takes a while."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

SQLITE_THREAD = "_connection_worker_thread"
LAST_WORDS_SECONDS = 5.0
PATIENCE_SECONDS = 2.0
"""Where no terminal shows a bar, a line says after so long how far things are."""

console = Console()
T = TypeVar("T")
Show = Callable[[str, int, int], None]
"""Shows what is being done, how much of it is done, and how much there is."""


def print_line(sentence: str) -> None:
    """On one line however narrow the place is, so that it can be searched for."""
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Waits for the threads of SQLite connections too: one that could not be opened still tells the
    event loop that it ends, and would print a traceback if the loop were closed by then."""

    async def to_the_end() -> T:
        try:
            return await work
        finally:
            for thread in threading.enumerate():
                if SQLITE_THREAD in thread.name:
                    await asyncio.to_thread(thread.join, LAST_WORDS_SECONDS)

    return asyncio.run(to_the_end())


@contextmanager
def progress(place: Console | None = None) -> Iterator[Show]:
    """A bar for each thing that is done, on standard error; lines where that is no terminal."""
    place = place or Console(stderr=True)
    if not place.is_terminal:
        yield _in_lines(place)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=place, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(doing: str, done: int, in_all: int) -> None:
            if doing not in tasks:
                tasks[doing] = bars.add_task(doing)
            bars.update(tasks[doing], completed=done, total=in_all)

        yield show


def _in_lines(place: Console) -> Show:
    said = monotonic()

    def show(doing: str, done: int, in_all: int) -> None:
        nonlocal said
        if monotonic() - said >= PATIENCE_SECONDS:
            place.print(f"{doing}: {done:,} of {in_all:,}", highlight=False, soft_wrap=True)
            said = monotonic()

    return show
