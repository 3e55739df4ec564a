"""What every Web API method of the sandbox is given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sandbox.blocks import Json
from sandbox.contract import Method
from sandbox.views import Views
from sandbox.workspace import Workspace


@dataclass(frozen=True)
class Context:
    """`emit` queues an event for the app; `new_link` makes the address of a WebSocket."""

    workspace: Workspace
    views: Views
    scopes: tuple[str, ...]
    now: Callable[[], datetime]
    emit: Callable[[Json], None]
    new_link: Callable[[], str]
    contract: dict[str, Method]
