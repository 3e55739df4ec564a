"""How Slack reaches the app: HTTP requests, or Socket Mode. Both answer `GET /healthz`."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_server import AsyncSlackAppServer
from sqlalchemy.exc import SQLAlchemyError

from bot import scheduler
from bot.app import App
from bot.config import Settings, required
from bot.errors import OperatorError
from bot.log import get_logger
from bot.schema import current
from bot.slack.errors import SlackError

EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/healthz"


def transport_secret(settings: Settings, *, http: bool) -> str:
    """What the transport cannot do without; raises OperatorError that says where to find it."""
    if http:
        return required(
            settings.signing_secret,
            "SLACK_SIGNING_SECRET",
            "It is on the app's “Basic Information” page; without it, anybody could pretend to be "
            "Slack.",
        )
    return required(
        settings.app_token,
        "SLACK_APP_TOKEN",
        "Socket Mode needs one, from the app's “Basic Information” page, with the scope "
        "connections:write. Or serve Slack's requests over HTTP with --http.",
    )


async def run(app: App, settings: Settings, *, http: bool, host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT; what is at work then may finish within ten seconds."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    secret = transport_secret(settings, http=http)
    serving = http_server(app, host, port) if http else _socket_mode(app, secret, host, port)
    async with serving:
        ticker = scheduler.start(app.runtime)
        get_logger().info("started", transport="http" if http else "socket mode", port=port)
        try:
            await stop.wait()
        finally:
            await ticker.stop()
            get_logger().info("stopped")


@asynccontextmanager
async def http_server(app: App, host: str, port: int) -> AsyncIterator[int]:
    """Takes Slack's requests at EVENTS_PATH; yields the port, a free one for 0."""
    bolt = AsyncSlackAppServer(port=port, path=EVENTS_PATH, app=app.bolt, host=host)
    async with _listening(app, bolt.web_app, host, port) as listening_at:
        yield listening_at


@asynccontextmanager
async def socket_mode(app: App, app_token: str) -> AsyncIterator[None]:
    """Takes Slack's requests from a WebSocket that we open, so that no address is needed."""
    await _try_app_token(app, app_token)
    handler = AsyncSocketModeHandler(app.bolt, app_token)
    try:
        await handler.connect_async()
        yield
    finally:
        await handler.close_async()


async def _try_app_token(app: App, app_token: str) -> None:
    """The SDK would go on trying for ever with a token that Slack does not take."""
    try:
        await app.runtime.slack.try_app_token(app_token)
    except SlackError as error:
        raise OperatorError(
            f"Slack does not take SLACK_APP_TOKEN ({error.code}): is it an app-level token "
            "(xapp-…) with the scope connections:write?"
        ) from None


@asynccontextmanager
async def _socket_mode(app: App, app_token: str, host: str, port: int) -> AsyncIterator[None]:
    async with _listening(app, web.Application(), host, port), socket_mode(app, app_token):
        yield


@asynccontextmanager
async def _listening(app: App, routes: web.Application, host: str, port: int) -> AsyncIterator[int]:
    async def healthz(_: web.Request) -> web.Response:
        try:
            await current(app.runtime.database.engine)
        except SQLAlchemyError:
            return web.Response(status=503, text="the database does not answer\n")
        return web.Response(text="ok\n")

    routes.router.add_get(HEALTH_PATH, healthz)
    runner = web.AppRunner(routes, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise OperatorError(
                f"Port {port} on {host} cannot be used ({error.strerror}): "
                "choose another one with --port."
            ) from None
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
