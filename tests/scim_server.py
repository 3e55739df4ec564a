"""The real scim2-server on loopback, with the people of a test."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from scim2_models import EnterpriseUser, User
from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.utils import load_default_provider

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
TOKEN = "scim-hush-hush"


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing on the test's standard error."""


class ScimServer:
    """`url` is its address. It keeps its users in memory."""

    def __init__(self) -> None:
        self.token = TOKEN
        self.url = ""
        self.requests: list[dict[str, Any]] = []
        self._storage = InMemoryStorage()
        self._provider = load_default_provider()
        [self._kind] = [one for one in self._provider.resource_types if one.id == "User"]
        self._app = BearerTokenApplication(self._storage, self._provider, bearer_tokens=[TOKEN])

    def add(self, number: str, name: str, /, *, manager: str = "", **more: Any) -> str:
        """Somebody new, by their employee number; returns the server's own id."""
        work: dict[str, Any] = {"employeeNumber": number} if number else {}
        work |= {"department": "Sales"} | ({"manager": {"value": manager}} if manager else {})
        user = {
            "schemas": [CORE, ENTERPRISE],
            "userName": name.lower().replace(" ", "."),
            "displayName": name,
            ENTERPRISE: work,
            **more,
        }
        with self._provider:
            new = User[EnterpriseUser].model_validate(user)
            made = self._storage.create(self._kind, new)
        return str(made.id)

    @contextmanager
    def serve(self, certificate: ssl.SSLContext | None = None) -> Iterator[None]:
        def answer(environ: dict[str, Any], start: Any) -> Any:
            self.requests.append(environ)
            return self._app(environ, start)

        with make_server("127.0.0.1", 0, answer, handler_class=_Silent) as server:
            if certificate is not None:
                server.socket = certificate.wrap_socket(server.socket, server_side=True)
            self.url = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}/v2"
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield
            finally:
                server.shutdown()
                thread.join()
