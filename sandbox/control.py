"""The control address: another process, or a test in one, asks for faults and disconnects.

It is no part of Slack, and not under /api/. No web page in a browser here can use it (see
own_machine.py), and what is posted has to be JSON that says it is.
"""

import json
from typing import Any, get_args

from aiohttp import web

from sandbox.blocks import Json
from sandbox.faults import Fault, Faults
from sandbox.json_text import read_json
from sandbox.to_app.socket_mode import Reason, SocketTransport

TYPES: dict[str, tuple[type, ...]] = {
    "kind": (str,),
    "method": (str,),
    "times": (int,),
    "error": (str,),
    "status": (int,),
    "seconds": (int, float),
}
NAMES = {str: "a text", int: "a whole number", float: "a number"}
REASONS = get_args(Reason)


class Control:
    def __init__(self, faults: Faults, socket: SocketTransport) -> None:
        self._faults = faults
        self._socket = socket

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/control/faults", self._show),
            web.post("/control/faults", self._add),
            web.delete("/control/faults", self._clear),
            web.post("/control/disconnect", self._disconnect),
        ]

    async def _show(self, _: web.Request) -> web.Response:
        return self._faults_now()

    async def _add(self, http: web.Request) -> web.Response:
        """One fault; see `Fault` for its fields."""
        body = await _body(http)
        try:
            self._faults.add(fault_from(body))
        except ValueError as error:
            raise _refusal(web.HTTPBadRequest, str(error)) from None
        return self._faults_now()

    async def _clear(self, _: web.Request) -> web.Response:
        """What has been met stays written down."""
        self._faults.clear()
        return self._faults_now()

    async def _disconnect(self, http: web.Request) -> web.Response:
        reason = (await _body(http)).get("reason", "")
        if reason not in REASONS:
            raise _refusal(web.HTTPBadRequest, f"reason must be one of {', '.join(REASONS)}")
        told = await self._socket.disconnect(reason)
        if not told:
            raise _refusal(web.HTTPConflict, "the app has no Socket Mode connection open")
        return web.json_response({"told": told})

    def _faults_now(self) -> web.Response:
        return web.json_response(
            {
                "pending": [fault.as_json() for fault in self._faults.pending],
                "met": [met.as_json() for met in self._faults.met],
            }
        )


def fault_from(body: Json) -> Fault:
    """Raises ValueError with a sentence that says what is wrong."""
    if "kind" not in body:
        raise ValueError("kind is missing")
    for name, value in body.items():
        if name not in TYPES:
            raise ValueError(f"a fault has no {name!r}; it has {', '.join(TYPES)}")
        if type(value) not in TYPES[name]:
            raise ValueError(f"{name} must be {NAMES[TYPES[name][-1]]}")
    return Fault(**body)


async def _body(http: web.Request) -> Json:
    if http.content_type != "application/json":
        raise _refusal(web.HTTPUnsupportedMediaType, "say Content-Type: application/json")
    try:
        body: Any = read_json(await http.read())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _refusal(web.HTTPBadRequest, "the body must be a JSON object")
    return body


def _refusal(kind: type[web.HTTPError], sentence: str) -> web.HTTPError:
    return kind(text=json.dumps({"error": sentence}), content_type="application/json")
