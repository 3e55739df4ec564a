"""Faults on demand, as the real client and the real Bolt meet them."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.faults import CALL_KINDS, EVENT_KINDS, SURVIVABLE, Fault, Faults, Met

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BROKEN = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


def faults() -> Faults:
    return Faults(lambda: NOW)


def heard(sandbox, people) -> list[str]:
    ada = sandbox.member(people.ada)
    return [message["text"] for message in ada.messages(ada.direct())]


class TestFault:
    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"kind": "flood"}, "kind must be one of error, status, ratelimited"),
            ({"kind": "slow", "times": 0}, "times must be 1 or more"),
            ({"kind": "error", "error": "No such code"}, "error must be a code"),
            ({"kind": "status", "status": 404}, "status must be from 500 to 599"),
            ({"kind": "slow", "seconds": 0}, "seconds must be above 0"),
            ({"kind": "slow", "seconds": 4000}, "seconds must be above 0, and 3600 at most"),
        ],
    )
    def test_what_no_fault_can_be(self, wrong, sentence) -> None:
        with pytest.raises(ValueError, match=sentence):
            Fault(**wrong)


class TestPending:
    def test_one_hits_as_often_as_asked_and_what_fits(self) -> None:
        queue = faults()
        queue.add(Fault("error", "users.info", times=2))
        queue.add(Fault("slow"))
        kinds = [
            (fault.kind if (fault := queue.of_call(method, {})) else None)
            for method in ("users.info", "chat.update", "users.info", "users.info")
        ]
        assert kinds == ["error", "slow", "error", None]
        assert queue.pending == []
        assert queue.met == [
            Met(NOW, "users.info", "error"),
            Met(NOW, "chat.update", "slow"),
            Met(NOW, "users.info", "error"),
        ]

    def test_calls_and_events_have_their_own(self) -> None:
        queue = faults()
        queue.add(Fault("duplicate"))
        queue.add(Fault("drop_before"))
        assert queue.of_event({"type": "app_home_opened"}) == Fault("duplicate")
        assert queue.of_event({"type": "app_home_opened"}) is None
        assert queue.of_call("users.info", {}) == Fault("drop_before")

    def test_cleared(self) -> None:
        queue = faults()
        queue.add(Fault("error"))
        queue.at_random(1.0, seed=1)
        queue.clear()
        assert queue.of_call("users.info", {}) is None


class TestAtRandom:
    def draw(self, rate: float, seed: int, calls: list[tuple[str, str]]) -> Counter[tuple]:
        queue = faults()
        queue.at_random(rate, seed)
        return Counter(
            (*call, fault.kind if (fault := queue.of_call(call[0], {"channel": call[1]})) else None)
            for call in calls
        )

    @given(st.permutations([(m, c) for m in ("users.info", "chat.update") for c in "abcab"]))
    def test_the_same_calls_meet_the_same_in_any_order(self, calls) -> None:
        assert self.draw(0.5, 7, calls) == self.draw(0.5, 7, sorted(calls))

    def test_another_seed_gives_others(self) -> None:
        calls = [("users.info", str(number)) for number in range(50)]
        assert self.draw(0.5, 1, calls) != self.draw(0.5, 2, calls)

    def test_every_kind_comes_at_about_its_rate(self) -> None:
        queue = faults()
        queue.at_random(0.3, seed=1)
        for number in range(2000):
            queue.of_call("chat.postMessage", {"text": str(number)})
            queue.of_event({"type": "app_home_opened", "user": str(number)})
        met = Counter(met.kind for met in queue.met)
        assert met.keys() == CALL_KINDS.keys() | EVENT_KINDS.keys()
        assert 1100 < met.total() < 1300

    def test_the_same_call_again_is_drawn_again(self) -> None:
        queue = faults()
        queue.at_random(0.5, seed=1)
        drawn = {queue.of_call("users.info", {"user": "U1"}) is None for _ in range(20)}
        assert drawn == {True, False}

    def test_only_among_those_wanted(self) -> None:
        queue = faults()
        queue.at_random(1.0, seed=1, among=[Fault("status")])
        assert queue.of_call("users.info", {}) == Fault("status")
        assert queue.of_event({"type": "app_home_opened"}) is None

    def test_no_wait_is_long(self) -> None:
        assert max(fault.seconds for fault in SURVIVABLE if fault.kind == "slow") <= 0.1


class TestCalls:
    async def test_an_error_of_slack_s_and_no_effect(self, sandbox, people, slack) -> None:
        sandbox.faults.add(Fault("error", "chat.postMessage", error="fatal_error"))
        with pytest.raises(SlackApiError) as refused:
            await slack.chat_postMessage(channel=people.ada, text="Hello")
        assert refused.value.response.data == {"ok": False, "error": "fatal_error"}
        assert heard(sandbox, people) == []
        assert [(call.method, call.error) for call in sandbox.calls] == [
            ("chat.postMessage", "fatal_error")
        ]
        await slack.chat_postMessage(channel=people.ada, text="Hello")
        assert heard(sandbox, people) == ["Hello"]

    async def test_a_status_and_a_body_that_is_no_json(self, sandbox, people, slack) -> None:
        sandbox.faults.add(Fault("status", status=502))
        with pytest.raises(SlackApiError) as refused:
            await slack.chat_postMessage(channel=people.ada, text="Hello")
        assert refused.value.response.status_code == 502
        assert heard(sandbox, people) == []

    async def test_too_many_calls(self, sandbox, people, slack) -> None:
        sandbox.faults.add(Fault("ratelimited", seconds=30))
        with pytest.raises(SlackApiError) as refused:
            await slack.users_info(user=people.ada)
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["Retry-After"] == "30"

    @pytest.mark.parametrize(("kind", "said"), [("drop_before", []), ("drop_after", ["Hello"])])
    async def test_a_broken_connection(self, sandbox, people, slack, kind, said) -> None:
        sandbox.faults.add(Fault(kind))
        with pytest.raises(BROKEN):
            await slack.chat_postMessage(channel=people.ada, text="Hello")
        assert heard(sandbox, people) == said
        assert [met.kind for met in sandbox.faults.met] == [kind]
        await slack.chat_postMessage(channel=people.ada, text="Again")
        assert heard(sandbox, people) == [*said, "Again"]

    async def test_the_event_comes_though_the_answer_was_lost(
        self, sandbox, people, app, slack, serve
    ) -> None:
        seen = []

        @app.event("message_metadata_posted")
        async def posted(event: dict) -> None:
            seen.append(event["metadata"]["event_payload"])

        metadata = {"event_type": "made_up", "event_payload": {"id": 1}}
        async with serve(app):
            sandbox.faults.add(Fault("drop_after", "chat.postMessage"))
            with pytest.raises(BROKEN):
                await slack.chat_postMessage(channel=people.ada, text="Hello", metadata=metadata)
            await sandbox.settle()
        assert seen == [{"id": 1}]

    async def test_a_slow_answer(self, sandbox, people, slack) -> None:
        sandbox.faults.add(Fault("slow", seconds=0.05))
        loop = asyncio.get_running_loop()
        began = loop.time()
        await slack.chat_postMessage(channel=people.ada, text="Hello")
        assert loop.time() - began >= 0.05
        assert heard(sandbox, people) == ["Hello"]

    async def test_an_answer_slower_than_the_client_waits(
        self, sandbox, people, app, serve_http
    ) -> None:
        """The message is there, and its event comes; the app does not hear of either otherwise."""
        arrived = asyncio.Event()

        @app.event("message_metadata_posted")
        async def posted() -> None:
            arrived.set()

        sandbox.faults.add(Fault("slow", seconds=0.5))
        metadata = {"event_type": "made_up", "event_payload": {"id": 1}}
        timeout = aiohttp.ClientTimeout(total=0.3)
        async with serve_http(app), aiohttp.ClientSession(timeout=timeout) as impatient:
            slack = AsyncWebClient(
                sandbox.bot_token, base_url=sandbox.api_url, session=impatient, retry_handlers=[]
            )
            with pytest.raises(TimeoutError):
                await slack.chat_postMessage(channel=people.ada, text="Hello", metadata=metadata)
            await arrived.wait()
        assert heard(sandbox, people) == ["Hello"]


class TestEvents:
    @pytest.fixture
    def seen(self, app: AsyncApp) -> list[tuple[str, str]]:
        """What the app got: whose Home, and the event's id."""
        seen: list[tuple[str, str]] = []

        @app.event("app_home_opened")
        async def opened(event: dict, body: dict) -> None:
            seen.append((event["user"], body["event_id"]))

        return seen

    async def test_a_duplicate_has_the_same_id(self, sandbox, app, serve, seen) -> None:
        async with serve(app):
            sandbox.faults.add(Fault("duplicate", "app_home_opened"))
            sandbox.emit({"type": "app_home_opened", "user": "U1"})
            sandbox.emit({"type": "app_home_opened", "user": "U2"})
            await sandbox.settle()
        assert [user for user, _ in seen] == ["U1", "U1", "U2"]
        assert len(set(seen)) == 2

    async def test_the_next_one_overtakes(self, sandbox, app, serve_http, seen) -> None:
        async with serve_http(app):
            sandbox.faults.add(Fault("reorder"))
            for user in ("U1", "U2", "U3"):
                sandbox.emit({"type": "app_home_opened", "user": user})
            await sandbox.settle()
        assert [user for user, _ in seen] == ["U2", "U1", "U3"]

    async def test_the_next_one_may_come_a_moment_later(self, sandbox, app, serve_http) -> None:
        users, both = [], asyncio.Event()

        @app.event("app_home_opened")
        async def opened(event: dict) -> None:
            users.append(event["user"])
            if len(users) == 2:
                both.set()

        async with serve_http(app):
            sandbox.faults.add(Fault("reorder"))
            sandbox.emit({"type": "app_home_opened", "user": "U1"})
            later = {"type": "app_home_opened", "user": "U2"}
            asyncio.get_running_loop().call_later(0.01, sandbox.emit, later)
            await both.wait()
        assert users == ["U2", "U1"]

    async def test_without_a_next_one_it_goes_all_the_same(
        self, sandbox, app, serve_http, seen
    ) -> None:
        async with serve_http(app):
            sandbox.faults.add(Fault("reorder"))
            sandbox.emit({"type": "app_home_opened", "user": "U1"})
            await sandbox.settle()
        assert [user for user, _ in seen] == ["U1"]

    async def test_commands_are_left_alone(self, sandbox, people, app, serve, seen) -> None:
        @app.command("/mentoring")
        async def hear(ack) -> None:
            await ack("Hello")

        async with serve(app):
            sandbox.faults.at_random(1.0, seed=1, among=[Fault("duplicate")])
            assert (await sandbox.member(people.ada).command("/mentoring")).text == "Hello"
        assert sandbox.faults.met == []
