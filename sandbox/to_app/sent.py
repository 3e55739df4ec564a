"""What was sent to the app, for who watches it: how the app answered, and how long it took."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sandbox.blocks import Json
from sandbox.errors import BadAck, NotAcknowledged
from sandbox.to_app.transport import Kind


@dataclass(frozen=True)
class Sent:
    """`ack` is None, and `problem` says why, when the app did not acknowledge it as it should.

    `at` is the workspace's time, `seconds` are real ones.
    """

    at: datetime
    kind: Kind
    payload: Json
    ack: Json | None
    problem: str | None
    seconds: float


Watcher = Callable[[Sent], None]


async def watched(
    sending: Awaitable[Json], kind: Kind, payload: Json, at: datetime, watchers: list[Watcher]
) -> Json:
    """The acknowledgement, after everybody who watches has been told of it."""
    ack, problem, began = None, None, time.monotonic()
    try:
        ack = await sending
        return ack
    except (NotAcknowledged, BadAck) as error:
        problem = str(error)
        raise
    finally:
        seconds = time.monotonic() - began
        for watch in watchers:
            watch(Sent(at, kind, payload, ack, problem, seconds))
