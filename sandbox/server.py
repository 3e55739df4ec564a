"""The sandbox itself: a Slack workspace on loopback, with its Web API and its people."""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Self, Unpack
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.api import Api, Call, Request
from sandbox.blocks import Json
from sandbox.client import Member
from sandbox.context import Context
from sandbox.contract import load_contract
from sandbox.errors import NotAcknowledged, SlackError
from sandbox.events import Events
from sandbox.loopback import HOST
from sandbox.payloads import Slack
from sandbox.response_urls import ResponseUrls
from sandbox.transport import HttpTransport, Kind, SocketTransport, Transport
from sandbox.views import Views
from sandbox.workspace import SLACKBOT, UserDetails, Workspace

LARGEST_BODY = 4 * 1024 * 1024


def system_now() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """`async with Sandbox(scopes=[...]) as sandbox:` serves until the block is left.

    `now` is the workspace's clock (message times, recorded calls); `monotonic` the real one, on
    which triggers and response URLs run out. `scopes` and `events` are the manifest's.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = system_now,
        monotonic: Callable[[], float] = time.monotonic,
        scopes: Iterable[str] = (),
        events: Iterable[str] = (),
        signing_secret: str = "sandbox-signing-secret",
        bot_token: str = "xoxb-sandbox",
        app_token: str = "xapp-sandbox",
        on_call: Callable[[Call], None] | None = None,
        port: int = 0,
    ) -> None:
        self.signing_secret = signing_secret
        self.bot_token = bot_token
        self.app_token = app_token
        self.workspace = Workspace(now)
        self.views = Views(self.workspace, monotonic)
        self.response_urls = ResponseUrls(self.workspace, monotonic)
        self.socket = SocketTransport(self.workspace.app_id)
        self._transport: Transport | None = None
        self._opened: list[Transport] = [self.socket]
        self._events = Events(self.workspace, tuple(events), now, self._send_event)
        self._api = Api(
            Context(
                workspace=self.workspace,
                views=self.views,
                scopes=tuple(scopes),
                now=now,
                emit=self._events.hold,
                new_link=self._new_link,
                contract=load_contract(),
            ),
            bot_token=bot_token,
            app_token=app_token,
            on_call=on_call,
        )
        self._port = port
        self._stack = contextlib.AsyncExitStack()

    # Serving

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._stack.aclose()

    async def _start(self) -> None:
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/api/{method}", self._serve_api)
        app.router.add_post("/response/{id}", self._serve_response)
        app.router.add_get("/link/", self.socket.handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, HOST, self._port)
        await site.start()
        self._port = runner.addresses[0][1]
        self._stack.push_async_callback(self._stop, asyncio.create_task(self._events.run()))

    async def _stop(self, events: asyncio.Task[None]) -> None:
        events.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await events
        for transport in self._opened:
            await transport.close()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def calls(self) -> list[Call]:
        """Every Web API call so far."""
        return self._api.calls

    # The app's side

    def deliver_over_http(self, url: str) -> None:
        """From now on payloads go to this request URL, for example .../slack/events."""
        self._transport = HttpTransport(url, self.signing_secret)
        self._opened.append(self._transport)

    def deliver_over_socket_mode(self) -> None:
        """From now on payloads go to the WebSockets the app opens; see `socket.connected()`."""
        self._transport = self.socket

    async def settle(self) -> None:
        """Returns when the app has acknowledged every event so far, or has failed to."""
        await self._events.settle()

    @property
    def undelivered(self) -> list[tuple[Json, str]]:
        return self._events.undelivered

    # The people's side

    def add_user(self, name: str, real_name: str = "", **details: Unpack[UserDetails]) -> str:
        return self.workspace.add_user(name, real_name or name.title(), **details)

    def add_channel(
        self, name: str, members: Iterable[str] = (), *, private: bool = False, app: bool = False
    ) -> str:
        """A channel that somebody made; `app` says whether the app is in it."""
        listed = [*members, *([self.workspace.bot.id] if app else [])]
        creator = listed[0] if listed else SLACKBOT
        made = self.workspace.create_channel(name, creator, private=private)
        self.workspace.join(made, listed)
        if not listed:
            self.workspace.leave(made.id, SLACKBOT)
        return made.id

    def member(self, user_id: str) -> Member:
        slack = Slack(
            workspace=self.workspace,
            views=self.views,
            response_urls=self.response_urls,
            response_base=f"{self.url}/response/",
            send=self.send,
            emit=self._events.emit,
        )
        return Member(slack, user_id)

    def emit(self, event: Json) -> None:
        """Queues an event for the app, if it has subscribed to its type."""
        self._events.emit(event)

    async def send(self, kind: Kind, payload: Json) -> Json:
        """Sends any payload to the app and returns its acknowledgement."""
        if self._transport is None:
            raise NotAcknowledged(None, "nothing says how payloads reach the app")
        return await self._transport.send(kind, payload)

    # Inside

    async def _send_event(self, envelope: Json) -> Json:
        return await self.send("event", envelope)

    def _new_link(self) -> str:
        ticket = self.socket.new_ticket()
        return f"ws://{HOST}:{self._port}/link/?ticket={ticket}&app_id={self.workspace.app_id}"

    async def _serve_api(self, http: web.Request) -> web.StreamResponse:
        answer = self._api.answer(await _read(http))
        events = self._events.take_held()
        response = _json_response(answer)
        response.headers["x-oauth-scopes"] = ",".join(self._api.scopes)
        if events:
            await response.prepare(http)
            await response.write_eof()
        for event in events:
            self._events.emit(event)
        return response

    async def _serve_response(self, http: web.Request) -> web.Response:
        try:
            self.response_urls.use(http.match_info["id"], _parsed(await http.read()))
        except SlackError as error:
            return _json_response({"ok": False, "error": error.code}, status=404)
        return _json_response({"ok": True})


async def _read(http: web.Request) -> Request:
    given: Json = dict(http.query)
    fault, json_body = None, None
    if http.method == "POST" and http.content_type == "application/json":
        body = _parsed(await http.read())
        json_body, fault = (body, None) if isinstance(body, dict) else ({}, "invalid_json")
    elif http.method == "POST" and http.content_type == "application/x-www-form-urlencoded":
        given |= parse_qsl((await http.read()).decode(), keep_blank_values=True)
    elif http.method == "POST":
        given |= (await http.post()).items()
    scheme, _, bearer = http.headers.get("Authorization", "").partition(" ")
    arguments = [source.pop("token", None) for source in (given, json_body or {})]
    token = bearer if scheme.lower() == "bearer" and bearer else arguments[0] or arguments[1]
    method, posted = http.match_info["method"], http.method == "POST"
    return Request(method, token, given, posted=posted, json_body=json_body, fault=fault)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body or b"{}")
    except ValueError:
        return None


def _json_response(answer: Json, status: int = 200) -> web.Response:
    return web.json_response(answer, status=status)
