"""Events: after the answer, in order, and only those the app asked for."""

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox


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
    async def test_what_nobody_acknowledged_is_kept(self, sandbox) -> None:
        sandbox.emit({"type": "app_home_opened", "user": "U1"})
        await sandbox.settle()
        [(event, reason)] = sandbox.undelivered
        assert event["user"] == "U1"
        assert "nothing says" in reason

    async def test_what_the_app_refused_is_kept(self, sandbox, slack, serve_http) -> None:
        async with serve_http(AsyncApp(client=slack, signing_secret="another")):
            sandbox.emit({"type": "app_home_opened", "user": "U1"})
            sandbox.emit({"type": "app_home_opened", "user": "U2"})
            await sandbox.settle()
        assert [event["user"] for event, _ in sandbox.undelivered] == ["U1", "U2"]
        assert {reason for _, reason in sandbox.undelivered} == {"status 401"}
