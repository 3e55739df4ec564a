"""GET /demo/stream: server-sent events, for as long as the page is open."""

import asyncio
import contextlib
import json
from http import HTTPStatus

from aiohttp import web

from sandbox.page.guard import Problem
from sandbox.page.requests import PAGE
from sandbox.page.stream import Listener

SIGN_OF_LIFE_SECONDS = 15.0
"""After so long in silence a comment is sent, which tells whether anybody is still there."""


async def listen(request: web.Request) -> web.StreamResponse:
    stream = request.app[PAGE].stream
    if stream.is_full:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "Too many pages are open. Please close some.")
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    with stream.listening() as listener, contextlib.suppress(ConnectionError):
        await response.prepare(request)
        while (told := await _next(listener)) is not None:
            await response.write(told)
    return response


async def _next(listener: Listener) -> bytes | None:
    try:
        async with asyncio.timeout(SIGN_OF_LIFE_SECONDS):
            told = await listener.get()
    except TimeoutError:
        return b": still here\n\n"
    return f"data: {json.dumps(told)}\n\n".encode() if told is not None else None
