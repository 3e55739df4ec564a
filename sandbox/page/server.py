"""The demo page over HTTP, on loopback only."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from sandbox.page import acts, looks
from sandbox.page.demo import Demo
from sandbox.page.guard import FRONT_PAGE, Problem, add_headers, guarded
from sandbox.page.listen import listen
from sandbox.page.requests import PAGE, Page
from sandbox.page.stream import Stream

STATIC = Path(__file__).with_name("static")
CONTENT_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
LARGEST_BODY = 1024 * 1024


@asynccontextmanager
async def serve(demo: Demo, stream: Stream, listening: socket.socket) -> AsyncIterator[None]:
    """On a socket that listens already, until the block is left. Everybody has their DM with the
    app from the start: in Slack it is always there."""
    for person in demo.cards:
        demo.sandbox.member(person).direct()
    app = _application(Page(demo, stream))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    watching = asyncio.create_task(stream.run())
    try:
        await web.SockSite(runner, listening).start()
        yield
    finally:
        stream.close()
        await runner.cleanup()
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


def _application(page: Page) -> web.Application:
    app = web.Application(middlewares=[guarded], client_max_size=LARGEST_BODY)
    app[PAGE] = page
    app.on_response_prepare.append(add_headers)
    person = "/demo/people/{person}"
    app.add_routes(
        [
            web.get(FRONT_PAGE, index),
            web.get("/static/{name:.+}", static),
            web.get("/demo/workspace", looks.workspace),
            web.get("/demo/strip", looks.strip),
            web.get("/demo/stream", listen),
            web.get("/files/{id}/{name}", looks.file),
            web.get(person, looks.person),
            web.get(f"{person}/messages", looks.messages),
            web.post(f"{person}/command", acts.of_person(acts.command)),
            web.post(f"{person}/say", acts.of_person(acts.say)),
            web.post(f"{person}/click", acts.of_person(acts.click)),
            web.post(f"{person}/submit", acts.of_person(acts.submit)),
            web.post(f"{person}/close", acts.of_person(acts.close)),
            web.post(f"{person}/home", acts.home),
            web.post("/demo/clock", acts.clock),
            web.post("/demo/cast", acts.cast),
        ]
    )
    return app


async def index(_: web.Request) -> web.Response:
    return _file("index.html")


async def static(request: web.Request) -> web.Response:
    return _file(request.match_info["name"])


def _file(name: str) -> web.Response:
    """One in the folder of the page, and of a kind that belongs there."""
    path = STATIC / name
    content_type = CONTENT_TYPES.get(path.suffix)
    if content_type is None or not _is_there(path):
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such file.")
    charset = None if path.suffix == ".png" else "utf-8"
    return web.Response(body=path.read_bytes(), content_type=content_type, charset=charset)


def _is_there(path: Path) -> bool:
    try:
        return path.resolve().is_relative_to(STATIC.resolve()) and path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False
