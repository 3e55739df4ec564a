"""How far the demo is: a bar on a terminal, a plain line now and then elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

LINES = 10


class Progress(Protocol):
    def at(self, share: float, calls: int) -> None:
        """`share` of the way, from 0 to 1, after so many calls to Slack."""


@contextmanager
def shown(console: Console, title: str) -> Iterator[Progress]:
    if not console.is_terminal:
        yield _Lines(console, title)
        return
    columns = (
        TextColumn(title),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[calls]} calls to Slack"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console) as bar:
        yield _Bar(bar)


class _Bar:
    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=1.0, calls=0)

    def at(self, share: float, calls: int) -> None:
        self._bar.update(self._task, completed=share, calls=calls)


class _Lines:
    def __init__(self, console: Console, title: str) -> None:
        self._console = console
        self._title = title
        self._said = 0

    def at(self, share: float, calls: int) -> None:
        if (step := int(share * LINES)) > self._said:
            self._said = step
            self._console.print(f"{self._title}: {share:.0%}, {calls:,} calls to Slack so far")
