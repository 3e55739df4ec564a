"""Faults on demand: what may go wrong between an app and Slack, when somebody asks for it.

They stand before the Web API and before the way of events to the app. Answers by `response_url` are
left alone, and so are commands and interactions: Slack shows the person an error there, and tries
nothing again.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from random import Random

from sandbox.blocks import Json
from sandbox.errors import SlackError
from sandbox.limits import RateLimited

CALL_KINDS = {
    "error": "Slack answers with this `error`; the call has no effect",
    "status": "something before Slack answers with this `status` and a body that is no JSON",
    "ratelimited": "429, to be tried again after these `seconds`",
    "drop_before": "the connection breaks before the call took effect",
    "drop_after": "the connection breaks after the call took effect, and before the answer",
    "slow": "the call takes effect, and its answer comes these `seconds` of real time later",
}
EVENT_KINDS = {
    "duplicate": "the event comes twice",
    "reorder": "the next event overtakes this one",
}
CODE = re.compile(r"[a-z][a-z0-9_]*")
LONGEST_SECONDS = 3600.0


@dataclass(frozen=True)
class Fault:
    """What goes wrong, `times` in a row. `method` is a Web API method, or the type of an event; ""
    stands for any. Which of the others count depends on the kind; see CALL_KINDS.

    Raises ValueError with a sentence for what no fault can be.
    """

    kind: str
    method: str = ""
    times: int = 1
    error: str = "internal_error"
    status: int = 503
    seconds: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in CALL_KINDS | EVENT_KINDS:
            raise ValueError(f"kind must be one of {', '.join(CALL_KINDS | EVENT_KINDS)}")
        if self.times < 1:
            raise ValueError("times must be 1 or more")
        if not CODE.fullmatch(self.error):
            raise ValueError("error must be a code such as internal_error")
        if not 500 <= self.status <= 599:
            raise ValueError("status must be from 500 to 599")
        if not 0 < self.seconds <= LONGEST_SECONDS:
            raise ValueError(f"seconds must be above 0, and {LONGEST_SECONDS:.0f} at most")

    def as_json(self) -> Json:
        return asdict(self)


SURVIVABLE = (
    Fault("error"),
    Fault("status"),
    Fault("ratelimited"),
    Fault("drop_before"),
    Fault("drop_after"),
    Fault("slow", seconds=0.05),
    Fault("duplicate"),
    Fault("reorder"),
)
"""What a correct app loses nothing by, and says nothing twice."""


@dataclass(frozen=True)
class Met:
    """A fault that has hit, at a time of the workspace's clock, in UTC."""

    at: datetime
    method: str
    kind: str

    def as_json(self) -> Json:
        return {"at": self.at.isoformat(), "method": self.method, "kind": self.kind}


class Faults:
    """`pending` are those asked for, the first that fits hits next; `met` those that have hit."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._rate = 0.0
        self._seed = 0
        self._drawn_from: Sequence[Fault] = ()
        self._seen: Counter[str] = Counter()
        self.pending: list[Fault] = []
        self.met: list[Met] = []

    def add(self, fault: Fault) -> None:
        self.pending.append(fault)

    def at_random(self, rate: float, seed: int, among: Sequence[Fault] = SURVIVABLE) -> None:
        """From now on this share of calls and events is hit, each kind as often as another.

        What is drawn depends on what is called, with which arguments and how often before, and not
        on what others call meanwhile: the same story has the same faults.
        """
        self._rate, self._seed, self._drawn_from = rate, seed, among

    def clear(self) -> None:
        """Nothing goes wrong from now on."""
        self.pending.clear()
        self._rate = 0.0

    def of_call(self, method: str, args: Json) -> Fault | None:
        """What goes wrong with this call; it is noted as met."""
        return self._next(CALL_KINDS, method, args)

    def of_event(self, event: Json) -> Fault | None:
        """What goes wrong with this event; it is noted as met."""
        return self._next(EVENT_KINDS, event["type"], event)

    def _next(self, kinds: dict[str, str], method: str, details: Json) -> Fault | None:
        fault = self._take(kinds, method) or self._draw(kinds, method, details)
        if fault is not None:
            self.met.append(Met(self._now().astimezone(UTC), method, fault.kind))
        return fault

    def _take(self, kinds: dict[str, str], method: str) -> Fault | None:
        for place, fault in enumerate(self.pending):
            if fault.kind in kinds and fault.method in ("", method):
                left = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                self.pending[place : place + 1] = left
                return fault
        return None

    def _draw(self, kinds: dict[str, str], method: str, details: Json) -> Fault | None:
        if not self._rate:
            return None
        text = json.dumps([self._seed, method, details], sort_keys=True, default=str)
        what = sha256(text.encode()).hexdigest()
        self._seen[what] += 1
        chance = Random(f"{what} {self._seen[what]}")
        if chance.random() >= self._rate:
            return None
        fitting = [one for one in self._drawn_from if one.kind in kinds]
        return chance.choice(fitting) if fitting else None


def refusal_of(fault: Fault | None) -> SlackError | None:
    """What Slack answers instead, where the fault is an answer of Slack's."""
    match fault:
        case Fault(kind="error"):
            return SlackError(fault.error)
        case Fault(kind="ratelimited"):
            return RateLimited(math.ceil(fault.seconds))
    return None
