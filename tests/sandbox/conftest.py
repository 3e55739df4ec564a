"""A sandbox with three people, the real client, and the real Bolt over both transports."""

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox

SCOPES = (
    "channels:manage",
    "channels:read",
    "chat:write",
    "groups:read",
    "groups:write",
    "im:read",
    "im:write",
    "mpim:read",
    "mpim:write",
    "users:read",
    "users:read.email",
)
EVENTS = ("message_metadata_posted", "app_home_opened")

Call = Callable[..., Awaitable[dict[str, Any]]]
Serve = Callable[[AsyncApp], AbstractAsyncContextManager[None]]


@dataclass
class Clock:
    """Two clocks that stand still until they are moved."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    seconds: float = 1000.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class People:
    ada: str
    ben: str
    cleo: str


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    async with Sandbox(
        now=clock.now, monotonic=clock.monotonic, scopes=SCOPES, events=EVENTS
    ) as made:
        yield made


@pytest.fixture
def people(sandbox: Sandbox) -> People:
    return People(
        ada=sandbox.add_user("ada", "Ada Long", email="ada@example.com", tz="Europe/Berlin"),
        ben=sandbox.add_user("ben", "Ben Short", is_admin=True),
        cleo=sandbox.add_user("cleo", "Cleo Gone", deleted=True),
    )


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def slack(sandbox: Sandbox, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(
        token=sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[]
    )


@pytest.fixture
def call(sandbox: Sandbox, session: aiohttp.ClientSession) -> Call:
    return posting(sandbox, session)


@pytest.fixture
async def bare_call(session: aiohttp.ClientSession) -> AsyncIterator[Call]:
    """A sandbox whose manifest asks for nothing."""
    async with Sandbox() as bare:
        yield posting(bare, session)


def posting(sandbox: Sandbox, session: aiohttp.ClientSession) -> Call:
    """`await call(method, args)`: a form, as any client may send it, and the answer as it is."""

    async def call(
        method: str, args: Mapping[str, Any], token: str | None = sandbox.bot_token
    ) -> dict[str, Any]:
        form = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in args.items()
        }
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{sandbox.api_url}{method}"
        async with session.post(url, data=form, headers=headers) as response:
            assert response.status == 200
            answer: dict[str, Any] = await response.json()
            return answer

    return call


@pytest.fixture
def app(sandbox: Sandbox, slack: AsyncWebClient) -> AsyncApp:
    return AsyncApp(
        client=slack,
        signing_secret=sandbox.signing_secret,
        process_before_response=True,
        ignoring_self_events_enabled=False,  # else Bolt drops message_metadata_posted of the app
    )


@contextlib.asynccontextmanager
async def over_http(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[None]:
    async def receive(request: web.Request) -> web.Response:
        bolt_request = AsyncBoltRequest(
            body=await request.text(), query=request.query_string, headers=dict(request.headers)
        )
        answer = await app.async_dispatch(bolt_request)
        headers = {name: values[0] for name, values in answer.headers.items()}
        headers.setdefault("content-type", "text/plain")
        return web.Response(status=answer.status, body=answer.body, headers=headers)

    server = web.Application()
    server.router.add_post("/slack/events", receive)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.deliver_over_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def over_socket(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(
        app, sandbox.app_token, web_client=AsyncWebClient(base_url=sandbox.api_url)
    )
    sandbox.deliver_over_socket_mode()
    await handler.connect_async()
    await sandbox.socket.connected()
    try:
        yield
    finally:
        await handler.close_async()


@pytest.fixture(params=[over_http, over_socket])
def serve(request: pytest.FixtureRequest, sandbox: Sandbox) -> Serve:
    """Serves an app until the block is left; every test runs over both transports."""
    return lambda app: request.param(sandbox, app)


@pytest.fixture
def serve_http(sandbox: Sandbox) -> Serve:
    return lambda app: over_http(sandbox, app)


@pytest.fixture
def serve_socket(sandbox: Sandbox) -> Serve:
    return lambda app: over_socket(sandbox, app)
