"""Answering later: how often, how long, and to whom."""

from typing import Any

import aiohttp
import pytest


@pytest.fixture
def respond(sandbox, session: aiohttp.ClientSession):
    """`await respond(id, body)` gives the status and the answer."""

    async def post(url_id: str, body: Any) -> tuple[int, dict[str, Any]]:
        async with session.post(f"{sandbox.url}/response/{url_id}", json=body) as response:
            return response.status, await response.json()

    return post


@pytest.fixture
def channel(sandbox, people) -> str:
    return str(sandbox.add_channel("general", [people.ada, people.ben]))


def texts(sandbox: Any, user: str, channel: str) -> list[str]:
    return [one["text"] for one in sandbox.member(user).messages(channel)]


class TestUse:
    async def test_five_times(self, sandbox, people, channel, respond) -> None:
        url_id = sandbox.response_urls.new(people.ada, channel)
        for _ in range(5):
            assert await respond(url_id, {"text": "x"}) == (200, {"ok": True})
        assert await respond(url_id, {"text": "x"}) == (404, {"ok": False, "error": "used_url"})
        assert len(texts(sandbox, people.ada, channel)) == 5

    async def test_for_thirty_real_minutes(self, sandbox, people, channel, respond, clock) -> None:
        url_id = sandbox.response_urls.new(people.ada, channel)
        clock.advance(days=3)
        clock.seconds += 30 * 60
        assert (await respond(url_id, {"text": "x"}))[0] == 200
        clock.seconds += 1
        assert await respond(url_id, {"text": "x"}) == (404, {"ok": False, "error": "expired_url"})

    async def test_an_address_nobody_gave(self, respond) -> None:
        assert (await respond("R404", {"text": "x"}))[0] == 404

    async def test_what_is_no_message(self, sandbox, people, channel, respond) -> None:
        url_id = sandbox.response_urls.new(people.ada, channel)
        errors: list[tuple[Any, str]] = [
            ([], "invalid_payload"),
            ({}, "no_text"),
            ({"blocks": 1}, "invalid_blocks"),
        ]
        for body, error in errors:
            assert (await respond(url_id, body))[1]["error"] == error

    async def test_what_is_refused_for_its_content_is_no_use(
        self, sandbox, people, channel, respond
    ) -> None:
        url_id = sandbox.response_urls.new(people.ada, channel)
        for _ in range(6):
            assert (await respond(url_id, {"blocks": 1}))[1]["error"] == "invalid_blocks"
        for _ in range(5):
            assert await respond(url_id, {"text": "x"}) == (200, {"ok": True})
        assert (await respond(url_id, {"text": "x"}))[1]["error"] == "used_url"

    async def test_for_one_or_for_all(self, sandbox, people, channel, respond) -> None:
        url_id = sandbox.response_urls.new(people.ada, channel)
        await respond(url_id, {"text": "you"})
        await respond(url_id, {"text": "you too", "response_type": "ephemeral"})
        await respond(url_id, {"text": "all", "response_type": "in_channel"})
        assert texts(sandbox, people.ada, channel) == ["you", "you too", "all"]
        assert texts(sandbox, people.ben, channel) == ["all"]

    async def test_the_original_is_replaced_or_deleted(
        self, sandbox, people, channel, respond
    ) -> None:
        workspace = sandbox.workspace
        conversation = workspace.conversations[channel]
        original = workspace.post(conversation, workspace.bot.id, "old")
        url_id = sandbox.response_urls.new(people.ada, channel, original)
        await respond(url_id, {"text": "new", "replace_original": True})
        assert texts(sandbox, people.ben, channel) == ["new"]
        await respond(url_id, {"delete_original": True})
        assert texts(sandbox, people.ben, channel) == []

    async def test_a_command_has_no_original(self, sandbox, people, channel, respond) -> None:
        url_id = sandbox.response_urls.new(people.ada, channel)
        await respond(url_id, {"text": "first", "replace_original": True})
        assert texts(sandbox, people.ada, channel) == ["first"]
