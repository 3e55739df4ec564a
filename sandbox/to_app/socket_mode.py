"""Socket Mode: what happens in Slack reaches the app over WebSockets that the app has opened."""

import asyncio
import itertools
import json
import secrets
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp
from aiohttp import web

from sandbox.blocks import Json
from sandbox.errors import NotAcknowledged
from sandbox.to_app.transport import ACK_SECONDS, Kind, Retry

Reason = Literal["warning", "refresh_requested", "link_disabled"]
ENVELOPE_TYPE: dict[Kind, str] = {
    "command": "slash_commands",
    "interaction": "interactive",
    "event": "events_api",
}
MOST_CONNECTIONS = 10
DEBUG_INFO = {"host": "sandbox"}


class SocketTransport:
    """The WebSockets the app has opened. Slack sends a payload to any of them; here they take
    turns. One that was told to go gets none any more."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._counter = itertools.count(1)
        self._sockets: list[web.WebSocketResponse] = []
        self._told_to_go: set[web.WebSocketResponse] = set()
        self._turn = 0
        self._waiting: dict[str, _Waiting] = {}
        self._changed = asyncio.Condition()

    @property
    def connections(self) -> int:
        """Those that payloads may go to."""
        return len(self._staying())

    async def connected(self, count: int = 1) -> None:
        """Returns as soon as payloads may go to at least `count` connections."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.connections >= count)

    def new_ticket(self) -> str:
        """What lets in whoever has it; nobody can guess it."""
        ticket = secrets.token_urlsafe()
        self._tickets.add(ticket)
        return ticket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, for as long as it lasts. Its ticket works once."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401, text="invalid ticket")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(timeout=1.0)
        await socket.prepare(request)
        if len(self._sockets) >= MOST_CONNECTIONS:
            await socket.send_json(_goodbye("too_many_websockets"))
            await socket.close()
            return socket
        await socket.send_json(self._hello())
        await self._note(socket, opened=True)
        try:
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._acknowledge(message.data)
        finally:
            await self._note(socket, opened=False)
        return socket

    async def send(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Json:
        sockets = self._staying()
        if not sockets:
            raise NotAcknowledged(None, "no open connection")
        self._turn += 1
        socket = sockets[self._turn % len(sockets)]
        envelope_id = f"envelope-{next(self._counter)}"
        waiting = _Waiting(socket, asyncio.get_running_loop().create_future())
        self._waiting[envelope_id] = waiting
        try:
            async with asyncio.timeout(ACK_SECONDS):  # wait_for may lose a cancellation
                await socket.send_json(_envelope(envelope_id, kind, payload, retry))
                answer = await waiting.answer
        except TimeoutError as error:
            raise NotAcknowledged(None, repr(error), cause="timeout") from error
        except ConnectionError as error:
            raise NotAcknowledged(None, repr(error)) from error
        finally:
            del self._waiting[envelope_id]
        if answer is None:
            raise NotAcknowledged(None, "the connection was closed")
        return answer

    async def disconnect(self, reason: Reason) -> int:
        """Tells the connection that has been open longest to go, or every one for link_disabled
        (Socket Mode was switched off); returns how many were told.

        After a "warning" Slack leaves a connection open for about ten seconds, after any other
        reason it hangs up. What waits for an acknowledgement then is not acknowledged.
        """
        told = list(self._sockets) if reason == "link_disabled" else self._sockets[:1]
        self._told_to_go.update(told)
        for socket in told:
            await socket.send_json(_goodbye(reason))
            if reason != "warning":
                await socket.close()
        return len(told)

    async def close(self) -> None:
        for socket in tuple(self._sockets):
            await socket.close()

    def _staying(self) -> list[web.WebSocketResponse]:
        return [socket for socket in self._sockets if socket not in self._told_to_go]

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets) + 1,
            "connection_info": {"app_id": self._app_id},
            "debug_info": {**DEBUG_INFO, "approximate_connection_time": 18060},
        }

    async def _note(self, socket: web.WebSocketResponse, *, opened: bool) -> None:
        async with self._changed:
            if opened:
                self._sockets.append(socket)
            else:
                self._sockets.remove(socket)
                self._told_to_go.discard(socket)
                self._give_up(socket)
            self._changed.notify_all()

    def _give_up(self, socket: web.WebSocketResponse) -> None:
        for waiting in self._waiting.values():
            if waiting.socket is socket and not waiting.answer.done():
                waiting.answer.set_result(None)

    def _acknowledge(self, text: str) -> None:
        answer: Any = json.loads(text)
        waiting = self._waiting.get(answer.get("envelope_id", ""))
        if waiting is not None and not waiting.answer.done():
            payload = answer.get("payload")
            waiting.answer.set_result(payload if isinstance(payload, dict) else {})


@dataclass(frozen=True)
class _Waiting:
    """A payload on its way: `answer` is None when its connection broke."""

    socket: web.WebSocketResponse
    answer: asyncio.Future[Json | None]


def _envelope(envelope_id: str, kind: Kind, payload: Json, retry: Retry | None) -> Json:
    envelope = {
        "envelope_id": envelope_id,
        "type": ENVELOPE_TYPE[kind],
        "accepts_response_payload": kind != "event",
        "payload": payload,
    }
    if kind == "event":
        retry = retry or Retry(0, "")
        envelope |= {"retry_attempt": retry.number, "retry_reason": retry.cause}
    return envelope


def _goodbye(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": DEBUG_INFO}
