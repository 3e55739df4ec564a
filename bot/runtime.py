"""What every listener and job is given."""

from dataclasses import dataclass
from random import Random

from bot.clock import Clock
from bot.database import Database
from bot.slack.gateway import Gateway
from bot.vault import Vault
from prompts.library import Library


@dataclass(frozen=True)
class Runtime:
    """`random` chooses what must not be guessed (delivery keys, jitter): the system's randomness,
    or a seeded one in the demo, so that it can be repeated."""

    database: Database
    slack: Gateway
    clock: Clock
    library: Library
    vault: Vault
    random: Random

    def new_key(self) -> str:
        """An opaque id: 96 bits that say nothing about anybody."""
        return f"{self.random.getrandbits(96):024x}"
