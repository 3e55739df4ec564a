"""`python -m bench`: every figure beside its baseline, as a table and as JSON."""

import asyncio
import json
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from bench import acknowledge, due_pairs, matching
from bench.figure import Figure, Progress
from sandbox.loopback import forget_proxies


class Part(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    QUEUE = "queue"
    MATCHING = "matching"


@dataclass(frozen=True)
class Size:
    """`requests` to each app; `rounds` with `pairs` due, of which the baseline does `jobs`; a match
    of `matched` people a side, and of `few` where a baseline cannot do more."""

    requests: int
    pairs: int
    jobs: int
    rounds: int
    matched: int
    few: int


SHORT = Size(requests=300, pairs=10_000, jobs=2_000, rounds=1, matched=1_000, few=100)
FULL = Size(requests=1_000, pairs=10_000, jobs=10_000, rounds=3, matched=5_000, few=200)


app = typer.Typer(add_completion=False)


@app.command()
def main(
    only: Annotated[Part | None, typer.Argument(help="Only this part.")] = None,
    full: Annotated[
        bool, typer.Option("--full/--short", help="Take several minutes, or less than one.")
    ] = True,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the figures there too.")
    ] = None,
) -> None:
    """Measure Turnabout against baselines that do the same work in the same run.

    Less is better in every figure; the ratio is Turnabout's divided by the baseline's.
    """
    forget_proxies()
    console, size = Console(), FULL if full else SHORT
    figures = asyncio.run(measure(size, console, only))
    show(figures, size, console)
    if json_file is not None:
        rows = [figure.as_json() for figure in figures]
        json_file.write_text(json.dumps(rows, indent=2) + "\n")


def show(figures: Sequence[Figure], size: Size, console: Console) -> None:
    """The table, and in plain words what must not be overlooked in it."""
    table = Table("", "Turnabout", "baseline", "ratio", "goal", "holds")
    for figure in figures:
        table.add_row(
            figure.name,
            f"{figure.value:,.2f} {figure.unit}",
            f"{figure.baseline:,.2f} {figure.unit}",
            f"{figure.ratio:.3f}",
            f"≤ {figure.goal}",
            "yes" if figure.holds else "NO",
        )
    console.print(table)
    if size.jobs < size.pairs and any("due pairs" in figure.name for figure in figures):
        console.print(
            f"The baseline of the due pairs did {size.jobs:,} of its {size.pairs:,} jobs, "
            "and its time was scaled up; --full does them all."
        )
    for figure in figures:
        if not figure.holds:
            console.print(f"Does not hold: {figure.name}, {figure.ratio:.3f} > {figure.goal}.")


async def measure(size: Size, console: Console, only: Part | None = None) -> list[Figure]:
    """Progress is a bar on a terminal and a line for each part elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        tempfile.TemporaryDirectory(prefix="turnabout-bench-") as folder,
        Bar(
            *columns,
            TimeElapsedColumn(),
            console=console,
            auto_refresh=False,  # no thread that draws while the clock runs
            disable=not console.is_terminal,
        ) as bar,
    ):

        def part(title: str, steps: int) -> Progress:
            if not console.is_terminal:
                console.print(f"Measuring: {title}")
            task = bar.add_task(title, total=steps)

            def done(steps: int) -> None:
                bar.update(task, advance=steps, refresh=True)

            return done

        figures = []
        if only in (None, Part.ACKNOWLEDGE):
            bar_of_it = part("acknowledge /mentoring", size.requests)
            figures.append(await acknowledge.measure(Path(folder), size.requests, bar_of_it))
        if only in (None, Part.QUEUE):
            bar_of_it = part(f"queue {size.pairs:,} due pairs", 2 * size.rounds)
            figures += await due_pairs.measure(
                Path(folder), size.pairs, size.jobs, size.rounds, bar_of_it
            )
        if only in (None, Part.MATCHING):
            bar_of_it = part(f"match {size.matched:,} × {size.matched:,}", matching.STEPS)
            figures += matching.measure(size.matched, size.few, bar_of_it)
        return figures


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # the figures are not for the log; a failure still says so
    app()
