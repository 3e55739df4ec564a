import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from aiohttp import ClientSession, web
from sqlalchemy import update

from bot.cadence import service as cadence
from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.pairs import service as pairs
from bot.pairs import store
from bot.pairs.service import LEASE
from bot.roles import Act
from bot.runtime import Runtime
from models import Enrollment, Pair, PairState, Person, Proposal, Space
from sandbox.server import Sandbox
from tests.bad_day import PATIENCE, BadDay, gateway_to, serving
from tests.conftest import Clock
from tests.factories import Company
from tests.pairs.conftest import ONE_ENGINE, Story


@pytest.fixture
async def bad_day() -> AsyncIterator[BadDay]:
    async with serving() as day:
        yield day


@pytest.fixture
async def troubled(runtime: Runtime, sandbox: Sandbox, bad_day: BadDay) -> AsyncIterator[Runtime]:
    async with ClientSession(timeout=PATIENCE) as session:
        yield replace(runtime, slack=gateway_to(bad_day.api_url, sandbox.bot_token, session))


class TestCreate:
    @pytest.mark.parametrize(
        ("today", "first_week_on"),
        [
            (date(2026, 1, 5), date(2026, 1, 19)),  # before the program starts
            (date(2026, 1, 18), date(2026, 1, 19)),
            (date(2026, 1, 19), date(2026, 1, 26)),  # not on the day of publishing
            (date(2026, 2, 4), date(2026, 2, 9)),  # a latecomer begins next Monday
        ],
    )
    @ONE_ENGINE
    async def test_begins_on_the_first_monday_after_both_dates(
        self, today: date, first_week_on: date, company: Company, clock: Clock
    ) -> None:
        program = await company.program(starts_on=date(2026, 1, 19))
        clock.now = clock.now.replace(month=today.month, day=today.day)
        mentor, mentee = await company.person(), await company.person(level=6)
        proposal = Proposal(mentor_id=mentor.id, mentee_id=mentee.id, shared_topics=["ai"])
        async with company.runtime.database.transaction(company.workspace_id) as session:
            [pair] = await pairs.create(session, company.runtime, program, [proposal])
        assert pair.first_week_on == first_week_on
        assert (pair.state, pair.topics) == (PairState.OPENING, ["ai"])


class TestOpenSpaces:
    async def test_gives_the_pair_its_channel_and_its_touchpoints(self, story: Story) -> None:
        assert await pairs.open_spaces(story.runtime) == 1
        pair = await story.now()
        [channel] = story.channels()
        assert (pair.state, pair.channel_id) == (PairState.ACTIVE, channel.id)
        assert pair.opening_lease_until is None
        assert (channel.kind, channel.name) == ("private", story.name)
        assert story.both_are_in(channel.id)
        assert await story.due() == 4
        assert await story.told("introduction") == [channel.id]

    @ONE_ENGINE
    async def test_introduces_them_with_what_both_still_want(self, story: Story) -> None:
        async with story.company.transaction() as session:
            theirs = Enrollment.person_id == story.mentee.id
            await session.execute(update(Enrollment).where(theirs).values(topics=["social-media"]))
        await pairs.open_spaces(story.runtime)
        await delivery.send_due(story.runtime)
        channel = (await story.now()).channel_id or ""
        [said] = story.company.member(story.mentee).messages(channel)
        assert story.say("pair.topics_open") in str(said["blocks"])

    async def test_again_does_nothing(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        assert await pairs.open_spaces(story.runtime) == 0
        assert len(story.channels()) == 1
        assert len(await story.told("introduction")) == 1

    async def test_finds_the_channel_of_a_copy_that_died_before_it_wrote_it_down(
        self, story: Story
    ) -> None:
        channel = await story.runtime.slack.create_private_channel(story.name)
        assert await pairs.open_spaces(story.runtime) == 1
        assert (await story.now()).channel_id == channel
        assert story.both_are_in(channel)

    @ONE_ENGINE
    async def test_goes_on_where_a_copy_died_after_it_had_invited_one(self, story: Story) -> None:
        channel = await story.runtime.slack.create_private_channel(story.name)
        await story.runtime.slack.invite(channel, [story.mentor.slack_user_id or ""])
        assert await pairs.open_spaces(story.runtime) == 1
        assert story.both_are_in(channel)

    async def test_by_several_copies_at_once_opens_one_channel_a_pair(self, story: Story) -> None:
        for _ in range(12):
            people = await story.company.person(), await story.company.person(level=6)
            await story.company.pair(story.program, *people)
        opened = await asyncio.gather(*(pairs.open_spaces(story.runtime) for _ in range(3)))
        assert sum(opened) == 13
        assert len(story.channels()) == len(await story.told("introduction")) == 13

    @ONE_ENGINE
    async def test_leaves_a_pair_alone_that_another_copy_has_taken(
        self, story: Story, clock: Clock
    ) -> None:
        async with story.runtime.database.transaction_across_workspaces() as session:
            await store.claim_opening(session, clock.now, clock.now + LEASE, 10)
        assert await pairs.open_spaces(story.runtime) == 0
        clock.now += LEASE
        assert await pairs.open_spaces(story.runtime) == 1

    @pytest.mark.parametrize("answer", [429, 503])
    @ONE_ENGINE
    async def test_that_failed_for_now_is_tried_again_when_the_lease_has_run_out(
        self, answer: int, story: Story, troubled: Runtime, bad_day: BadDay, clock: Clock
    ) -> None:
        bad_day.answer = lambda: web.Response(status=answer)
        assert await pairs.open_spaces(troubled) == 0
        assert (await story.now()).state is PairState.OPENING
        assert await pairs.open_spaces(story.runtime) == 0
        clock.now += LEASE
        assert await pairs.open_spaces(story.runtime) == 1

    @ONE_ENGINE
    async def test_told_to_slow_down_puts_the_whole_batch_off_and_no_longer(
        self, story: Story, troubled: Runtime, bad_day: BadDay, clock: Clock
    ) -> None:
        bad_day.answer = lambda: web.json_response(
            {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "20"}
        )
        assert await pairs.open_spaces(troubled) == 0
        assert bad_day.calls == 1
        assert await pairs.open_spaces(story.runtime) == 0
        clock.forward(seconds=20)
        assert await pairs.open_spaces(story.runtime) == 1

    @ONE_ENGINE
    async def test_whose_answer_was_lost_finds_the_channel_it_had_made(
        self, story: Story, troubled: Runtime, bad_day: BadDay, clock: Clock
    ) -> None:
        bad_day.slack, bad_day.cut = story.company.sandbox.api_url, True
        assert await pairs.open_spaces(troubled) == 0
        assert len(story.channels()) == 1
        clock.now += LEASE
        assert await pairs.open_spaces(story.runtime) == 1
        assert len(story.channels()) == 1

    async def test_that_slack_refuses_pauses_the_pair_and_tells_the_managers(
        self, story: Story
    ) -> None:
        story.company.sandbox.workspace.user(story.mentee.slack_user_id or "").deleted = True
        assert await pairs.open_spaces(story.runtime) == 0
        assert (await story.now()).state is PairState.PAUSED
        assert await story.told("space_failed") == [story.manager.slack_user_id]
        assert not await story.told("introduction")
        assert await story.due() == 0

    @ONE_ENGINE
    async def test_that_slack_refuses_one_pair_opens_the_others(self, story: Story) -> None:
        story.company.sandbox.workspace.user(story.mentee.slack_user_id or "").deleted = True
        people = await story.company.person(), await story.company.person(level=6)
        await story.company.pair(story.program, *people)
        assert await pairs.open_spaces(story.runtime) == 1

    async def test_refused_to_a_late_copy_does_not_pause_what_another_has_opened(
        self, story: Story, troubled: Runtime, bad_day: BadDay, clock: Clock
    ) -> None:
        async def another_is_faster() -> None:
            clock.now += LEASE
            await pairs.open_spaces(story.runtime)

        bad_day.answer = lambda: web.json_response({"ok": False, "error": "restricted_action"})
        bad_day.meanwhile = another_is_faster
        assert await pairs.open_spaces(troubled) == 0
        assert (await story.now()).state is PairState.ACTIVE
        assert not await story.told("space_failed")

    async def test_does_not_wake_a_pair_that_was_paused_meanwhile(
        self, story: Story, troubled: Runtime, bad_day: BadDay
    ) -> None:
        bad_day.slack = story.company.sandbox.api_url
        bad_day.meanwhile = lambda: story.change(story.mentor, level=7)
        assert await pairs.open_spaces(troubled) == 0
        pair = await story.now()
        assert pair.state is PairState.PAUSED
        assert pair.channel_id == story.channels()[0].id
        assert await story.due() == 0
        assert not await story.told("introduction")


class TestOpenGroupDms:
    @pytest.fixture
    async def talking(self, company: Company) -> Story:
        """A pair in a program whose pairs talk in a group DM."""
        program = await company.program(name="Talks", space=Space.GROUP_DM)
        manager = await company.person("Robin Vega", level=3)
        mentor, mentee = await company.person("Jo Young"), await company.person("Lena", level=6)
        pair = await company.pair(program, mentor, mentee)
        return Story(company, program, manager, mentor, mentee, pair)

    def group_dms(self, story: Story) -> list[str]:
        found = story.company.sandbox.workspace.conversations.values()
        return [one.id for one in found if one.kind == "mpim"]

    async def test_gives_the_two_a_group_dm(self, talking: Story) -> None:
        assert await pairs.open_spaces(talking.runtime) == 1
        [group_dm] = self.group_dms(talking)
        pair = await talking.now()
        assert (pair.state, pair.channel_id) == (PairState.ACTIVE, group_dm)
        assert talking.both_are_in(group_dm)
        assert await talking.told("introduction") == [group_dm]
        assert talking.channels() == []

    @ONE_ENGINE
    async def test_finds_the_one_of_a_copy_that_died(self, talking: Story) -> None:
        two = [one.slack_user_id or "" for one in (talking.mentor, talking.mentee)]
        opened = await talking.runtime.slack.open_group_dm(two)
        assert await pairs.open_spaces(talking.runtime) == 1
        assert (await talking.now()).channel_id == opened

    async def test_a_second_pair_of_the_same_two_gets_a_channel(self, talking: Story) -> None:
        other = await talking.company.program(name="Talks more", space=Space.GROUP_DM)
        second = await talking.company.pair(other, talking.mentor, talking.mentee)
        assert await pairs.open_spaces(talking.runtime) == 2
        [channel] = talking.channels()
        assert (await talking.now()).channel_id in self.group_dms(talking)
        async with talking.company.transaction() as session:
            assert (await session.get_one(Pair, second.id)).channel_id == channel.id
        assert talking.both_are_in(channel.id)


class TestPauseUnsafe:
    async def changed(self, story: Story, what: str) -> int:
        mentor, mentee = story.mentor, story.mentee
        below, above = (
            f"{mentee.reporting_path}{mentor.id}/",
            f"{mentor.reporting_path}{mentee.id}/",
        )
        return await {
            "a promotion to the same level": lambda: story.change(mentor, level=6),
            "a promotion above": lambda: story.change(mentor, level=9),
            "a step down of the mentee": lambda: story.change(mentee, level=1),
            "a level that is no longer known": lambda: story.change(mentor, level=None),
            "the mentor now reporting to the mentee": lambda: story.change(
                mentor, reporting_path=below
            ),
            "the mentee now reporting to the mentor": lambda: story.change(
                mentee, reporting_path=above
            ),
            "the mentor leaving": lambda: story.change(mentor, active=False),
            "the mentee leaving": lambda: story.change(mentee, active=False),
        }[what]()

    @pytest.mark.parametrize(
        "what",
        [
            "a promotion to the same level",
            "a promotion above",
            "a step down of the mentee",
            "a level that is no longer known",
            "the mentor now reporting to the mentee",
            "the mentee now reporting to the mentor",
            "the mentor leaving",
            "the mentee leaving",
        ],
    )
    async def test_after(self, what: str, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        assert await self.changed(story, what) == 1
        assert (await story.now()).state is PairState.PAUSED
        assert await story.due() == 0
        assert await story.told("pair_decision") == [story.manager.slack_user_id]
        still_here = {
            "the mentor leaving": [story.mentee.slack_user_id],
            "the mentee leaving": [story.mentor.slack_user_id],
        }.get(what, [story.mentor.slack_user_id, story.mentee.slack_user_id])
        assert await story.told("pair_paused") == still_here

    @ONE_ENGINE
    async def test_tells_both_the_same_and_not_why(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        await story.change(story.mentor, level=9)
        await delivery.send_due(story.runtime)
        heard = []
        for person in (story.mentor, story.mentee):
            member = story.company.member(person)
            [direct] = [found["id"] for found in member.channels if found["kind"] == "im"]
            [message] = member.messages(direct)
            heard.append(message["text"])
        assert heard[0] == heard[1]
        for word in ("level", "promot", "report", "senior", "junior", "left"):
            assert word not in heard[0].lower()

    @ONE_ENGINE
    async def test_stops_a_pair_that_waits_for_its_channel(self, story: Story) -> None:
        assert await story.change(story.mentor, level=9) == 1
        assert await pairs.open_spaces(story.runtime) == 0
        assert not story.channels()

    async def test_leaves_a_safe_pair_alone(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        assert await story.change(story.mentor, level=2, department="Sales") == 0
        assert (await story.now()).state is PairState.ACTIVE
        assert await story.due() == 4

    async def test_stops_a_pair_that_is_fewer_levels_apart_now_than_its_program_asks_for(
        self, story: Story
    ) -> None:
        await pairs.open_spaces(story.runtime)
        await story.set_gap(3)
        assert await story.change(story.mentor, level=3) == 0
        assert await story.change(story.mentor, level=4) == 1
        assert (await story.now()).state is PairState.PAUSED
        assert len(await story.told("pair_paused")) == 2
        assert len(await story.told("pair_decision")) == 1

    async def test_stops_a_pair_that_reports_to_the_same_person_now(self, story: Story) -> None:
        boss = await story.company.person(level=9)
        await pairs.open_spaces(story.runtime)
        assert await story.change(story.mentor, manager_id=boss.id) == 0
        assert await story.change(story.mentee, manager_id=boss.id) == 1
        assert (await story.now()).state is PairState.PAUSED

    @ONE_ENGINE
    async def test_leaves_those_alone_for_whom_only_the_setting_has_changed(
        self, story: Story
    ) -> None:
        await pairs.open_spaces(story.runtime)
        await story.set_gap(9)
        assert await story.change(story.mentor, department="Sales") == 0
        assert await story.change(await story.company.person(), level=2) == 0
        assert (await story.now()).state is PairState.ACTIVE
        assert await story.change(story.mentee, level=7) == 1

    @ONE_ENGINE
    async def test_again_tells_nobody_twice(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        await story.change(story.mentor, level=9)
        assert await story.change(story.mentor, level=8) == 0
        assert len(await story.told("pair_paused")) == 2

    @ONE_ENGINE
    async def test_nothing_more_is_said_to_the_pair(self, story: Story, clock: Clock) -> None:
        await pairs.open_spaces(story.runtime)
        await story.change(story.mentor, level=9)
        clock.now += timedelta(weeks=20)
        assert await cadence.queue_due(story.runtime) == 0

    async def test_beside_the_ticker_nobody_waits_for_ever(
        self, story: Story, clock: Clock
    ) -> None:
        await pairs.open_spaces(story.runtime)
        clock.now += timedelta(weeks=30)  # the farewell is due: the ticker will complete the pair
        changing = story.change(story.mentor, level=9)
        await asyncio.gather(cadence.queue_due(story.runtime), changing)
        assert (await story.now()).state in (PairState.PAUSED, PairState.COMPLETED)
        assert await story.due() == 0

    async def test_is_undone_with_the_change_it_belongs_to(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)

        async def fail_after_pausing() -> None:
            async with story.runtime.database.transaction(story.company.workspace_id) as session:
                (await session.get_one(Person, story.mentor.id)).level = 9
                await session.flush()
                assert await pairs.pause_unsafe(session, story.runtime) == 1
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail_after_pausing()
        assert (await story.now()).state is PairState.ACTIVE
        assert not await story.told("pair_paused")


class TestOwn:
    @ONE_ENGINE
    @pytest.mark.parametrize(
        ("state", "key"),
        [
            (PairState.OPENING, "pair_opening"),
            (PairState.RESTING, "pair_resting"),
            (PairState.PAUSED, "pair_paused"),
            (PairState.CLOSING, "pair_closing"),
            (PairState.ENDED, "not_in_pair"),
            (PairState.COMPLETED, "pair_ended"),
        ],
    )
    async def test_of_a_pair_that_is_not_active_says_why(
        self, story: Story, state: PairState, key: str
    ) -> None:
        async with story.runtime.database.transaction(story.company.workspace_id) as session:
            pair = await session.get_one(Pair, story.pair.id)
            pair.state = state
            await session.flush()
            with pytest.raises(UserFacingError, match=key):
                await pairs.own(session, story.mentor, Act.SET_GOAL)

    @ONE_ENGINE
    async def test_that_is_named_and_ended_is_said_to_have_ended(self, story: Story) -> None:
        async with story.company.transaction() as session:
            (await session.get_one(Pair, story.pair.id)).state = PairState.ENDED
            await session.flush()
            with pytest.raises(UserFacingError, match="pair_ended"):
                await pairs.own(session, story.mentor, Act.SET_GOAL, pair_id=story.pair.id)
