"""What is sent to the app and how it answers; and the way over signed HTTP. The other way, Socket
Mode, has a file of its own."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import urlencode

import aiohttp

from sandbox.blocks import Json
from sandbox.errors import BadAck, NotAcknowledged
from sandbox.json_text import read_json

Kind = Literal["command", "interaction", "event"]
ACK_SECONDS = 3.0


@dataclass(frozen=True)
class Retry:
    """The first, second or third time that an event comes again, and Slack's word for why."""

    number: int
    cause: str


class Transport(Protocol):
    async def send(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Json:
        """The body of the app's acknowledgement, {} when empty; a plain text as {"text": ...}.
        An event is acknowledged whatever the body says.

        Raises NotAcknowledged, and BadAck for a body that says it is JSON and is not.
        """

    async def close(self) -> None: ...


def sign(secret: str, timestamp: str, body: str) -> str:
    """The X-Slack-Signature of a request body."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpTransport:
    """Posts to the app's request URL, signed with real time: Bolt compares it with the clock."""

    def __init__(self, url: str, signing_secret: str) -> None:
        self._url = url
        self._secret = signing_secret
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ACK_SECONDS))

    async def send(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Json:
        body, content_type = encoded(kind, payload)
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._secret, timestamp, body),
        }
        if retry is not None:
            headers["X-Slack-Retry-Num"] = str(retry.number)
            headers["X-Slack-Retry-Reason"] = retry.cause
        try:
            async with self._session.post(
                self._url, data=body, headers=headers, allow_redirects=False
            ) as response:
                text = await response.text()
        except TimeoutError as error:
            raise NotAcknowledged(None, repr(error), cause="http_timeout") from error
        except aiohttp.ClientError as error:
            raise NotAcknowledged(None, repr(error)) from error
        if response.status != 200:
            again = response.headers.get("X-Slack-No-Retry") != "1"
            raise NotAcknowledged(response.status, cause="http_error", again=again)
        return (
            {} if payload.get("type") == "event_callback" else _answer(text, response.content_type)
        )

    async def close(self) -> None:
        await self._session.close()


def encoded(kind: Kind, payload: Json) -> tuple[str, str]:
    """The HTTP body of a payload, and its content type."""
    if kind == "event":
        return json.dumps(payload), "application/json"
    form = payload if kind == "command" else {"payload": json.dumps(payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


def _answer(text: str, content_type: str) -> Json:
    if not text:
        return {}
    if content_type != "application/json":
        return {"text": text}
    try:
        answer = read_json(text)
    except ValueError as error:
        raise BadAck(f"no JSON: {text[:100]}") from error
    if not isinstance(answer, dict):
        raise BadAck(f"no JSON object: {text[:100]}")
    return answer
