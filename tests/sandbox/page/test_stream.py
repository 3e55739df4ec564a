"""What the page hears while it is open."""

import asyncio
import json

import pytest

from sandbox.page import listen, stream
from sandbox.page.stream import MOST_ENTRIES, MOST_WAITING, Stream
from tests.sandbox.test_client import MODAL

PATIENCE = 5.0


@pytest.fixture(autouse=True)
def _quick(monkeypatch) -> None:
    monkeypatch.setattr(stream, "LOOK_SECONDS", 0.01)


class TestListen:
    async def test_begins_with_the_run_the_clock_and_the_cast(self, visitor, clock) -> None:
        _, workspace = await visitor.get("/demo/workspace")
        async with visitor.listening() as told:
            assert await told.next("run") == {"type": "run", "run": workspace["run"]}
            assert await told.next("clock") == {
                "type": "clock",
                "now": clock.now().isoformat(),
                "moving": False,
                "share": 1.0,
            }
            assert await told.next("cast") == {"type": "cast", "acting": True}

    async def test_more_pages_than_anybody_opens(self, visitor, monkeypatch) -> None:
        monkeypatch.setattr(stream, "MOST_LISTENERS", 2)
        async with asyncio.timeout(PATIENCE), visitor.listening(), visitor.listening():
            status, answer = await visitor.get("/demo/stream")
            assert status == 503
            assert answer["problem"] == "Too many pages are open. Please close some."

    async def test_a_message_has_come(self, visitor, demo, people, slack) -> None:
        general = demo.sandbox.add_channel("general", [people.ada, people.ben], app=True)
        async with visitor.listening() as told, visitor.listening() as told_too:
            posted = await slack.chat_postMessage(channel=general, text="Hello")
            changed = {"type": "changed", "people": [people.ada, people.ben], "channels": [general]}
            assert await told.next("changed") == changed
            assert await told_too.next("changed") == changed
            await slack.chat_update(channel=general, ts=posted["ts"], text="Good-bye")
            assert await told.next("changed") == changed

    async def test_a_form_has_opened(self, visitor, demo, people) -> None:
        async with visitor.listening() as told:
            await told.next("cast")
            demo.sandbox.views.open(demo.sandbox.views.new_trigger(people.ada), MODAL)
            changed = {"type": "changed", "people": [people.ada], "channels": []}
            assert await told.next("changed") == changed

    async def test_goes_on_when_a_look_goes_wrong(
        self, visitor, demo, people, monkeypatch, caplog
    ) -> None:
        general = demo.sandbox.add_channel("general", [people.ada])
        failed = asyncio.Event()

        def fail(_: object) -> None:
            failed.set()
            raise KeyError("nothing here")

        async with asyncio.timeout(PATIENCE), visitor.listening() as told:
            await told.next("cast")
            with monkeypatch.context() as patched:
                patched.setattr(stream, "look", fail)
                await failed.wait()
            demo.sandbox.member(people.ada).say(general, "Hello")
            assert (await told.next("changed"))["channels"] == [general]
        assert "nothing here" in caplog.text

    async def test_the_clock_moves(self, visitor, demo, clock) -> None:
        async with visitor.listening() as told:
            await told.next("cast")
            demo.moving, demo.share = True, 0.5
            heard = await told.next("clock")
            while not heard["moving"]:
                heard = await told.next("clock")
            assert heard["share"] == 0.5
            demo.moving, demo.share = False, 1.0
            clock.advance(days=1)
            while heard["moving"]:
                heard = await told.next("clock")
            assert heard["now"] == clock.now().isoformat()
            clock.advance(minutes=1)
            assert (await told.next("clock"))["now"] == clock.now().isoformat()

    async def test_the_cast_is_switched(self, visitor, demo) -> None:
        async with visitor.listening() as told:
            await told.next("cast")
            demo.acting = False
            heard = await told.next("cast")
            while heard["acting"]:
                heard = await told.next("cast")

    async def test_what_the_app_called_and_was_sent(
        self, visitor, demo, people, slack, bolt
    ) -> None:
        @bolt.command("/mentoring")
        async def answer(ack) -> None:
            await ack("Welcome")

        general = demo.sandbox.add_channel("general", [people.ada], app=True)
        async with visitor.listening() as told:
            await slack.chat_postMessage(channel=general, text="Hello")
            call = await told.next("call")
            typed = {"channel": general, "text": "/mentoring join"}
            await visitor.act(people.ada, "command", **typed)
            payload = await told.next("payload")
        assert (call["method"], call["ok"], call["error"]) == ("chat.postMessage", True, None)
        assert call["summary"] == "#general: Hello"
        assert call["args"]["text"] == "Hello"
        assert call["response"]["message"]["text"] == "Hello"
        assert payload["what"] == "Ada Long: /mentoring join"
        assert (payload["kind"], payload["answer"], payload["ok"]) == ("command", "Welcome", True)
        assert payload["ms"] > 0
        assert payload["payload"]["text"] == "join"
        assert payload["response"] == {"text": "Welcome"}
        _, strip = await visitor.get("/demo/strip")
        ours = [one for one in strip["entries"] if one.get("method") != "auth.test"]
        assert ours == [call, payload]
        assert [one["number"] for one in strip["entries"]] == [1, 2, 3]

    async def test_no_token_is_shown(self, visitor, demo, people, slack, bolt) -> None:
        general = demo.sandbox.add_channel("general", [people.ada], app=True)
        await slack.chat_postMessage(channel=general, text="Hello")
        await visitor.act(people.ada, "command", channel=general, text="/mentoring")
        _, strip = await visitor.get("/demo/strip")
        said = json.dumps(strip)
        methods = [entry.get("method") for entry in strip["entries"]]
        assert methods == ["chat.postMessage", "auth.test", None]
        for secret in (demo.sandbox.bot_token, demo.sandbox.signing_secret, "response_url"):
            assert secret not in said

    async def test_a_payload_that_was_not_taken(self, visitor, demo, people, bolt) -> None:
        general = demo.sandbox.add_channel("general", [people.ada], app=True)
        await visitor.act(people.ada, "command", channel=general, text="/mentoring")
        _, strip = await visitor.get("/demo/strip")
        entry = strip["entries"][-1]
        assert (entry["ok"], entry["answer"]) == (False, "status 404")

    async def test_a_sign_of_life_in_silence(self, visitor, monkeypatch) -> None:
        monkeypatch.setattr(listen, "SIGN_OF_LIFE_SECONDS", 0.01)
        async with visitor.listening() as told:
            async for line in told.content:
                if line.startswith(b":"):
                    break


class TestStream:
    async def test_every_start_has_another_run(self, demo) -> None:
        assert Stream(demo).run_id != Stream(demo).run_id

    async def test_the_strip_keeps_the_last_ones(self, demo, visitor, people, slack) -> None:
        for _ in range(MOST_ENTRIES + 5):
            await slack.auth_test()
        _, strip = await visitor.get("/demo/strip")
        numbers = [entry["number"] for entry in strip["entries"]]
        assert numbers == list(range(6, MOST_ENTRIES + 6))

    async def test_who_is_too_far_behind_is_sent_away(self, demo) -> None:
        told = Stream(demo)
        with told.listening() as listener:
            for _ in range(MOST_WAITING + 5):
                told._tell({"type": "cast", "acting": True})
            heard = [listener.get_nowait() for _ in range(listener.qsize())]
        assert len(heard) == MOST_WAITING
        assert heard[-1] is None

    async def test_closing_ends_every_one(self, demo) -> None:
        told = Stream(demo)
        with told.listening() as listener:
            told.close()
            heard = [await listener.get() for _ in range(4)]
        assert heard[-1] is None

    async def test_nobody_listens_nobody_looks(self, demo, monkeypatch) -> None:
        monkeypatch.setattr(stream, "look", None)
        told = Stream(demo)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await told.run()
