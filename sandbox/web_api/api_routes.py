"""The Web API over HTTP: reads a request, and sends the answer, or what a fault makes of it."""

import asyncio
import contextlib
from dataclasses import replace

from aiohttp import web

from sandbox.faults import Fault, Faults, refusal_of
from sandbox.to_app.events import Events
from sandbox.web_api.api import Api, Reply
from sandbox.web_api.reading import read

TOO_MANY_REQUESTS = 429


class ApiRoutes:
    def __init__(self, api: Api, events: Events, faults: Faults) -> None:
        self._api = api
        self._events = events
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", "/api/{method}", self._serve)]

    async def _serve(self, http: web.Request) -> web.StreamResponse:
        """What happened in a call, the app hears of when the call has been answered."""
        request = await read(http)
        arguments = request.given | (request.json_body or {})
        fault = self._faults.of_call(request.method, arguments)
        match fault:
            case Fault(kind="drop_before"):
                return _hang_up(http)
            case Fault(kind="status", status=status):
                return web.Response(status=status, text="<html>", content_type="text/html")
        with self._events.holding() as events:
            reply = self._api.answer(replace(request, refusal=refusal_of(fault)))
        response = self._response(reply)
        match fault:
            case Fault(kind="drop_after"):
                response = _hang_up(http)
            case Fault(kind="slow", seconds=seconds):
                await asyncio.sleep(seconds)
        if events:
            with contextlib.suppress(ConnectionError):  # the app hung up; what is done stays done
                await response.prepare(http)
                await response.write_eof()
        for event in events:
            self._events.emit(event)
        return response

    def _response(self, reply: Reply) -> web.Response:
        response = web.json_response(reply.body)
        if reply.retry_after is not None:
            response.set_status(TOO_MANY_REQUESTS)
            response.headers["Retry-After"] = str(reply.retry_after)
        response.headers["x-oauth-scopes"] = ",".join(self._api.scopes)
        return response


def _hang_up(http: web.Request) -> web.Response:
    """No answer: the client sees its connection break."""
    assert http.transport is not None
    http.transport.close()
    return web.Response()
