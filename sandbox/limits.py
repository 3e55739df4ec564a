"""Slack's rate limits: https://docs.slack.dev/apis/web-api/rate-limits

Slack promises "at least" so many calls a minute for each method and workspace, by tier; it lets
bursts pass, and does not say how long ones. Here a minute's worth may come at once, and more as
time goes on: never less than Slack promises, and no more than twice of it in any minute.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.errors import SlackError


@dataclass(frozen=True)
class Rate:
    """`burst` calls at once, and from then on `per_minute`, evenly."""

    per_minute: int
    burst: int

    @property
    def interval(self) -> timedelta:
        return timedelta(minutes=1) / self.per_minute


TIERS = {
    "t1": Rate(1, 1),
    "t2": Rate(20, 20),
    "t3": Rate(50, 50),
    "t4": Rate(100, 100),
    "t5": Rate(300, 300),
}
"""t5 is what Slack calls special: "hundreds of calls a minute" for auth.test, "several hundred
messages a minute" in a workspace for chat.postMessage. 300 is the least that can be meant."""

POSTING = Rate(60, 5)
"""chat.postMessage besides: one message a second and channel. "Short bursts" are allowed, of a
length that Slack does not say."""


class RateLimited(SlackError):
    """`seconds` to wait, for the header Retry-After: whole ones, and at least one."""

    def __init__(self, seconds: int) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


class Limits:
    """What is left of each limit; a token bucket that refills continuously, as one moment a key:
    when it will be full again."""

    def __init__(self) -> None:
        self._full_at: dict[tuple[str, str], datetime] = {}

    def count(self, method: str, tier: str, channel: str, now: datetime) -> None:
        """Raises RateLimited when one call more is too many; then nothing is counted.

        `channel` is to be the same however the app names it.
        """
        rates = {(method, ""): TIERS[tier]}
        if method == "chat.postMessage":
            rates[method, channel] = POSTING
        waits = [self._wait(key, rate, now) for key, rate in rates.items()]
        if (longest := max(waits)) > timedelta():
            raise RateLimited(math.ceil(longest.total_seconds()))
        for key, rate in rates.items():
            self._full_at[key] = max(self._full_at.get(key, now), now) + rate.interval

    def _wait(self, key: tuple[str, str], rate: Rate, now: datetime) -> timedelta:
        """How long until one more call fits; nothing or less when it fits now."""
        return self._full_at.get(key, now) - (rate.burst - 1) * rate.interval - now
