import asyncio
import re
from typing import Any

import pytest

from models import (
    Approval,
    Enrollment,
    MatchRun,
    MatchRunState,
    Pair,
    Program,
    ProgramManager,
    ProgramState,
)
from prompts.library import Mrkdwn
from sandbox.client import Member
from sandbox.errors import SlackRefuses
from tests.handlers.scene import Scene, on_one_engine, texts


def last(scene: Scene) -> str:
    return str(scene.robin.messages(scene.channel)[-1]["text"])


def shown(scene: Scene, message: dict[str, Any], member: Member | None = None) -> dict[str, Any]:
    """The message as it is now."""
    found = (member or scene.robin).messages(scene.channel)
    [now] = [one for one in found if one["ts"] == message["ts"]]
    return now


class TestListen:
    async def test_everybody_in_the_channel_reads_that_it_is_published(self, scene: Scene) -> None:
        await scene.enrol_all()
        proposal = await scene.proposal()
        witness = await scene.company.person("Wit Ness", level=2)
        channel = scene.sandbox.workspace.conversations[scene.channel]
        scene.sandbox.workspace.join(channel, [witness.slack_user_id or ""])
        await scene.robin.click(proposal, "publish_match")
        said = texts(shown(scene, proposal, scene.company.member(witness)))[-1]
        assert said.startswith(f"<@{scene.robin.id}> published *1 pair*")
        [pair] = await scene.rows(Pair)
        assert (pair.mentor_id, pair.mentee_id) == (scene.junior.id, scene.leader.id)
        assert [program.state for program in await scene.rows(Program)] == [ProgramState.RUNNING]

    @on_one_engine
    async def test_the_buttons_are_gone_and_nothing_says_that_they_wait(self, scene: Scene) -> None:
        await scene.enrol_all()
        proposal = await scene.proposal()
        await scene.robin.click(proposal, "publish_match")
        after = shown(scene, proposal)
        assert "actions" not in [block["type"] for block in after["blocks"]]
        assert scene.say("match.not_published") not in texts(after)
        with pytest.raises(SlackRefuses):
            await scene.robin.click(proposal, "publish_match")

    async def test_publishing_twice_makes_the_pairs_once(self, scene: Scene) -> None:
        await scene.enrol_all()
        proposal = await scene.proposal()
        again = scene.press(scene.robin.id, proposal, "publish_match")
        await scene.robin.click(proposal, "publish_match")
        await scene.sandbox.send("interaction", again)
        assert last(scene) == scene.say("errors.match_already_published")
        assert await scene.count(Pair) == 1

    async def test_two_presses_at_once_make_the_pairs_once(self, scene: Scene) -> None:
        await scene.enrol_all()
        proposal = await scene.proposal()
        payloads = [scene.press(scene.robin.id, proposal, "publish_match") for _ in range(4)]
        await asyncio.gather(*(scene.sandbox.send("interaction", one) for one in payloads))
        said = [message["text"] for message in scene.robin.messages(scene.channel)]
        assert said.count(scene.say("errors.match_already_published")) == 3
        assert await scene.count(Pair) == 1

    @on_one_engine
    async def test_a_run_that_a_later_one_has_replaced(self, scene: Scene) -> None:
        await scene.enrol_all()
        stale = await scene.proposal()
        late = scene.press(scene.robin.id, stale, "publish_match")
        await scene.proposal()
        await scene.sandbox.send("interaction", late)
        assert last(scene) == scene.say("errors.match_replaced")
        assert await scene.count(Pair) == 0

    @on_one_engine
    async def test_a_message_that_is_older_than_a_change_is_drawn_anew(self, scene: Scene) -> None:
        """Nobody publishes what they have not read; pressed once more, it is what they read."""
        await scene.enrol_all()
        proposal = await scene.proposal()
        late = scene.press(scene.robin.id, proposal, "publish_match")
        async with scene.company.transaction() as session:
            [run] = await scene.rows(MatchRun)
            (await session.get_one(MatchRun, run.id)).changes = 3
        await scene.sandbox.send("interaction", late)
        assert last(scene) == scene.say("errors.match_changed")
        assert await scene.count(Pair) == 0
        await scene.robin.click(shown(scene, proposal), "publish_match")
        assert await scene.count(Pair) == 1

    @on_one_engine
    async def test_somebody_has_left_the_program_since(self, scene: Scene) -> None:
        await scene.enrol_all()
        proposal = await scene.proposal()
        async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
            await session.delete((await scene.rows(Enrollment))[0])
        await scene.robin.click(proposal, "publish_match")
        assert last(scene) == scene.say("errors.match_out_of_date")
        assert await scene.count(Pair) == 0
        assert [run.state for run in await scene.rows(MatchRun)] == [MatchRunState.PROPOSED]

    @on_one_engine
    async def test_the_rules_no_longer_allow_it(self, scene: Scene) -> None:
        await scene.enrol_all()
        proposal = await scene.proposal()
        async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
            promoted = await session.get_one(type(scene.junior), scene.junior.id)
            promoted.level = 6
        await scene.robin.click(proposal, "publish_match")
        assert last(scene) == scene.say("errors.match_levels_changed", program="Fresh Eyes")
        assert await scene.count(Pair) == 0

    @on_one_engine
    async def test_who_does_not_manage_the_program_cannot_publish(self, scene: Scene) -> None:
        await scene.enrol_all()
        payload = scene.press(scene.jo.id, await scene.proposal(), "publish_match")
        await scene.sandbox.send("interaction", payload)
        channel = scene.sandbox.workspace.conversations[scene.channel]
        scene.sandbox.workspace.join(channel, [scene.jo.id])
        assert scene.jo.messages(scene.channel)[-1]["text"] == scene.say("errors.not_allowed")
        assert await scene.count(Pair) == 0

    @on_one_engine
    async def test_a_run_that_never_was(self, scene: Scene) -> None:
        await scene.enrol_all()
        payload = scene.press(scene.robin.id, await scene.proposal(), "publish_match")
        payload["actions"][0]["value"] = "999"
        await scene.sandbox.send("interaction", payload)
        assert last(scene) == scene.say("errors.match_out_of_date")

    @on_one_engine
    async def test_who_has_no_pair_is_told_kindly(self, scene: Scene) -> None:
        other = await scene.company.person("Olli Other", level=1)
        await scene.enrol_all()
        await scene.company.enrol(scene.program, other)
        await scene.robin.click(await scene.proposal(), "publish_match")
        waiting = scene.say("match.waiting", program="Fresh Eyes")
        members = (scene.jo, scene.company.member(other))
        told = [waiting in await scene.told(member) for member in members]
        assert sorted(told) == [False, True]


class TestWhereSeveralApprove:
    @pytest.fixture
    async def sam(self, scene: Scene) -> Member:
        """A second manager of the program, whose pairs both managers approve."""
        await scene.enrol_all()
        second = await scene.company.person("Sam Second", level=3)
        async with scene.company.transaction() as session:
            (await session.get_one(Program, scene.program.id)).approvals_needed = 2
            session.add(ProgramManager(program_id=scene.program.id, person_id=second.id))
        sam = scene.company.member(second)
        channel = scene.sandbox.workspace.conversations[scene.channel]
        scene.sandbox.workspace.join(channel, [sam.id])
        return sam

    async def test_the_last_yes_publishes(self, scene: Scene, sam: Member) -> None:
        proposal = await scene.proposal()
        robin = Mrkdwn(f"<@{scene.robin.id}>")
        await scene.robin.click(proposal, "publish_match")
        first = scene.say("match.approved", approver=robin, approvals=1, needed=2)
        assert (await scene.in_channel(sam, scene.channel))[-1]["text"] == first
        assert await scene.count(Pair) == 0
        await sam.click(shown(scene, proposal), "publish_match")
        assert "published *1 pair*" in (await scene.in_channel(sam, scene.channel))[-1]["text"]
        assert await scene.count(Pair) == 1

    @on_one_engine
    async def test_what_came_of_it_stands_above_the_buttons(
        self, scene: Scene, sam: Member
    ) -> None:
        proposal = await scene.proposal()
        await scene.robin.click(proposal, "publish_match")
        robin = Mrkdwn(f"<@{scene.robin.id}>")
        said = scene.say("match.approved", approver=robin, approvals=1, needed=2)
        assert said in texts(shown(scene, proposal))
        await sam.click(shown(scene, proposal), "publish_match")
        after = shown(scene, proposal)
        assert texts(after)[-1].startswith(f"<@{sam.id}> published")
        assert "actions" not in [block["type"] for block in after["blocks"]]

    @on_one_engine
    async def test_the_channel_reads_no_name_of_those_concerned(
        self, scene: Scene, sam: Member
    ) -> None:
        """It may be a public one."""
        proposal = await scene.proposal()
        await scene.robin.click(proposal, "publish_match")
        await sam.click(shown(scene, proposal), "publish_match")
        for message in await scene.in_channel(sam, scene.channel):
            assert not {scene.jo.id, scene.lena.id} & set(re.findall(r"U\w+", str(message)))

    @on_one_engine
    async def test_the_same_manager_twice_counts_once(self, scene: Scene, sam: Member) -> None:
        proposal = await scene.proposal()
        for _ in range(2):
            await scene.robin.click(shown(scene, proposal), "publish_match")
        assert last(scene) == scene.say("errors.match_approved_already")
        assert await scene.count(Approval) == 1
        assert await scene.count(Pair) == 0


@on_one_engine
class TestWherePeopleAreAsked:
    async def test_the_message_says_so_and_nothing_is_published(self, scene: Scene) -> None:
        await scene.enrol_all()
        async with scene.company.transaction() as session:
            (await session.get_one(Program, scene.program.id)).asks_participants = True
        proposal = await scene.proposal()
        assert scene.label("match.ask_button") in str(proposal["blocks"])
        await scene.robin.click(proposal, "publish_match")
        after = shown(scene, proposal)
        assert "publish_match" not in str(after["blocks"])
        assert scene.say("match_asking.begun", count=2) in texts(after)
        assert await scene.count(Pair) == 0
        assert [run.state for run in await scene.rows(MatchRun)] == [MatchRunState.ASKING]
