"""From an HTTP request to what it says, or to the error Slack has for one that cannot be read."""

from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.blocks import Json
from sandbox.errors import SlackError
from sandbox.json_text import read_json
from sandbox.web_api.api import Request

CHARSETS = ("utf-8", "iso-8859-1")
FORM, JSON, TEXT = "application/x-www-form-urlencoded", "application/json", "text/plain"
MULTIPART = "multipart/form-data"


async def read(http: web.Request) -> Request:
    given: Json = dict(http.query)
    form: Json = {}
    json_body, fault = None, None
    if http.method == "POST":
        try:
            form, json_body = await _body(http)
        except SlackError as error:
            fault = error.code
    given |= form
    scheme, _, bearer = http.headers.get("Authorization", "").partition(" ")
    arguments = [source.pop("token", None) for source in (given, json_body or {})]
    token = bearer if scheme.lower() == "bearer" and bearer else arguments[0] or arguments[1]
    method, posted = http.match_info["method"], http.method == "POST"
    return Request(method, token, given, posted=posted, json_body=json_body, fault=fault)


async def _body(http: web.Request) -> tuple[Json, Json | None]:
    """A form and a JSON object, of which one may be there. A text says nothing."""
    if (http.charset or "utf-8").lower() not in CHARSETS:
        raise SlackError("invalid_charset")
    if http.content_type == MULTIPART:
        return await _multipart(http), None
    content = await http.read()
    if not content:
        return {}, None
    if "Content-Type" not in http.headers:
        raise SlackError("missing_post_type")
    if http.content_type not in (FORM, JSON, TEXT):
        raise SlackError("invalid_post_type")
    code = "invalid_json" if http.content_type == JSON else "invalid_form_data"
    try:
        text = content.decode(http.charset or "utf-8")
        if http.content_type == JSON:
            return {}, _object(text)
        return dict(_fields(text)) if http.content_type == FORM else {}, None
    except ValueError:
        raise SlackError(code) from None


def _fields(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict")


def _object(text: str) -> Json:
    body = read_json(text)
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


async def _multipart(http: web.Request) -> Json:
    """No method takes a file in its form: bytes go to the address for an upload."""
    try:
        form = dict(await http.post())
    except ValueError:
        raise SlackError("invalid_form_data") from None
    if not all(isinstance(value, str) for value in form.values()):
        raise SlackError("invalid_form_data")
    return form
