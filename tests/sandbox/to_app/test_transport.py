"""What travels between Slack and the app, and what is not let through."""

import asyncio
import json
import time
from contextlib import AsyncExitStack
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from sandbox.errors import BadAck, NotAcknowledged
from sandbox.to_app.transport import HttpTransport, encoded, sign

SECRET = "a-signing-secret"


@pytest.fixture
async def listener():
    """An app that keeps what it got, and answers what the test lays out for it."""
    received: list[tuple[dict[str, str], str]] = []
    answers: list[web.Response] = []

    async def receive(request: web.Request) -> web.Response:
        received.append((dict(request.headers), await request.text()))
        return answers.pop(0) if answers else web.Response()

    server = web.Application()
    server.router.add_post("/slack/events", receive)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    http = HttpTransport(url, SECRET)
    yield http, received, answers
    await http.close()
    await runner.cleanup()


class TestSign:
    def test_is_what_the_sdk_verifies(self) -> None:
        timestamp = str(int(time.time()))
        verifier = SignatureVerifier(SECRET)
        signature = sign(SECRET, timestamp, "body=ä")
        assert verifier.is_valid("body=ä", timestamp, signature)
        assert not verifier.is_valid("body=a", timestamp, signature)
        assert not verifier.is_valid("body=ä", timestamp, sign("other", timestamp, "body=ä"))


class TestEncoded:
    def test_a_command_is_a_form(self) -> None:
        body, kind = encoded("command", {"command": "/mentoring", "text": "ä & b"})
        assert parse_qs(body) == {"command": ["/mentoring"], "text": ["ä & b"]}
        assert kind == "application/x-www-form-urlencoded"

    def test_an_interaction_is_json_in_a_form(self) -> None:
        body, kind = encoded("interaction", {"type": "block_actions"})
        assert json.loads(parse_qs(body)["payload"][0]) == {"type": "block_actions"}
        assert kind == "application/x-www-form-urlencoded"

    def test_an_event_is_json(self) -> None:
        body, kind = encoded("event", {"type": "event_callback"})
        assert json.loads(body) == {"type": "event_callback"}
        assert kind == "application/json"


class TestAckSeconds:
    async def test_three_and_no_more(self, sandbox, people, app, serve, monkeypatch) -> None:
        """On the event loop's clock, which is moved on: nobody waits."""
        came, go_on = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        real = loop.time

        @app.command("/mentoring")
        async def dawdle(ack: AsyncAck) -> None:
            came.set()
            await go_on.wait()
            await ack()

        async with serve(app), AsyncExitStack() as stack:
            stack.callback(go_on.set)
            ada = sandbox.member(people.ada)
            typing = asyncio.create_task(ada.command("/mentoring"))
            await came.wait()
            monkeypatch.setattr(loop, "time", lambda: real() + 2.0)
            for _ in range(20):
                await asyncio.sleep(0)
            assert not typing.done()
            monkeypatch.setattr(loop, "time", lambda: real() + 3.0)
            with pytest.raises(NotAcknowledged):
                async with asyncio.timeout(0.5):
                    await typing
            monkeypatch.undo()


class TestHttp:
    async def test_every_request_is_signed(self, listener) -> None:
        http, received, _ = listener
        await http.send("command", {"text": "hello"})
        headers, body = received[0]
        timestamp = headers["X-Slack-Request-Timestamp"]
        assert headers["X-Slack-Signature"] == sign(SECRET, timestamp, body)
        assert abs(int(timestamp) - time.time()) < 60

    async def test_what_an_app_may_answer(self, listener) -> None:
        http, _, answers = listener
        answers += [
            web.Response(),
            web.Response(text="plain"),
            web.json_response({"response_action": "clear"}),
        ]
        assert await http.send("interaction", {}) == {}
        assert await http.send("command", {}) == {"text": "plain"}
        assert await http.send("interaction", {}) == {"response_action": "clear"}

    @pytest.mark.parametrize("body", ["{", "[]"])
    async def test_an_answer_that_is_no_json_object(self, listener, body) -> None:
        http, _, answers = listener
        answers.append(web.Response(text=body, content_type="application/json"))
        with pytest.raises(BadAck):
            await http.send("interaction", {})

    @pytest.mark.parametrize("status", [204, 302, 401, 404, 500])
    async def test_any_other_status_is_no_acknowledgement(self, listener, status) -> None:
        http, _, answers = listener
        answers.append(web.Response(status=status))
        with pytest.raises(NotAcknowledged) as refusal:
            await http.send("command", {})
        assert refusal.value.status == status

    async def test_nobody_there(self) -> None:
        http = HttpTransport("http://127.0.0.1:1/slack/events", SECRET)
        with pytest.raises(NotAcknowledged) as refusal:
            await http.send("command", {})
        await http.close()
        assert refusal.value.status is None

    async def test_bolt_refuses_a_forged_signature(self, sandbox, people, app, session) -> None:
        @app.command("/mentoring")
        async def hear(ack: AsyncAck) -> None:
            await ack()

        body, now = "command=%2Fmentoring&user_id=U1&team_id=T1", str(int(time.time()))
        old = str(int(time.time()) - 600)
        statuses = []
        for secret, timestamp in (
            (sandbox.signing_secret, now),
            ("forged", now),
            (sandbox.signing_secret, old),
        ):
            headers = {
                "content-type": "application/x-www-form-urlencoded",
                "x-slack-request-timestamp": timestamp,
                "x-slack-signature": sign(secret, timestamp, body),
            }
            answer = await app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
            statuses.append(answer.status)
        assert statuses == [200, 401, 401]

    async def test_an_app_with_another_secret_refuses(
        self, sandbox, people, slack, serve_http
    ) -> None:
        async with serve_http(AsyncApp(client=slack, signing_secret="another")):
            with pytest.raises(NotAcknowledged) as refusal:
                await sandbox.member(people.ada).command("/mentoring")
        assert refusal.value.status == 401
