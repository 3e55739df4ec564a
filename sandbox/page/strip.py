"""The developer strip: what Slack sent to the app, and what the app called. Never a token."""

from typing import Any

from sandbox.blocks import Json
from sandbox.state.workspace import Workspace
from sandbox.to_app.sent import Sent
from sandbox.web_api.api import Call

LONGEST = 80
MOST_LISTED = 50
"""So many of a list are shown: an answer may name everybody in the workspace."""
SECRETS = frozenset(
    {
        "access_token",
        "client_secret",
        "refresh_token",
        "response_url",
        "response_urls",
        "token",
        "trigger_id",
        "upload_url",
    }
)
SECRET_ADDRESSES = ("ws://", "wss://")
"""Whoever knows one of these can act as the app."""


def call_entry(call: Call, workspace: Workspace) -> Json:
    return {
        "type": "call",
        "at": call.at.isoformat(),
        "method": call.method,
        "ok": call.ok,
        "error": call.error,
        "summary": _summary(call.args, workspace),
        "args": _shown(call.args),
        "response": _shown(call.answer),
    }


def payload_entry(sent: Sent, workspace: Workspace) -> Json:
    return {
        "type": "payload",
        "at": sent.at.isoformat(),
        "kind": sent.kind,
        "what": _what(sent, workspace),
        "answer": sent.problem or _answer(sent.ack or {}),
        "ms": round(sent.seconds * 1000, 1),
        "ok": sent.problem is None,
        "payload": _shown(sent.payload),
        "response": _shown(sent.ack),
    }


def _shown(value: Any) -> Any:
    """JSON without secrets, and not longer than somebody reads."""
    match value:
        case dict():
            return {key: _shown(held) for key, held in value.items() if not _is_secret(key, held)}
        case list() if len(value) > MOST_LISTED:
            more = f"… and {len(value) - MOST_LISTED} more"
            return [*map(_shown, value[:MOST_LISTED]), more]
        case list():
            return [_shown(one) for one in value]
    return value


def _is_secret(key: str, held: Any) -> bool:
    return key in SECRETS or (isinstance(held, str) and held.startswith(SECRET_ADDRESSES))


def _summary(args: Json, workspace: Workspace) -> str:
    """Where to or whom about, and the first words of what is said."""
    place = args.get("channel") or args.get("user") or args.get("users") or args.get("name")
    view = args.get("view")
    title = view.get("title") if isinstance(view, dict) else None
    words = args.get("text") or (title.get("text") if isinstance(title, dict) else "")
    parts = (_named(str(place), workspace) if place else "", str(words or ""))
    return _short(": ".join(filter(None, parts)))


def _what(sent: Sent, workspace: Workspace) -> str:
    payload = sent.payload
    match sent.kind:
        case "command":
            said = f"{payload['command']} {payload['text']}".strip()
            return _short(f"{_named(payload['user_id'], workspace)}: {said}")
        case "event":
            return _short(str(payload.get("event", {}).get("type")))
    who = _named(payload["user"]["id"], workspace)
    actions = ", ".join(str(action["action_id"]) for action in payload.get("actions", ()))
    about = actions or payload.get("view", {}).get("callback_id", "")
    return _short(f"{who}: {payload['type']} {about}".strip())


def _answer(ack: Json) -> str:
    if action := ack.get("response_action"):
        return str(action)
    return _short(str(ack.get("text") or "")) or "acknowledged"


def _named(ids: str, workspace: Workspace) -> str:
    """Names for the ids of people and channels, separated by commas; anything else as it is."""
    return ", ".join(_name(one.strip(), workspace) for one in ids.split(","))


def _name(one: str, workspace: Workspace) -> str:
    if one in workspace.users:
        return workspace.users[one].real_name
    conversation = workspace.conversations.get(one)
    if conversation is None:
        return one
    if conversation.kind in ("im", "mpim"):
        return ", ".join(workspace.users[member].real_name for member in conversation.members)
    return f"#{conversation.name}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
