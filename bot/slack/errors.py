"""What a failed call to Slack means: try later, nobody there, our fault, or unknown."""

import re


class SlackError(Exception):
    """`code` is Slack's error code, or a short word of ours; never anything a person wrote."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TryLater(SlackError):
    """The call certainly had no effect; try again after `seconds`."""

    def __init__(self, code: str, seconds: float) -> None:
        super().__init__(code)
        self.seconds = seconds


class Gone(SlackError):
    """The channel, the person or our access is no longer there; trying again would not help."""


class OurFault(SlackError):
    """Slack refused what we asked; the code or the configuration must change."""


class InDoubt(SlackError):
    """The connection broke or Slack failed: the call may or may not have had its effect."""


GONE = frozenset(
    {
        "account_inactive",
        "cannot_dm_bot",
        "cant_invite",
        "channel_not_found",
        "is_archived",
        "messages_tab_disabled",
        "not_in_channel",
        "org_user_not_in_team",
        "restricted_action",
        "token_expired",
        "token_revoked",
        "user_disabled",
        "user_is_restricted",
        "user_not_found",
        "users_not_found",
    }
)
TRY_LATER_SECONDS = {
    "ratelimited": 30.0,
    "rate_limited": 30.0,
    "service_unavailable": 30.0,
    "team_added_to_org": 300.0,
}
IN_DOUBT = frozenset({"fatal_error", "internal_error", "request_timeout"})


NOT_CONNECTED = "not_connected"
CONNECTION_BROKE = "connection_broke"

CODE = re.compile(r"[a-z0-9_]{1,64}")
UNREADABLE = "unreadable_answer"


def named(status: int, code: object, retry_after: str | None) -> SlackError:
    """The error for an answer that was not ok. `code` is what stands in it as its error, if
    anything; `retry_after` is Slack's header, in whole seconds."""
    if status == 429:
        return TryLater("ratelimited", _seconds(retry_after))
    if not isinstance(code, str) or not CODE.fullmatch(code):
        code = UNREADABLE
    if code in TRY_LATER_SECONDS:
        return TryLater(code, TRY_LATER_SECONDS[code])
    if status >= 500 or code in IN_DOUBT:
        return InDoubt(code if code in IN_DOUBT else f"http_{status}")
    if code == UNREADABLE:
        return OurFault(f"http_{status}") if status >= 400 else InDoubt(code)
    if code in GONE:
        return Gone(code)
    return OurFault(code)


def _seconds(retry_after: str | None) -> float:
    if retry_after is not None and re.fullmatch("[0-9]{1,6}", retry_after):
        return float(retry_after)
    return TRY_LATER_SECONDS["ratelimited"]
