"""The sandbox itself: a Slack workspace on loopback, with its Web API and its people."""

import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

from aiohttp import web

from sandbox.blocks import Json
from sandbox.client import Member
from sandbox.control import Control
from sandbox.errors import NotAcknowledged, SlackError
from sandbox.faults import Faults
from sandbox.json_text import read_json
from sandbox.limits import Limits
from sandbox.loopback import HOST
from sandbox.manifest import Manifest
from sandbox.own_machine import own_machine_only
from sandbox.state.administration import Administration
from sandbox.state.response_urls import ResponseUrls
from sandbox.state.views import Views
from sandbox.state.workspace import Workspace
from sandbox.to_app.events import Events
from sandbox.to_app.payloads import Slack
from sandbox.to_app.sent import Watcher, watched
from sandbox.to_app.socket_mode import SocketTransport
from sandbox.to_app.transport import HttpTransport, Kind, Retry, Transport
from sandbox.web_api.api import Api, Call
from sandbox.web_api.api_routes import ApiRoutes
from sandbox.web_api.context import Context
from sandbox.web_api.contract import load_contract
from sandbox.web_api.file_routes import UPLOAD_PATH, FileRoutes

LARGEST_BODY = 4 * 1024 * 1024


def system_now() -> datetime:
    return datetime.now(UTC)


class Sandbox(Administration):
    """`async with Sandbox(manifest=...) as sandbox:` serves until the block is left.

    `now` is the workspace's clock (message times, recorded calls); `monotonic` the real one, on
    which triggers and response URLs run out. `scopes` and `events` take the place of the
    manifest's where they are given.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = system_now,
        monotonic: Callable[[], float] = time.monotonic,
        manifest: Manifest | None = None,
        scopes: Iterable[str] | None = None,
        events: Iterable[str] | None = None,
        client_secrets: tuple[str, str] = ("sandbox-client-id", "sandbox-client-secret"),
        signing_secret: str = "sandbox-signing-secret",
        bot_token: str = "xoxb-sandbox",
        app_token: str = "xapp-sandbox",
        on_call: Callable[[Call], None] | None = None,
        limits: bool = True,
        port: int = 0,
    ) -> None:
        self.signing_secret = signing_secret
        self.bot_token = bot_token
        self.app_token = app_token
        self.manifest = _varied(manifest or Manifest(), scopes, events)
        self.workspace = Workspace(now, app_name=self.manifest.display_name, tell=self.emit)
        self.views = Views(self.workspace, monotonic)
        self.response_urls = ResponseUrls(self.workspace, monotonic)
        self.faults = Faults(now)
        self.socket = SocketTransport(self.workspace.app_id)
        self._transport: Transport | None = None
        self.sent_watchers: list[Watcher] = []
        self._opened: list[Transport] = [self.socket]
        self._events = Events(
            self.workspace, self.manifest.hears, now, self._send_event, self.faults
        )
        self._api = Api(
            Context(
                workspace=self.workspace,
                views=self.views,
                manifest=self.manifest,
                now=now,
                new_link=self._new_link,
                new_upload=lambda ticket: f"{self.url}{UPLOAD_PATH}{ticket}",
                client_secrets=client_secrets,
                contract=load_contract(),
            ),
            bot_token=bot_token,
            app_token=app_token,
            limits=Limits() if limits else None,
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
        app = web.Application(middlewares=[own_machine_only], client_max_size=LARGEST_BODY)
        app.add_routes(ApiRoutes(self._api, self._events, self.faults).routes())
        app.router.add_post("/response/{id}", self._serve_response)
        app.router.add_get("/link/", self.socket.handle)
        app.add_routes(Control(self.faults, self.socket).routes())
        app.add_routes(FileRoutes(self.workspace, self.manifest, self.bot_token).routes())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, HOST, self._port)
        await site.start()
        self._port = runner.addresses[0][1]
        self.workspace.files.base = self.url
        self._stack.push_async_callback(self._close_transports)
        self._events.start()
        self._stack.push_async_callback(self._events.stop)

    async def _close_transports(self) -> None:
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
        """Returns when every event due by now has been sent; what the app did not acknowledge
        may be due again later. Raises an error of the sandbox's own that has ended the sending."""
        await self._events.settle()

    @property
    def pending(self) -> list[Json]:
        """Events not sent yet, or to be sent again; the next comes first."""
        return self._events.pending

    @property
    def undelivered(self) -> list[tuple[Json, str]]:
        """Events given up after the last try, with the reason."""
        return self._events.undelivered

    # The people's side

    def member(self, user_id: str) -> Member:
        slack = Slack(
            workspace=self.workspace,
            views=self.views,
            manifest=self.manifest,
            response_urls=self.response_urls,
            response_base=f"{self.url}/response/",
            send=self.send,
            emit=self._events.emit,
        )
        return Member(slack, user_id)

    def emit(self, event: Json) -> None:
        """Queues an event for the app, if it has subscribed to its type."""
        self._events.emit(event)

    async def send(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Json:
        """Sends any payload to the app and returns its acknowledgement."""
        if self._transport is None:
            raise NotAcknowledged(None, "nothing says how payloads reach the app", again=False)
        if kind != "event" and self.workspace.app_state == "uninstalled":
            raise NotAcknowledged(None, "the app is not installed")
        sending = self._transport.send(kind, payload, retry)
        return await watched(sending, kind, payload, self.workspace.now(), self.sent_watchers)

    # Inside

    async def _send_event(self, envelope: Json, retry: Retry | None) -> Json:
        return await self.send("event", envelope, retry)

    def _new_link(self) -> str:
        ticket = self.socket.new_ticket()
        return f"ws://{HOST}:{self._port}/link/?ticket={ticket}&app_id={self.workspace.app_id}"

    async def _serve_response(self, http: web.Request) -> web.Response:
        try:
            self.response_urls.use(http.match_info["id"], _parsed(await http.read()))
        except SlackError as error:
            return _json_response({"ok": False, "error": error.code}, status=404)
        return _json_response({"ok": True})


def _varied(
    manifest: Manifest, scopes: Iterable[str] | None, events: Iterable[str] | None
) -> Manifest:
    return replace(
        manifest,
        scopes=manifest.scopes if scopes is None else tuple(scopes),
        events=manifest.events if events is None else tuple(events),
    )


def _parsed(body: bytes) -> Any:
    try:
        return read_json(body or b"{}")
    except ValueError:
        return None


def _json_response(answer: Json, status: int = 200) -> web.Response:
    return web.json_response(answer, status=status)
