"""How reading and writing say how far they are."""

from collections.abc import Callable

Tell = Callable[[str, int, int], None]
"""Told now and then what is being done (a key under `import.`), how much of it is done, and how
much there is in all."""

STEP = 5_000
"""After so many people it is told how far things are."""


def quietly(_doing: str, _done: int, _in_all: int) -> None:
    """Says nothing."""
