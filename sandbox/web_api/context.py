"""What every Web API method of the sandbox is given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sandbox.manifest import Manifest
from sandbox.state.views import Views
from sandbox.state.workspace import Workspace
from sandbox.web_api.contract import Method


@dataclass(frozen=True)
class Context:
    """`new_link` makes the address of a WebSocket, `new_upload` that of an upload from its ticket;
    `client_secrets` are the app's client id and client secret."""

    workspace: Workspace
    views: Views
    manifest: Manifest
    now: Callable[[], datetime]
    new_link: Callable[[], str]
    new_upload: Callable[[str], str]
    client_secrets: tuple[str, str]
    contract: dict[str, Method]

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.manifest.scopes
