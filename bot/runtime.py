"""What every listener and job is given."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from bot.clock import Clock
from bot.database import Database
from bot.slack.gateway import Gateway
from bot.vault import Vault
from prompts.library import Library


@dataclass(frozen=True)
class Runtime:
    """`random` chooses what must not be guessed (delivery keys, jitter): the system's randomness,
    or a seeded one in the demo, so that it can be repeated. `hearing_since` holds, by workspace,
    the moment from which on this process has heard Slack confirm our messages."""

    database: Database
    slack: Gateway
    clock: Clock
    library: Library
    vault: Vault
    random: Random
    hearing_since: dict[int, datetime] = field(default_factory=dict)

    def new_key(self) -> str:
        """An opaque id: 96 bits that say nothing about anybody."""
        return f"{self.random.getrandbits(96):024x}"
