"""Two ways on which what happens in Slack reaches the app: signed HTTP, and Socket Mode."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from sandbox.blocks import Json
from sandbox.errors import BadAck, NotAcknowledged

Kind = Literal["command", "interaction", "event"]
ACK_SECONDS = 3.0
ENVELOPE_TYPE: dict[Kind, str] = {
    "command": "slash_commands",
    "interaction": "interactive",
    "event": "events_api",
}


class Transport(Protocol):
    async def send(self, kind: Kind, payload: Json) -> Json:
        """The body of the app's acknowledgement, {} when empty; a plain text as {"text": ...}.

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

    async def send(self, kind: Kind, payload: Json) -> Json:
        body, content_type = encoded(kind, payload)
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._secret, timestamp, body),
        }
        try:
            async with self._session.post(self._url, data=body, headers=headers) as response:
                text = await response.text()
                status, answer_type = response.status, response.content_type
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NotAcknowledged(None, repr(error)) from error
        if status != 200:
            raise NotAcknowledged(status)
        return _answer(text, answer_type)

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
        answer = json.loads(text)
    except ValueError as error:
        raise BadAck(f"no JSON: {text[:100]}") from error
    if not isinstance(answer, dict):
        raise BadAck(f"no JSON object: {text[:100]}")
    return answer


class SocketTransport:
    """The WebSockets the app has opened; each payload goes to the next of them in turn."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._counter = itertools.count(1)
        self._sockets: list[web.WebSocketResponse] = []
        self._turn = 0
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._changed = asyncio.Condition()

    @property
    def connections(self) -> int:
        return len(self._sockets)

    async def connected(self, count: int = 1) -> None:
        """Returns as soon as at least `count` connections are open."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._sockets) >= count)

    def new_ticket(self) -> str:
        ticket = f"ticket-{next(self._counter)}"
        self._tickets.add(ticket)
        return ticket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, for as long as it lasts. Its ticket works once."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401, text="invalid ticket")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(self._hello())
        await self._note(socket, opened=True)
        try:
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._acknowledge(message.data)
        finally:
            await self._note(socket, opened=False)
        return socket

    async def send(self, kind: Kind, payload: Json) -> Json:
        if not self._sockets:
            raise NotAcknowledged(None, "no open connection")
        self._turn = (self._turn + 1) % len(self._sockets)
        envelope_id = f"envelope-{next(self._counter)}"
        acknowledged = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = acknowledged
        envelope = {
            "envelope_id": envelope_id,
            "type": ENVELOPE_TYPE[kind],
            "accepts_response_payload": kind != "event",
            "payload": payload,
        }
        try:
            await self._sockets[self._turn].send_json(envelope)
            return await asyncio.wait_for(acknowledged, ACK_SECONDS)
        except (TimeoutError, ConnectionError) as error:
            raise NotAcknowledged(None, repr(error)) from error
        finally:
            del self._waiting[envelope_id]

    async def close(self) -> None:
        for socket in tuple(self._sockets):
            await socket.close()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets) + 1,
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        }

    async def _note(self, socket: web.WebSocketResponse, *, opened: bool) -> None:
        async with self._changed:
            if opened:
                self._sockets.append(socket)
            else:
                self._sockets.remove(socket)
            self._changed.notify_all()

    def _acknowledge(self, text: str) -> None:
        answer: Any = json.loads(text)
        waiting = self._waiting.get(answer.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            payload = answer.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})
