"""What the page hears while it is open: changes, the clock, the cast, and the developer strip."""

import asyncio
import itertools
import logging
import secrets
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sandbox.blocks import Json
from sandbox.page.changes import Look, between, look
from sandbox.page.demo import Demo
from sandbox.page.strip import call_entry, payload_entry
from sandbox.to_app.sent import Sent
from sandbox.web_api.api import Call

LOOK_SECONDS = 0.2
MOST_ENTRIES = 200
MOST_WAITING = 2_000
"""A page that is so far behind is dropped; it comes back by itself and fetches everything anew."""
MOST_LISTENERS = 50
"""Pages that are open; nobody has so many, and each costs a little at every change."""
CLOCK_EVERY = timedelta(minutes=1)

Listener = asyncio.Queue[Json | None]


class Stream:
    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._listeners: set[Listener] = set()
        self._numbers = itertools.count(1)
        self._before: Look | None = None
        self._told_clock: tuple[datetime, bool] | None = None
        self._told_acting: bool | None = None
        self.run_id = secrets.token_hex(8)
        """Another one with every start of the demo, so that a page that was left open notices."""
        self.strip: deque[Json] = deque(maxlen=MOST_ENTRIES)

    @property
    def is_full(self) -> bool:
        return len(self._listeners) >= MOST_LISTENERS

    def note_call(self, call: Call) -> None:
        self._note(call_entry(call, self._demo.sandbox.workspace))

    def note_sent(self, sent: Sent) -> None:
        self._note(payload_entry(sent, self._demo.sandbox.workspace))

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """A queue of what is told from now on, beginning with the run, the clock and the cast; None
        is the end."""
        listener: Listener = asyncio.Queue(MOST_WAITING)
        if not self._listeners:
            self._before = look(self._demo.sandbox)
        self._listeners.add(listener)
        listener.put_nowait({"type": "run", "run": self.run_id})
        listener.put_nowait(self._clock())
        listener.put_nowait(self._cast())
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    async def run(self) -> None:
        """Looks around a few times a second, for as long as the page is served."""
        while True:
            if self._listeners:
                try:
                    self._look_around()
                except Exception:
                    logging.getLogger(__name__).exception("the page could not be told of changes")
            await asyncio.sleep(LOOK_SECONDS)

    def close(self) -> None:
        for listener in tuple(self._listeners):
            self._drop(listener)

    def _look_around(self) -> None:
        now, moving = self._demo.now(), self._demo.moving
        was = self._told_clock
        if was is None or moving or was[1] != moving or now - was[0] >= CLOCK_EVERY:
            self._told_clock = (now, moving)
            self._tell(self._clock())
        if self._told_acting != self._demo.acting:
            self._told_acting = self._demo.acting
            self._tell(self._cast())
        after = look(self._demo.sandbox)
        if self._before is not None and (changes := between(self._before, after)):
            self._tell({"type": "changed", "people": changes.people, "channels": changes.channels})
        self._before = after

    def _clock(self) -> Json:
        demo = self._demo
        now = demo.now().isoformat()
        return {"type": "clock", "now": now, "moving": demo.moving, "share": demo.share}

    def _cast(self) -> Json:
        return {"type": "cast", "acting": self._demo.acting}

    def _note(self, entry: Json) -> None:
        """Entries are numbered, so that one that is both fetched and heard is shown once."""
        entry = {**entry, "number": next(self._numbers)}
        self.strip.append(entry)
        self._tell(entry)

    def _tell(self, told: Json) -> None:
        for listener in tuple(self._listeners):
            if listener.full():
                self._drop(listener)
            else:
                listener.put_nowait(told)

    def _drop(self, listener: Listener) -> None:
        self._listeners.discard(listener)
        if listener.full():
            listener.get_nowait()
        listener.put_nowait(None)
