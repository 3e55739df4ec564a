"""Events on their way to the app: one after another, in the order in which they happened.

One that the app does not acknowledge comes again, as Slack documents it: at once, after another
minute, and after another five. Those behind it do not wait for that.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush

from sandbox.blocks import Json
from sandbox.errors import NotAcknowledged
from sandbox.faults import Faults
from sandbox.state.workspace import Workspace
from sandbox.to_app.transport import Retry

AGAIN_AFTER = (timedelta(), timedelta(minutes=1), timedelta(minutes=5))
LOOK_SECONDS = 0.2
"""How often, in real time, the loop asks the workspace's clock whether a retry is due."""


@dataclass(order=True)
class _Sending:
    """An event and when it is due; among those of one moment, the older goes first."""

    due: datetime
    number: int
    envelope: Json = field(compare=False)
    retry: Retry | None = field(compare=False, default=None)


class Events:
    """Events the app has not subscribed to are dropped, as Slack does.

    `undelivered` keeps those that were given up, with the reason.
    """

    def __init__(
        self,
        workspace: Workspace,
        hears: Callable[[Json], bool],
        now: Callable[[], datetime],
        send: Callable[[Json, Retry | None], Awaitable[Json]],
        faults: Faults,
    ) -> None:
        self._workspace = workspace
        self._hears = hears
        self._now = now
        self._send = send
        self._faults = faults
        self._held: list[Json] | None = None
        self._queue: list[_Sending] = []
        self._emitted = 0
        self._running: asyncio.Task[None]
        self._wake = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self.undelivered: list[tuple[Json, str]] = []

    @property
    def pending(self) -> list[Json]:
        """Those not sent yet, or to be sent again; the next comes first."""
        return [sending.envelope["event"] for sending in sorted(self._queue)]

    def emit(self, event: Json) -> None:
        if self._held is not None:
            self._held.append(event)
        elif self._hears(event):
            self._emitted += 1
            self._push(_Sending(self._now(), self._emitted, self._envelope(event)))

    @contextlib.contextmanager
    def holding(self) -> Iterator[list[Json]]:
        """Keeps back what happens in a call, for whoever answers it to emit afterwards."""
        held: list[Json] = []
        self._held = held
        try:
            yield held
        finally:
            self._held = None

    def start(self) -> None:
        """From now on sends what is due, until `stop` is called."""
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Raises the error that had ended the sending before, if there was one."""
        self._running.cancel()
        await asyncio.wait([self._running])
        if not self._running.cancelled():
            self._running.result()

    async def settle(self) -> None:
        """Returns when everything due by now has been sent. What the app did not acknowledge may
        be due again later; see `pending`. Raises an error of the sandbox's own that has ended
        the sending."""
        if not self._running.done():
            self._settled.clear()
            self._wake.set()
            await self._settled.wait()
        if self._running.done():
            self._running.result()

    async def _run(self) -> None:
        try:
            while True:
                while (sending := self._take_due()) is not None:
                    await self._deliver(sending)
                self._settled.set()
                await self._wait(LOOK_SECONDS if self._queue else None)
        finally:  # nobody waits for what nobody sends any more
            self._settled.set()

    def _push(self, sending: _Sending) -> None:
        heappush(self._queue, sending)
        self._wake.set()

    def _take_due(self) -> _Sending | None:
        due = bool(self._queue) and self._queue[0].due <= self._now()
        return heappop(self._queue) if due else None

    async def _wait(self, seconds: float | None) -> None:
        """Until something is emitted or somebody settles, and so long at most.

        Not by asyncio.wait_for: in Python 3.11 it loses a cancellation that comes in the turn of
        the loop in which the wait is over.
        """
        self._wake.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _deliver(self, sending: _Sending) -> None:
        fault = None if sending.retry else self._faults.of_event(sending.envelope["event"])
        kind = fault.kind if fault else ""
        if kind == "reorder":
            await self._let_overtake()
        taken = await self._try(sending)
        if taken and kind == "duplicate":
            await self._try(sending)

    async def _let_overtake(self) -> None:
        """Sends the next event, if one comes soon; none will while somebody waits for us."""
        following = self._take_due()
        if following is None and self._settled.is_set():
            await self._wait(LOOK_SECONDS)
            following = self._take_due()
        if following is not None:
            await self._deliver(following)

    async def _try(self, sending: _Sending) -> bool:
        """Whether the app took it; if not, it comes again or is given up."""
        try:
            await self._send(sending.envelope, sending.retry)
        except NotAcknowledged as refusal:
            self._try_again(sending, refusal)
            return False
        except Exception as error:  # whatever it is, the next event must not wait for ever
            self._give_up(sending, error)
            return False
        return True

    def _try_again(self, sending: _Sending, refusal: NotAcknowledged) -> None:
        tried = sending.retry.number if sending.retry else 0
        if tried == len(AGAIN_AFTER) or not refusal.again:
            self._give_up(sending, refusal)
            return
        due, retry = self._now() + AGAIN_AFTER[tried], Retry(tried + 1, refusal.cause)
        self._push(_Sending(due, sending.number, sending.envelope, retry))

    def _give_up(self, sending: _Sending, error: Exception) -> None:
        self.undelivered.append((sending.envelope["event"], str(error) or repr(error)))

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
