"""Slack's rate limits: the arithmetic, and what the real client sees of them."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.limits import POSTING, TIERS, Limits, Rate, RateLimited
from sandbox.server import Sandbox
from sandbox.web_api.contract import load_contract

BEGIN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
pauses = st.lists(st.integers(0, 4_000_000).map(lambda us: timedelta(microseconds=us)), max_size=80)


def refusal(limits: Limits, now: datetime, method: str = "users.info", tier: str = "t4") -> int:
    """Whole seconds to wait, or 0 where the call passes."""
    try:
        limits.count(method, tier, "C1", now)
    except RateLimited as limited:
        return limited.seconds
    return 0


class Drops:
    """The same bucket told another way: refilled drop by drop, with exact fractions."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.level = Fraction(rate.burst)

    def take(self, pause: timedelta) -> bool:
        refilled = Fraction(pause // timedelta(microseconds=1), 60_000_000) * self.rate.per_minute
        self.level = min(Fraction(self.rate.burst), self.level + refilled)
        if self.level < 1:
            return False
        self.level -= 1
        return True


class TestCount:
    @pytest.mark.parametrize(("tier", "rate"), TIERS.items())
    def test_a_minutes_worth_may_come_at_once(self, tier, rate) -> None:
        limits = Limits()
        waits = [refusal(limits, BEGIN, tier=tier) for _ in range(rate.per_minute + 1)]
        assert waits[:-1] == [0] * rate.per_minute
        assert waits[-1] >= 1

    @pytest.mark.parametrize(("tier", "rate"), TIERS.items())
    def test_who_keeps_to_the_rate_is_never_refused(self, tier, rate) -> None:
        limits = Limits()
        moments = [BEGIN + number * rate.interval for number in range(500)]
        assert not any(refusal(limits, moment, tier=tier) for moment in moments)

    @given(pauses, st.sampled_from(sorted(TIERS)))
    def test_agrees_with_a_bucket_filled_drop_by_drop(self, waits, tier) -> None:
        limits, drops, now = Limits(), Drops(TIERS[tier]), BEGIN
        for pause in [timedelta()] * TIERS[tier].burst + waits:
            now += pause
            assert (refusal(limits, now, tier=tier) == 0) is drops.take(pause)

    @given(pauses)
    def test_who_waits_as_told_is_let_in(self, waits) -> None:
        limits, now = Limits(), BEGIN
        for pause in waits:
            now += pause
            if seconds := refusal(limits, now, "chat.postMessage", "t5"):
                now += seconds * SECOND
                assert refusal(limits, now, "chat.postMessage", "t5") == 0

    @given(st.integers(1, 50))
    def test_a_refused_call_counts_nothing(self, refused) -> None:
        limits = Limits()
        for _ in range(POSTING.burst):
            assert refusal(limits, BEGIN, "chat.postMessage", "t5") == 0
        told = {refusal(limits, BEGIN, "chat.postMessage", "t5") for _ in range(refused)}
        assert told == {1}
        assert refusal(limits, BEGIN + SECOND, "chat.postMessage", "t5") == 0

    def test_a_full_channel_takes_nothing_from_the_workspace(self) -> None:
        limits = Limits()
        for _ in range(POSTING.burst + 1000):
            refusal(limits, BEGIN, "chat.postMessage", "t5")
        for number in range(TIERS["t5"].burst - POSTING.burst):
            limits.count("chat.postMessage", "t5", f"D{number}", BEGIN)
        with pytest.raises(RateLimited):
            limits.count("chat.postMessage", "t5", "D-another", BEGIN)

    def test_every_method_has_a_limit_of_its_own(self) -> None:
        limits = Limits()
        for _ in range(TIERS["t2"].burst):
            limits.count("users.list", "t2", "", BEGIN)
        limits.count("conversations.create", "t2", "", BEGIN)
        with pytest.raises(RateLimited):
            limits.count("users.list", "t2", "", BEGIN)

    def test_the_wait_is_in_whole_seconds_and_one_at_least(self) -> None:
        limits = Limits()
        for _ in range(TIERS["t4"].burst):
            limits.count("users.info", "t4", "", BEGIN)
        assert refusal(limits, BEGIN + timedelta(milliseconds=599)) == 1
        for _ in range(TIERS["t2"].burst):
            limits.count("users.list", "t2", "", BEGIN)
        assert refusal(limits, BEGIN, "users.list", "t2") == 3
        assert refusal(limits, BEGIN + timedelta(milliseconds=1), "users.list", "t2") == 3
        assert refusal(limits, BEGIN + 2 * SECOND, "users.list", "t2") == 1

    def test_a_jump_of_the_clock_fills_the_bucket_and_no_more(self) -> None:
        limits = Limits()
        for moment in (BEGIN, BEGIN + timedelta(weeks=1)):
            for _ in range(POSTING.burst):
                assert refusal(limits, moment, "chat.postMessage", "t5") == 0
            assert refusal(limits, moment, "chat.postMessage", "t5") == 1

    def test_the_contract_has_no_tier_without_a_limit(self) -> None:
        assert {method.tier for method in load_contract().values()} <= TIERS.keys()


class TestOverHttp:
    async def test_the_client_is_told_when_to_try_again(self, sandbox, people, slack) -> None:
        for _ in range(POSTING.burst):
            await slack.chat_postMessage(channel=people.ada, text="Hello")
        with pytest.raises(SlackApiError) as refused:
            await slack.chat_postMessage(channel=people.ada, text="Hello")
        response = refused.value.response
        assert response.status_code == 429
        assert response.headers["Retry-After"] == "1"
        assert response.data == {"ok": False, "error": "ratelimited"}
        assert len(sandbox.member(people.ada).messages(sandbox.member(people.ada).direct())) == 5
        assert sandbox.calls[-1].error == "ratelimited"

    async def test_the_workspaces_clock_is_what_counts(self, people, slack, clock) -> None:
        for _ in range(20):
            await slack.chat_postMessage(channel=people.ada, text="Hello")
            clock.advance(seconds=1)

    async def test_a_channel_has_its_own(self, people, slack) -> None:
        for user in (people.ada, people.ben):
            for _ in range(POSTING.burst):
                await slack.chat_postMessage(channel=user, text="Hello")

    async def test_a_person_and_the_dm_with_them_are_one(self, sandbox, people, slack) -> None:
        direct = sandbox.member(people.ada).direct()
        for channel in (people.ada, direct, people.ada, direct, people.ada):
            await slack.chat_postMessage(channel=channel, text="Hello")
        for channel in (people.ada, direct):
            with pytest.raises(SlackApiError, match="ratelimited"):
                await slack.chat_postMessage(channel=channel, text="Hello")

    async def test_a_first_message_to_a_person_counts_for_the_dm_it_opens(
        self, people, slack
    ) -> None:
        opened = await slack.chat_postMessage(channel=people.ada, text="Hello")
        for _ in range(4):
            await slack.chat_postMessage(channel=opened["channel"], text="Hello")
        with pytest.raises(SlackApiError, match="ratelimited"):
            await slack.chat_postMessage(channel=opened["channel"], text="Hello")

    async def test_a_channel_has_one_however_it_is_named(self, sandbox, people, slack) -> None:
        channel = sandbox.add_channel("general", [people.ada], app=True)
        for name in (channel, "general", "#general", channel, "general"):
            await slack.chat_postMessage(channel=name, text="Hello")
        for name in (channel, "general", "#general"):
            with pytest.raises(SlackApiError, match="ratelimited"):
                await slack.chat_postMessage(channel=name, text="Hello")

    async def test_who_has_no_right_to_call_uses_nothing_up(self, people, slack, call) -> None:
        for _ in range(25):
            assert (await call("users.list", {}, token="xoxb-wrong"))["error"] == "invalid_auth"
        await slack.users_list()

    async def test_none_where_none_are_wanted(self, session) -> None:
        async with Sandbox(scopes=["chat:write"], limits=False) as sandbox:
            ada = sandbox.add_user("ada")
            slack = AsyncWebClient(
                sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[]
            )
            for _ in range(POSTING.burst + 1):
                await slack.chat_postMessage(channel=ada, text="Hello")
