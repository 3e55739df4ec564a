"""Which scope a call needs, where Slack lists several.

A method about conversations lists scopes for every kind of them; the kind at hand decides.
"""

from collections.abc import Collection

from sandbox.errors import SlackError
from sandbox.state.records import Kind
from sandbox.web_api.contract import Method

PREFIX: dict[Kind, str] = {
    "public": "channels:",
    "private": "groups:",
    "im": "im:",
    "mpim": "mpim:",
}


def require_any(method: Method, granted: Collection[str]) -> None:
    if method.scopes and not set(method.scopes) & set(granted):
        raise _missing(method.scopes, granted)


def require_kind(method: Method, kind: Kind, granted: Collection[str]) -> None:
    """Of the listed scopes, one for this kind of conversation must be granted."""
    fitting = tuple(scope for scope in method.scopes if scope.startswith(PREFIX[kind]))
    if not set(fitting) & set(granted):
        raise _missing(fitting, granted)


def _missing(needed: Collection[str], granted: Collection[str]) -> SlackError:
    return SlackError("missing_scope", needed=",".join(needed), provided=",".join(granted))
