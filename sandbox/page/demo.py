"""What stands behind the page: a workspace, a clock that can be moved on, and a cast."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sandbox.manifest import SlashCommand
from sandbox.server import Sandbox


@dataclass(frozen=True)
class Card:
    """What HR knows of somebody. `level` is None for somebody whom HR data does not have."""

    title: str
    department: str
    level: int | None


class Demo(Protocol):
    @property
    def sandbox(self) -> Sandbox: ...

    cards: Mapping[str, Card]
    """By user id: those a visitor can be, the program manager first."""
    commands: tuple[SlashCommand, ...]
    made_up: str
    """A sentence that says which facts are."""
    acting: bool
    """Whether the cast acts by itself."""

    @property
    def moving(self) -> bool:
        """Whether the clock is being moved on."""

    @property
    def share(self) -> float:
        """How far it has been moved, from 0 to 1; 1 when it is not moving."""

    def now(self) -> datetime: ...

    def move(self, days: int) -> bool:
        """Moves the clock on, in the background; False while it is still moving."""

    def taking(self, person: str) -> AbstractAsyncContextManager[None]:
        """A visitor acts as this person from now on: the cast leaves them alone, and two acts of
        one person wait for each other."""

    def is_played(self, person: str) -> bool:
        """Whether the cast is in the middle of something as this person."""
