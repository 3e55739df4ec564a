"""A stock Bolt app on aiohttp, as Bolt's own guide builds it, that only acknowledges.

Everything is at its default: Bolt checks the signature and the token (once, then it remembers),
routes to the listener, and looks every 10 ms whether it has acknowledged. It has no database, no
answer to render and no logs to write, and is served as Turnabout is, so whatever Turnabout does
beyond acknowledging counts against Turnabout.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.app.async_server import AsyncSlackAppServer
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


@asynccontextmanager
async def http_server(
    token: str, signing_secret: str, slack_api_url: str, host: str, path: str
) -> AsyncIterator[int]:
    """Listens on a free port, which it yields."""
    app = AsyncApp(
        client=AsyncWebClient(token, base_url=slack_api_url), signing_secret=signing_secret
    )

    @app.command("/mentoring")
    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    server = AsyncSlackAppServer(port=0, path=path, app=app, host=host)
    runner = web.AppRunner(server.web_app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, 0).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
