"""Events on their way to the app: one after another, in the order in which they happened."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime

from sandbox.blocks import Json
from sandbox.workspace import Workspace


class Events:
    """Events the app has not subscribed to are dropped, as Slack does.

    `undelivered` keeps those the app did not acknowledge, with the reason.
    """

    def __init__(
        self,
        workspace: Workspace,
        subscribed: Collection[str],
        now: Callable[[], datetime],
        send: Callable[[Json], Awaitable[Json]],
    ) -> None:
        self._workspace = workspace
        self._subscribed = frozenset(subscribed)
        self._now = now
        self._send = send
        self._held: list[Json] = []
        self._queue: asyncio.Queue[Json] = asyncio.Queue()
        self.undelivered: list[tuple[Json, str]] = []

    def emit(self, event: Json) -> None:
        if event["type"] in self._subscribed:
            self._queue.put_nowait(self._envelope(event))

    def hold(self, event: Json) -> None:
        """Keeps an event back until the call that caused it has been answered."""
        self._held.append(event)

    def take_held(self) -> list[Json]:
        held, self._held = self._held, []
        return held

    async def run(self) -> None:
        """Sends, for as long as the sandbox runs."""
        while True:
            envelope = await self._queue.get()
            try:
                await self._send(envelope)
            except Exception as error:  # whatever it is, the next event must not wait for ever
                self.undelivered.append((envelope["event"], str(error) or repr(error)))
            finally:
                self._queue.task_done()

    async def settle(self) -> None:
        await self._queue.join()

    def _envelope(self, event: Json) -> Json:
        workspace = self._workspace
        return {
            "token": "sandbox",
            "team_id": workspace.team_id,
            "api_app_id": workspace.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": workspace.ids.next("Ev"),
            "event_time": int(self._now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team_id,
                    "user_id": workspace.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
        }
