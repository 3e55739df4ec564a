"""The page before a workspace with a Bolt app in it, and a visitor who speaks HTTP to it."""

import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from sandbox.manifest import SlashCommand
from sandbox.page.demo import Card
from sandbox.page.server import serve
from sandbox.page.stream import Stream
from sandbox.server import Sandbox
from sandbox.web_api.api import Call
from tests.sandbox.conftest import EVENTS, SCOPES, Clock, People, over_http

Json = dict[str, Any]


@dataclass
class StandIn:
    """A demo whose clock stands still, and whose cast is nobody."""

    sandbox: Sandbox
    clock: Clock
    cards: dict[str, Card]
    commands: tuple[SlashCommand, ...] = (SlashCommand("/mentoring", "Mentor", "join"),)
    made_up: str = "Everybody is made up."
    acting: bool = True
    moving: bool = False
    share: float = 1.0
    moved: list[int] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    played: set[str] = field(default_factory=set)

    def now(self) -> datetime:
        return self.clock.now()

    def move(self, days: int) -> bool:
        self.moved += [] if self.moving else [days]
        return not self.moving

    @asynccontextmanager
    async def taking(self, person: str) -> AsyncIterator[None]:
        self.taken.append(person)
        yield

    def is_played(self, person: str) -> bool:
        return person in self.played


@dataclass
class Visitor:
    """`get` and `post` return the status and the JSON."""

    session: aiohttp.ClientSession
    url: str

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(self.url + path, headers=headers) as response:
            return response.status, await response.json()

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        async with self.session.post(self.url + path, json=body, headers=headers) as response:
            return response.status, await response.json()

    async def act(self, person: str, act: str, **body: Any) -> Json:
        """What is answered to an act that is well formed."""
        status, answer = await self.post(f"/demo/people/{person}/{act}", body)
        assert status == 200, answer
        assert isinstance(answer, dict)
        return answer

    async def sees(self, person: str) -> Json:
        status, seen = await self.get(f"/demo/people/{person}")
        assert status == 200
        assert isinstance(seen, dict)
        return seen

    async def messages(self, person: str, channel: str) -> list[Json]:
        status, read = await self.get(f"/demo/people/{person}/messages?channel={channel}")
        assert status == 200, read
        messages: list[Json] = read["messages"]
        return messages

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Told"]:
        async with self.session.get(self.url + "/demo/stream") as response:
            assert response.content_type == "text/event-stream"
            yield Told(response.content)


@dataclass
class Told:
    """What the page is told, one after the other."""

    content: aiohttp.StreamReader

    async def next(self, kind: str) -> Json:
        """The next of this kind; what comes before is passed over."""
        async for line in self.content:
            if line.startswith(b"data: "):
                told: Json = json.loads(line.removeprefix(b"data: "))
                if told["type"] == kind:
                    return told
        raise AssertionError("the stream has ended")


@pytest.fixture
def call_watchers() -> list[Callable[[Call], None]]:
    return []


@pytest.fixture
async def sandbox(
    clock: Clock, call_watchers: list[Callable[[Call], None]]
) -> AsyncIterator[Sandbox]:
    def tell(call: Call) -> None:
        for watch in call_watchers:
            watch(call)

    async with Sandbox(
        now=clock.now, monotonic=clock.monotonic, scopes=SCOPES, events=EVENTS, on_call=tell
    ) as made:
        yield made


@pytest.fixture
def demo(sandbox: Sandbox, people: People, clock: Clock) -> StandIn:
    cards = {people.ben: Card("Runs it", "People", None), people.ada: Card("Clerk", "Sales", 2)}
    return StandIn(sandbox, clock, {**cards, people.cleo: Card("Gone", "Sales", 1)})


@pytest.fixture
async def visitor(
    demo: StandIn,
    sandbox: Sandbox,
    session: aiohttp.ClientSession,
    call_watchers: list[Callable[[Call], None]],
) -> AsyncIterator[Visitor]:
    stream = Stream(demo)
    sandbox.sent_watchers.append(stream.note_sent)
    call_watchers.append(stream.note_call)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        async with serve(demo, stream, listening):
            yield Visitor(session, f"http://127.0.0.1:{listening.getsockname()[1]}")


@pytest.fixture
async def bolt(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[AsyncApp]:
    async with over_http(sandbox, app):
        yield app
