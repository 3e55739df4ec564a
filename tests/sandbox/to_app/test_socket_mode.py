"""Socket Mode: what travels over the app's WebSockets, and what happens when one goes."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.errors import NotAcknowledged
from sandbox.to_app import socket_mode
from sandbox.to_app.socket_mode import MOST_CONNECTIONS
from tests.sandbox.conftest import over_socket

HOME = {"type": "app_home_opened", "user": "U1"}


@pytest.fixture
def links(sandbox, session):
    """`await links()` opens one WebSocket as the SDK would."""
    sandbox.deliver_over_socket_mode()
    slack = AsyncWebClient(base_url=sandbox.api_url, session=session)

    async def link(**options: Any) -> aiohttp.ClientWebSocketResponse:
        url = (await slack.apps_connections_open(app_token=sandbox.app_token))["url"]
        socket = await session.ws_connect(url, **options)
        await socket.receive_json()
        return socket

    return link


class TestConnection:
    async def test_hello_comes_first_and_a_ticket_works_once(self, sandbox, session) -> None:
        slack = AsyncWebClient(base_url=sandbox.api_url, session=session)
        url = (await slack.apps_connections_open(app_token=sandbox.app_token))["url"]
        async with session.ws_connect(url) as socket:
            hello = await socket.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        for bad in (url, url.replace("ticket=", "ticket=x")):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
                await session.ws_connect(bad)
            assert refusal.value.status == 401
        assert [call.method for call in sandbox.calls] == ["apps.connections.open"]

    async def test_nobody_can_guess_a_ticket(self, sandbox) -> None:
        tickets = {sandbox.socket.new_ticket() for _ in range(100)}
        assert len(tickets) == 100
        assert min(map(len, tickets)) >= 32

    async def test_an_envelope_and_its_acknowledgement(self, sandbox, links) -> None:
        socket = await links()
        sending = asyncio.create_task(sandbox.send("command", {"command": "/mentoring"}))
        envelope = await socket.receive_json()
        assert envelope["type"] == "slash_commands"
        assert envelope["accepts_response_payload"] is True
        assert envelope["payload"] == {"command": "/mentoring"}
        await socket.send_json({"envelope_id": "another", "payload": {"text": "no"}})
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "yes"}})
        assert await sending == {"text": "yes"}
        await socket.close()

    async def test_an_empty_acknowledgement(self, sandbox, links) -> None:
        socket = await links()
        sending = asyncio.create_task(sandbox.send("event", {"type": "event_callback"}))
        envelope = await socket.receive_json()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        assert await sending == {}
        await socket.close()

    async def test_connections_take_turns(self, sandbox, links) -> None:
        sockets = [await links() for _ in range(3)]
        await sandbox.socket.connected(3)

        async def answer(socket: aiohttp.ClientWebSocketResponse, name: str) -> None:
            for _ in range(2):
                envelope = await socket.receive_json()
                await socket.send_json(
                    {"envelope_id": envelope["envelope_id"], "payload": {"text": name}}
                )

        answering = [
            asyncio.create_task(answer(socket, str(number)))
            for number, socket in enumerate(sockets)
        ]
        answers = [(await sandbox.send("command", {}))["text"] for _ in range(6)]
        await asyncio.gather(*answering)
        assert sorted(answers[:3]) == sorted(answers[3:]) == ["0", "1", "2"]
        for socket in sockets:
            await socket.close()

    async def test_nobody_connected(self, sandbox) -> None:
        sandbox.deliver_over_socket_mode()
        with pytest.raises(NotAcknowledged) as refusal:
            await sandbox.send("command", {})
        assert refusal.value.status is None

    async def test_no_acknowledgement_in_time(self, sandbox, links, monkeypatch) -> None:
        monkeypatch.setattr(socket_mode, "ACK_SECONDS", 0.01)
        socket = await links()
        with pytest.raises(NotAcknowledged):
            await sandbox.send("command", {})
        await socket.close()

    async def test_a_sender_who_is_cancelled_as_the_answer_comes(self, sandbox, links) -> None:
        """The very turn of the loop in which a cancellation is easily lost."""
        socket = await links()
        sending = asyncio.create_task(sandbox.send("command", {"command": "/mentoring"}))
        envelope = await socket.receive_json()
        sandbox.socket._acknowledge(json.dumps({"envelope_id": envelope["envelope_id"]}))
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        await socket.close()

    async def test_a_wrong_app_token_gets_no_link(self, sandbox, call) -> None:
        answer = await call("apps.connections.open", {}, token="xapp-wrong")
        assert answer["error"] == "invalid_auth"

    async def test_pings_are_answered(self, links) -> None:
        socket = await links(autoping=False)
        await socket.ping(b"are you there")
        answer = await socket.receive()
        assert (answer.type, answer.data) == (aiohttp.WSMsgType.PONG, b"are you there")
        await socket.close()

    async def test_no_more_than_ten_at_a_time(self, sandbox, links, session) -> None:
        sockets = [await links() for _ in range(MOST_CONNECTIONS)]
        slack = AsyncWebClient(base_url=sandbox.api_url, session=session)
        url = (await slack.apps_connections_open(app_token=sandbox.app_token))["url"]
        async with session.ws_connect(url) as one_more:
            goodbye = await one_more.receive_json()
            assert (await one_more.receive()).type is aiohttp.WSMsgType.CLOSE
        assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "too_many_websockets")
        await sockets.pop().close()
        sockets.append(await links())
        for socket in sockets:
            await socket.close()


class TestDisconnect:
    async def test_a_warning_leaves_it_open_but_nothing_goes_there(self, sandbox, links) -> None:
        first, second = await links(), await links()
        await sandbox.socket.connected(2)
        assert await sandbox.socket.disconnect("warning") == 1
        assert (await first.receive_json())["reason"] == "warning"
        assert sandbox.socket.connections == 1
        for _ in range(3):
            sending = asyncio.create_task(sandbox.send("command", {}))
            envelope = await second.receive_json()
            await second.send_json({"envelope_id": envelope["envelope_id"]})
            await sending
        assert not first.closed
        for socket in (first, second):
            await socket.close()

    async def test_after_a_refresh_slack_hangs_up(self, sandbox, links) -> None:
        first, second = await links(), await links()
        await sandbox.socket.connected(2)
        telling = asyncio.create_task(sandbox.socket.disconnect("refresh_requested"))
        goodbye = await first.receive_json()
        assert goodbye == {
            "type": "disconnect",
            "reason": "refresh_requested",
            "debug_info": {"host": "sandbox"},
        }
        assert (await first.receive()).type is aiohttp.WSMsgType.CLOSE
        assert await telling == 1
        assert not second.closed
        await second.close()

    async def test_a_disabled_link_is_the_end_of_all(self, sandbox, links) -> None:
        sockets = [await links() for _ in range(3)]
        await sandbox.socket.connected(3)
        telling = asyncio.create_task(sandbox.socket.disconnect("link_disabled"))
        for socket in sockets:
            assert (await socket.receive_json())["reason"] == "link_disabled"
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert await telling == 3
        with pytest.raises(NotAcknowledged):
            await sandbox.send("command", {})

    async def test_nobody_to_tell(self, sandbox) -> None:
        assert await sandbox.socket.disconnect("warning") == 0

    async def test_a_command_on_a_broken_connection_is_not_acknowledged(
        self, sandbox, links
    ) -> None:
        socket = await links()
        await sandbox.socket.connected()
        sending = asyncio.create_task(sandbox.send("command", {}))
        await socket.receive_json()
        await socket.close()
        with pytest.raises(NotAcknowledged, match="the connection was closed"):
            await sending

    async def test_an_event_on_a_broken_connection_goes_to_another(self, sandbox, links) -> None:
        sockets = [await links(), await links()]
        await sandbox.socket.connected(2)
        sandbox.emit(HOME)
        waits = [asyncio.create_task(socket.receive_json()) for socket in sockets]
        [had], [waiting] = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        await sockets[waits.index(had)].close()
        first, again = had.result(), await waiting
        await sockets[waits.index(waiting)].send_json({"envelope_id": again["envelope_id"]})
        await sandbox.settle()
        assert again["payload"] == first["payload"]
        assert first["envelope_id"] != again["envelope_id"]
        assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
        assert (again["retry_attempt"], again["retry_reason"]) == (1, "connection_failed")
        assert (sandbox.pending, sandbox.undelivered) == ([], [])
        await sockets[waits.index(waiting)].close()


class TestBolt:
    """The real handler connects anew by itself, and nothing is lost over it."""

    @pytest.fixture
    def seen(self, app: AsyncApp) -> list[str]:
        seen: list[str] = []

        @app.event("app_home_opened")
        async def opened(event: dict[str, Any]) -> None:
            seen.append(event["user"])

        @app.command("/mentoring")
        async def hear(ack: AsyncAck) -> None:
            await ack("Hello")

        return seen

    @pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
    async def test_told_to_go(self, sandbox, app, clock, seen, reason) -> None:
        async with over_socket(sandbox, app):
            for number in range(6):
                sandbox.emit(HOME | {"user": f"U{number}"})
                if number == 2:
                    await sandbox.socket.disconnect(reason)
            for minutes in (0, 1, 5):
                clock.advance(minutes=minutes)
                await sandbox.socket.connected()
                await sandbox.settle()
        assert sorted(set(seen)) == [f"U{number}" for number in range(6)]
        assert (sandbox.pending, sandbox.undelivered) == ([], [])

    async def test_one_of_several_told_to_go_delays_nothing(
        self, sandbox, app, people, seen
    ) -> None:
        async with several(sandbox, app, 3):
            await sandbox.socket.disconnect("refresh_requested")
            for number in range(6):
                sandbox.emit(HOME | {"user": f"U{number}"})
            await sandbox.settle()
            answer = await sandbox.member(people.ada).command("/mentoring")
        assert seen == [f"U{number}" for number in range(6)]
        assert answer.text == "Hello"


@contextlib.asynccontextmanager
async def several(sandbox, app: AsyncApp, count: int) -> AsyncIterator[None]:
    """As many copies of the app, each with its connection."""
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(count):
            await stack.enter_async_context(over_socket(sandbox, app))
        await sandbox.socket.connected(count)
        yield
