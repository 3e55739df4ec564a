"""How the sandbox says no: to the app, to a person, and about the app."""

from collections.abc import Mapping
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

    `field` is the block id of the input at fault, or "" where no input is. `fields` names all of
    them, with what is wrong with each.
    """

    def __init__(self, field: str, reason: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason
        self.fields = fields or ({field: reason} if field else {})


class NotAcknowledged(Exception):
    """The app did not answer a payload with 200 within three seconds.

    `status` is the HTTP status it answered with, or None when it did not answer at all. `cause` is
    Slack's word for it, told to the app when an event comes again; `again` is False where none
    shall.
    """

    def __init__(
        self,
        status: int | None,
        reason: str = "",
        *,
        cause: str = "connection_failed",
        again: bool = True,
    ) -> None:
        super().__init__(f"status {status}" if status else reason or "no answer")
        self.status = status
        self.cause = cause
        self.again = again


class BadAck(Exception):
    """The app acknowledged in time, but with something Slack cannot show."""
