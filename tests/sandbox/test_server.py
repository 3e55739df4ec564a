"""The sandbox as a whole: told the same story twice, it says the same; and it costs little."""

import socket
import time

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from tests.listeners import listeners


async def a_story(clock, session: aiohttp.ClientSession) -> list[dict[str, object]]:
    async with Sandbox(
        now=clock.now, monotonic=clock.monotonic, scopes=["chat:write", "groups:write"]
    ) as sandbox:
        users = [sandbox.add_user(name) for name in ("ada", "ben")]
        slack = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=session)
        answers = [await slack.conversations_create(name="pair", is_private=True)]
        channel = answers[0]["channel"]["id"]
        answers.append(await slack.conversations_invite(channel=channel, users=users))
        divider = {"type": "divider"}
        answers.append(await slack.chat_postMessage(channel=channel, text="Hi", blocks=[divider]))
        trigger = sandbox.views.new_trigger(users[0])
        title = {"type": "plain_text", "text": "T"}
        view = {"type": "modal", "title": title, "blocks": [divider]}
        answers.append(await slack.views_open(trigger_id=trigger, view=view))
        return [dict(answer.data) for answer in answers]


class TestSandbox:
    async def test_the_same_story_gives_the_same_answers(self, clock, session) -> None:
        assert await a_story(clock, session) == await a_story(clock, session)

    async def test_a_port_that_is_taken(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            with pytest.raises(OSError, match="in use"):
                async with Sandbox(port=taken.getsockname()[1]):
                    pass

    async def test_listens_on_loopback_alone(self, sandbox) -> None:
        [(address, port)] = listeners()
        assert address.is_loopback
        assert sandbox.api_url == f"http://127.0.0.1:{port}/api/"

    async def test_a_message_costs_the_same_in_a_full_channel(self, session) -> None:
        """A ratio, so that a slow machine does not matter; a scan would make it grow tenfold."""
        async with Sandbox(scopes=["chat:write"], limits=False) as sandbox:
            ada = sandbox.member(sandbox.add_user("ada"))
            slack = AsyncWebClient(
                token=sandbox.bot_token, base_url=sandbox.api_url, session=session
            )

            async def cost(count: int) -> float:
                started = time.perf_counter()
                for _ in range(count):
                    await slack.chat_postMessage(channel=ada.id, text="Hello")
                return (time.perf_counter() - started) / count

            await cost(50)
            empty = min([await cost(50) for _ in range(3)])
            conversation = sandbox.workspace.conversation(ada.direct(), ada.id)
            for _ in range(20_000):
                sandbox.workspace.post(conversation, ada.id, "x")
            full = min([await cost(50) for _ in range(3)])
        assert full < 3 * empty
