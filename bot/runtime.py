"""What every listener and job is given."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from bot.clock import Clock
from bot.database import Database
from bot.slack.gateway import Gateway
from bot.vault import Vault
from prompts.library import Library


@dataclass(frozen=True)
class Runtime:
    """`random` chooses what must not be guessed (delivery keys, jitter): the system's randomness,
    or a seeded one in the demo, so that it can be repeated. `hearing_since` holds, by workspace,
    the moment from which on this process has heard Slack confirm our messages. `at_work` is what
    goes on after Slack has its answer, by the id of the form that waits for it."""

    database: Database
    slack: Gateway
    clock: Clock
    library: Library
    vault: Vault
    random: Random
    hearing_since: dict[int, datetime] = field(default_factory=dict)
    at_work: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def new_key(self) -> str:
        """An opaque id: 96 bits that say nothing about anybody."""
        return f"{self.random.getrandbits(96):024x}"

    def go_on_with(self, form_id: str, work: Coroutine[Any, Any, None]) -> None:
        """Does this in the place of what the form waited for until now. Only for what may be lost:
        it is let go of when the app stops."""
        if (before := self.at_work.get(form_id)) is not None:
            before.cancel()
        self.at_work[form_id] = task = asyncio.get_running_loop().create_task(work)

        def done(task: asyncio.Task[None]) -> None:
            if self.at_work.get(form_id) is task:
                del self.at_work[form_id]

        task.add_done_callback(done)

    async def stop(self) -> None:
        tasks = list(self.at_work.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
