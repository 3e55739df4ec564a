"""How the sandbox says no: to the app, to a person, and about the app."""

from typing import Any


class SlackError(Exception):
    """A refused Web API call: Slack's error code and what else its answer carries."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def invalid_arguments(*messages: str) -> SlackError:
    return SlackError(
        "invalid_arguments",
        response_metadata={"messages": [f"[ERROR] {message}" for message in messages]},
    )


class SlackRefuses(Exception):
    """Slack's own client would not let a person do this; the app never hears of it.

    `field` is the block id of the input at fault, or "" where no input is.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


class NotAcknowledged(Exception):
    """The app did not answer a payload with 200 within three seconds.

    `status` is the HTTP status it answered with, or None when it did not answer at all.
    """

    def __init__(self, status: int | None, reason: str = "") -> None:
        super().__init__(f"status {status}" if status else reason or "no answer")
        self.status = status


class BadAck(Exception):
    """The app acknowledged in time, but with something Slack cannot show."""
