"""Events: after the answer, in order, and only those the app asked for."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.errors import NotAcknowledged
from sandbox.server import Sandbox
from sandbox.to_app import socket_mode, transport

FAILURE = {"status": 500}
HOME = {"type": "app_home_opened", "user": "U1"}
PATIENCE = 5.0


async def soon(awaited: Awaitable[None]) -> None:
    async with asyncio.timeout(PATIENCE):
        await awaited


def metadata(number: int) -> dict[str, Any]:
    return {"event_type": "turnabout_delivery", "event_payload": {"id": str(number)}}


class TestMetadataPosted:
    async def test_each_message_with_metadata_in_order(
        self, sandbox, people, app, slack, serve
    ) -> None:
        seen: list[dict[str, Any]] = []

        @app.event("message_metadata_posted")
        async def posted(body: dict[str, Any]) -> None:
            seen.append(body)

        async with serve(app):
            answers = [
                await slack.chat_postMessage(
                    channel=people.ada, text="Hello", metadata=metadata(number)
                )
                for number in range(3)
            ]
            await slack.chat_postMessage(channel=people.ada, text="No metadata")
            await sandbox.settle()
        assert sandbox.undelivered == []
        assert [one["event"]["message_ts"] for one in seen] == [one["ts"] for one in answers]
        workspace = sandbox.workspace
        assert seen[0]["event"] == {
            "type": "message_metadata_posted",
            "app_id": workspace.app_id,
            "bot_id": workspace.bot_id,
            "user_id": workspace.bot.id,
            "team_id": workspace.team_id,
            "channel_id": answers[0]["channel"],
            "metadata": metadata(0),
            "message_ts": answers[0]["ts"],
            "event_ts": answers[0]["ts"],
        }
        assert seen[0]["type"] == "event_callback"
        assert (seen[0]["team_id"], seen[0]["api_app_id"]) == (workspace.team_id, workspace.app_id)
        assert seen[0]["event_time"] == 1772443800
        assert len({one["event_id"] for one in seen}) == 3
        assert seen[0]["authorizations"][0]["user_id"] == workspace.bot.id

    async def test_not_before_the_call_is_answered(
        self, sandbox, people, app, slack, serve
    ) -> None:
        answered = asyncio.Event()

        @app.event("message_metadata_posted")
        async def posted() -> None:
            await answered.wait()

        async with serve(app):
            await slack.chat_postMessage(channel=people.ada, text="Hello", metadata=metadata(1))
            answered.set()
            await sandbox.settle()
        assert sandbox.undelivered == []

    async def test_not_without_a_subscription(self, session) -> None:
        async with Sandbox(scopes=["chat:write"]) as sandbox:
            ada = sandbox.add_user("ada")
            slack = AsyncWebClient(
                token=sandbox.bot_token, base_url=sandbox.api_url, session=session
            )
            await slack.chat_postMessage(channel=ada, text="Hello", metadata=metadata(1))
            await sandbox.settle()
            assert sandbox.undelivered == []

    async def test_not_for_a_refused_message(self, sandbox, call) -> None:
        await call("chat.postMessage", {"channel": "C404", "text": "x", "metadata": metadata(1)})
        await sandbox.settle()
        assert sandbox.undelivered == []


class TestUndelivered:
    async def test_without_any_way_to_the_app(self, sandbox) -> None:
        sandbox.emit(HOME)
        await sandbox.settle()
        [(event, reason)] = sandbox.undelivered
        assert event["user"] == "U1"
        assert "nothing says" in reason

    async def test_what_the_app_kept_refusing(self, sandbox, slack, serve_http, clock) -> None:
        async with serve_http(AsyncApp(client=slack, signing_secret="another")):
            sandbox.emit(HOME)
            sandbox.emit(HOME | {"user": "U2"})
            for minutes in (0, 1, 5):
                clock.advance(minutes=minutes)
                await sandbox.settle()
        assert [event["user"] for event, _ in sandbox.undelivered] == ["U1", "U2"]
        assert {reason for _, reason in sandbox.undelivered} == {"status 401"}


class TestRedelivery:
    """What the app does not acknowledge comes again at once, after a minute and after five."""

    @pytest.fixture
    async def app_at(self, sandbox):
        """An app that answers with what the test lays out for a Response, and then with 200; and
        what it got."""
        received: list[tuple[str, str | None, str | None]] = []
        answers: list[dict[str, Any]] = []

        async def receive(request: web.Request) -> web.Response:
            is_event, headers = request.content_type == "application/json", request.headers
            received.append(
                (
                    (await request.json())["event_id"] if is_event else "",
                    headers.get("X-Slack-Retry-Num"),
                    headers.get("X-Slack-Retry-Reason"),
                )
            )
            return web.Response(**answers.pop(0) if answers else {})

        server = web.Application()
        server.router.add_post("/slack/events", receive)
        runner = web.AppRunner(server, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        sandbox.deliver_over_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
        yield received, answers
        await runner.cleanup()

    async def test_three_times_and_then_no_more(self, sandbox, app_at, clock) -> None:
        received, answers = app_at
        answers += [FAILURE] * 4
        sandbox.emit(HOME)
        counts = []
        for pause in ({}, {"seconds": 59}, {"seconds": 1}, {"seconds": 299}, {"seconds": 1}):
            clock.advance(**pause)
            await sandbox.settle()
            counts.append((len(received), len(sandbox.pending), len(sandbox.undelivered)))
        assert counts == [(2, 1, 0), (2, 1, 0), (3, 1, 0), (3, 1, 0), (4, 0, 1)]
        assert sandbox.undelivered == [(HOME, "status 500")]
        assert [retry for _, *retry in received] == [
            [None, None],
            ["1", "http_error"],
            ["2", "http_error"],
            ["3", "http_error"],
        ]
        assert len({event_id for event_id, *_ in received}) == 1

    @pytest.mark.parametrize("failures", [1, 2, 3])
    async def test_no_more_once_it_is_acknowledged(self, sandbox, app_at, clock, failures) -> None:
        received, answers = app_at
        answers += [FAILURE] * failures
        sandbox.emit(HOME)
        for _ in range(3):
            await sandbox.settle()
            clock.advance(minutes=5)
        await sandbox.settle()
        assert len(received) == failures + 1
        assert (sandbox.pending, sandbox.undelivered) == ([], [])

    async def test_others_do_not_wait_for_it(self, sandbox, app_at, clock) -> None:
        received, answers = app_at
        answers += [FAILURE] * 2
        for _ in range(2):
            sandbox.emit(HOME)
        await sandbox.settle()
        clock.advance(minutes=1)
        await sandbox.settle()
        first, second = sorted({event_id for event_id, *_ in received})
        assert [event_id for event_id, *_ in received] == [first, first, second, first]

    async def test_an_app_may_ask_for_none(self, sandbox, app_at, clock) -> None:
        received, answers = app_at
        answers.append(FAILURE | {"headers": {"X-Slack-No-Retry": "1"}})
        sandbox.emit(HOME)
        await sandbox.settle()
        assert (len(received), len(sandbox.undelivered)) == (1, 1)
        assert sandbox.pending == []

    async def test_what_the_body_says_does_not_count(self, sandbox, app_at) -> None:
        received, answers = app_at
        answers.append({"text": "{", "content_type": "application/json"})
        sandbox.emit(HOME)
        await sandbox.settle()
        assert len(received) == 1
        assert (sandbox.pending, sandbox.undelivered) == ([], [])

    async def test_no_answer_in_time(self, sandbox, app, serve_http, clock, monkeypatch) -> None:
        monkeypatch.setattr(transport, "ACK_SECONDS", 0.05)
        headers, go_on = [], asyncio.Event()

        @app.event("app_home_opened")
        async def opened(request) -> None:
            headers.append(request.headers.get("x-slack-retry-reason"))
            if len(headers) == 1:
                await go_on.wait()

        async with serve_http(app):
            sandbox.emit(HOME)
            await sandbox.settle()
            go_on.set()
        assert headers == [None, ["http_timeout"]]
        assert sandbox.undelivered == []

    async def test_nobody_there_and_back_a_minute_later(
        self, sandbox, app, serve_http, clock
    ) -> None:
        seen = []

        @app.event("app_home_opened")
        async def opened(request) -> None:
            seen.append(request.headers["x-slack-retry-reason"])

        sandbox.deliver_over_http("http://127.0.0.1:1/slack/events")
        sandbox.emit(HOME)
        await sandbox.settle()
        async with serve_http(app):
            clock.advance(minutes=1)
            await sandbox.settle()
        assert seen == [["connection_failed"]]
        assert sandbox.undelivered == []

    async def test_with_a_clock_that_runs_it_comes_by_itself(
        self, sandbox, app, serve_http, clock
    ) -> None:
        arrived = asyncio.Event()

        @app.event("app_home_opened")
        async def opened() -> None:
            arrived.set()

        sandbox.deliver_over_http("http://127.0.0.1:1/slack/events")
        sandbox.emit(HOME)
        await sandbox.settle()
        async with serve_http(app):
            clock.advance(minutes=1)
            await asyncio.wait_for(arrived.wait(), 5)

    async def test_over_socket_mode_the_envelope_says_so(
        self, sandbox, app, serve_socket, clock, monkeypatch
    ) -> None:
        monkeypatch.setattr(socket_mode, "ACK_SECONDS", 0.05)
        headers, go_on = [], asyncio.Event()

        @app.event("app_home_opened")
        async def opened(request) -> None:
            sent = request.headers
            headers.append((sent.get("x-slack-retry-num"), sent.get("x-slack-retry-reason")))
            if len(headers) == 1:
                await go_on.wait()

        async with serve_socket(app):
            sandbox.emit(HOME)
            await sandbox.settle()
            go_on.set()
        assert headers == [(["0"], [""]), (["1"], ["timeout"])]
        assert (sandbox.pending, sandbox.undelivered) == ([], [])

    async def test_a_command_never_comes_again(self, sandbox, people, app_at, clock) -> None:
        received, answers = app_at
        answers.append(FAILURE)
        with pytest.raises(NotAcknowledged):
            await sandbox.send("interaction", {})
        clock.advance(minutes=10)
        await sandbox.settle()
        assert len(received) == 1


class TestSettle:
    async def test_two_may_wait_at_once(self, sandbox) -> None:
        sandbox.emit(HOME)
        await asyncio.gather(sandbox.settle(), sandbox.settle())
        assert len(sandbox.undelivered) == 1

    async def test_one_who_gives_up_waiting_loses_no_event(self, sandbox, app, serve_http) -> None:
        go_on, seen = asyncio.Event(), []

        @app.event("app_home_opened")
        async def opened(event: dict) -> None:
            await go_on.wait()
            seen.append(event["user"])

        async with serve_http(app):
            sandbox.emit(HOME)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(sandbox.settle(), 0.01)
            go_on.set()
            await sandbox.settle()
        assert seen == ["U1"]

    async def test_an_error_of_the_sandboxs_own_is_raised_and_again_on_leaving(self) -> None:
        def broken() -> datetime:
            if sandbox.pending:
                raise RuntimeError("a broken clock")
            return datetime(2026, 1, 5, tzinfo=UTC)

        sandbox = Sandbox(now=broken, events=["app_home_opened"])
        await sandbox.__aenter__()
        sandbox.deliver_over_http("http://127.0.0.1:1/slack/events")
        sandbox.emit(HOME)
        for ask in (sandbox.settle, sandbox.settle, sandbox.__aexit__):
            with pytest.raises(RuntimeError, match="a broken clock"):
                await soon(ask())


class TestStop:
    async def test_with_one_event_to_come_again_and_another_just_emitted(self) -> None:
        async with asyncio.timeout(PATIENCE) as patience:
            async with Sandbox(events=["app_home_opened"]) as sandbox:
                sandbox.deliver_over_socket_mode()
                sandbox.emit(HOME)
                await sandbox.settle()
                sandbox.emit(HOME)
        assert not patience.expired()
