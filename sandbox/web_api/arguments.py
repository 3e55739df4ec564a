"""From what travelled over HTTP to the arguments of a method, checked against its contract.

Slack passes over an argument that a method does not know; here it is refused, so that a misspelt
name does not go unnoticed.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

from sandbox.blocks import Json
from sandbox.errors import SlackError, invalid_arguments
from sandbox.json_text import read_json
from sandbox.web_api.contract import Method

# Arguments that travel as JSON inside a form, and the error for what is no such JSON.
JSON_ARGUMENTS: dict[str, tuple[type, str]] = {
    "attachments": (list, "invalid_attachments"),
    "blocks": (list, "invalid_blocks"),
    "files": (list, "invalid_arguments"),
    "metadata": (dict, "invalid_metadata_format"),
    "unfurled_attachments": (list, "invalid_attachments"),
    "view": (dict, "invalid_arguments"),
}

# Slack's own libraries send it with every call, for apps of a whole organization.
ADDED_BY_CLIENTS = {"team_id"}

# A required argument left out, where the method has an error of its own for it.
ERROR_IF_MISSING = {
    ("conversations.create", "name"): "invalid_name_required",
    ("conversations.invite", "users"): "no_user",
    ("conversations.rename", "name"): "invalid_name_required",
    ("files.getUploadURLExternal", "filename"): "missing_argument",
    ("files.getUploadURLExternal", "length"): "missing_argument",
}

# Required arguments that take something away when they are empty.
MAY_BE_EMPTY = {"purpose", "topic"}

T = TypeVar("T")

TRUE = (True, "true", "True", "1", 1)
FALSE = (False, "false", "False", "0", 0)


def decoded(method: Method, given: Json) -> Json:
    """The arguments given, without nulls, and JSON read where it is JSON. Checks nothing."""
    args = {name: value for name, value in given.items() if value is not None}
    for name in args.keys() & JSON_ARGUMENTS.keys() & method.args.keys():
        if isinstance(args[name], str):
            try:
                args[name] = read_json(args[name])
            except ValueError:
                continue
    return args


def checked(name: str, method: Method, args: Json) -> Json:
    """The arguments with their types. Raises what Slack answers to those it does not take."""
    _check_names(method, args)
    _check_required(name, method, args)
    return {key: _typed(method, key, value) for key, value in args.items() if key in method.args}


def _check_names(method: Method, args: Json) -> None:
    unknown = sorted(args.keys() - method.args.keys() - ADDED_BY_CLIENTS)
    if any("[" in key for key in unknown):
        raise SlackError("invalid_array_arg")
    if unknown:
        messages = [f"[ERROR] no such argument: {key}" for key in unknown]
        raise SlackError("invalid_arg_name", response_metadata={"messages": messages})


def _check_required(name: str, method: Method, args: Json) -> None:
    missing = [
        key
        for key in method.required
        if key not in args or (args[key] == "" and key not in MAY_BE_EMPTY)
    ]
    for key in missing:
        if code := ERROR_IF_MISSING.get((name, key)):
            raise SlackError(code)
    if missing:
        raise invalid_arguments(*(f"missing required field: {key}" for key in missing))


def _typed(method: Method, key: str, value: Any) -> Any:
    if key in JSON_ARGUMENTS:
        return _json_typed(method, key, value)
    match method.args[key]:
        case "boolean":
            return _boolean(key, value)
        case "number" | "integer":
            return _number(method, key, value)
        case "string" if not isinstance(value, str):
            raise invalid_arguments(f"must provide a string [json-pointer:/{key}]")
    return value


def _json_typed(method: Method, key: str, value: Any) -> Any:
    kind, code = JSON_ARGUMENTS[key]
    if value == "" and key != "view":
        return kind()
    items = value if isinstance(value, list) else [value]
    if isinstance(value, kind) and all(isinstance(one, dict) for one in items):
        return value
    wanted = "an object" if kind is dict else "an array of objects"
    error = invalid_arguments(f"must provide {wanted} [json-pointer:/{key}]")
    if code in method.errors:
        error.code = code
    raise error


def _boolean(key: str, value: Any) -> bool:
    if not isinstance(value, (str, int)) or value not in (*TRUE, *FALSE):
        raise invalid_arguments(f"must provide a boolean [json-pointer:/{key}]")
    return value in TRUE


def _number(method: Method, key: str, value: Any) -> int:
    try:
        return int(str(value))
    except ValueError:
        if key == "limit" and "invalid_limit" in method.errors:
            raise SlackError("invalid_limit") from None
        raise invalid_arguments(f"must provide a number [json-pointer:/{key}]") from None


def page(items: Sequence[T], args: Json, *, default: int) -> tuple[Sequence[T], Json]:
    """One page of items, and the response_metadata that leads to the next."""
    limit = args.get("limit", default) or default
    start = _offset(args.get("cursor", ""))
    end = start + limit
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], {"next_cursor": cursor}


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word != "next" or not number.isdecimal():
            raise ValueError
        return int(number)
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None
