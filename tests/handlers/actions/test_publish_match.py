import asyncio
import re
from typing import Any

import pytest

from bot.delivery import service as delivery
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
from tests.handlers.scene import Scene, is_private, on_one_engine, texts


async def propose(scene: Scene) -> dict[str, Any]:
    answer = await scene.command(scene.robin, "match", scene.channel)
    assert answer.message is not None
    return answer.message


def last(scene: Scene) -> str:
    return str(scene.robin.messages(scene.channel)[-1]["text"])


class TestListen:
    async def test_everybody_in_the_channel_reads_that_it_is_published(self, scene: Scene) -> None:
        await scene.enrol_all()
        witness = await scene.company.person("Wit Ness", level=2)
        channel = scene.sandbox.workspace.conversations[scene.channel]
        scene.sandbox.workspace.join(channel, [witness.slack_user_id or ""])
        proposal = await propose(scene)
        await scene.robin.click(proposal, "publish_match")
        [said] = scene.company.member(witness).messages(scene.channel)
        assert said["text"].startswith(f"<@{scene.robin.id}> published *1 pair*")
        [pair] = await scene.rows(Pair)
        assert (pair.mentor_id, pair.mentee_id) == (scene.junior.id, scene.leader.id)
        assert [program.state for program in await scene.rows(Program)] == [ProgramState.RUNNING]

    @on_one_engine
    async def test_the_proposal_is_gone_with_its_button(self, scene: Scene) -> None:
        await scene.enrol_all()
        proposal = await propose(scene)
        await scene.robin.click(proposal, "publish_match")
        assert [message["text"] for message in scene.robin.messages(scene.channel)] == [last(scene)]
        with pytest.raises(SlackRefuses):
            await scene.robin.click(proposal, "publish_match")

    async def test_publishing_twice_makes_the_pairs_once(self, scene: Scene) -> None:
        await scene.enrol_all()
        proposal = await propose(scene)
        again = scene.press(scene.robin.id, proposal)
        await scene.robin.click(proposal, "publish_match")
        await scene.sandbox.send("interaction", again)
        assert last(scene) == scene.say("errors.match_already_published")
        assert await scene.count(Pair) == 1

    async def test_two_presses_at_once_make_the_pairs_once(self, scene: Scene) -> None:
        await scene.enrol_all()
        proposal = await propose(scene)
        payloads = [scene.press(scene.robin.id, proposal) for _ in range(4)]
        await asyncio.gather(*(scene.sandbox.send("interaction", one) for one in payloads))
        said = [message["text"] for message in scene.robin.messages(scene.channel)]
        assert said.count(scene.say("errors.match_already_published")) == 3
        assert await scene.count(Pair) == 1

    async def test_a_run_that_later_runs_have_overtaken(self, scene: Scene) -> None:
        await scene.enrol_all()
        stale, fresh = await propose(scene), await propose(scene)
        await scene.robin.click(fresh, "publish_match")
        await scene.robin.click(stale, "publish_match")
        assert last(scene) == scene.say("errors.match_out_of_date")
        assert await scene.count(Pair) == 1

    @on_one_engine
    async def test_somebody_has_left_the_program_since(self, scene: Scene) -> None:
        await scene.enrol_all()
        proposal = await propose(scene)
        async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
            await session.delete((await scene.rows(Enrollment))[0])
        await scene.robin.click(proposal, "publish_match")
        assert last(scene) == scene.say("errors.match_out_of_date")
        assert await scene.count(Pair) == 0
        assert [run.state for run in await scene.rows(MatchRun)] == [MatchRunState.PROPOSED]

    @on_one_engine
    async def test_the_rules_no_longer_allow_it(self, scene: Scene) -> None:
        await scene.enrol_all()
        proposal = await propose(scene)
        async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
            promoted = await session.get_one(type(scene.junior), scene.junior.id)
            promoted.level = 6
        await scene.robin.click(proposal, "publish_match")
        assert last(scene) == scene.say("errors.match_out_of_date")
        assert await scene.count(Pair) == 0

    @on_one_engine
    async def test_who_does_not_manage_the_program_cannot_publish(self, scene: Scene) -> None:
        await scene.enrol_all()
        payload = scene.press(scene.jo.id, await propose(scene))
        await scene.sandbox.send("interaction", payload)
        channel = scene.sandbox.workspace.conversations[scene.channel]
        scene.sandbox.workspace.join(channel, [scene.jo.id])
        assert scene.jo.messages(scene.channel)[-1]["text"] == scene.say("errors.not_allowed")
        assert await scene.count(Pair) == 0

    @on_one_engine
    async def test_a_run_that_never_was(self, scene: Scene) -> None:
        await scene.enrol_all()
        payload = scene.press(scene.robin.id, await propose(scene))
        payload["actions"][0]["value"] = "999"
        await scene.sandbox.send("interaction", payload)
        assert last(scene) == scene.say("errors.match_out_of_date")

    @on_one_engine
    async def test_who_has_no_pair_is_told_kindly(self, scene: Scene) -> None:
        other = await scene.company.person("Olli Other", level=1)
        await scene.enrol_all()
        await scene.company.enrol(scene.program, other)
        await scene.robin.click(await propose(scene), "publish_match")
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

    async def proposals(self, scene: Scene, *members: Member) -> list[dict[str, Any]]:
        """What each of these finds in their direct messages after a match."""
        await scene.command(scene.robin, "match", scene.channel)
        await delivery.send_due(scene.runtime)
        return [member.messages(member.direct())[-1] for member in members]

    async def test_each_manager_gets_the_proposal_and_the_last_yes_publishes(
        self, scene: Scene, sam: Member
    ) -> None:
        robins, sams = await self.proposals(scene, scene.robin, sam)
        robin = Mrkdwn(f"<@{scene.robin.id}>")
        await scene.robin.click(robins, "publish_match")
        first = scene.say("match.approved", approver=robin, approvals=1, needed=2)
        assert [one["text"] for one in await scene.in_channel(sam, scene.channel)] == [first]
        assert await scene.count(Pair) == 0
        await sam.click(sams, "publish_match")
        [_, last_said] = await scene.in_channel(sam, scene.channel)
        assert "published *1 pair*" in last_said["text"]
        assert await scene.count(Pair) == 1

    @on_one_engine
    async def test_what_came_of_it_takes_the_place_of_the_button(
        self, scene: Scene, sam: Member
    ) -> None:
        [proposal] = await self.proposals(scene, scene.robin)
        await scene.robin.click(proposal, "publish_match")
        [after] = scene.robin.messages(scene.robin.direct())
        robin = Mrkdwn(f"<@{scene.robin.id}>")
        said = scene.say("match.approved", approver=robin, approvals=1, needed=2)
        assert texts(after)[-1] == said
        assert "actions" not in [block["type"] for block in after["blocks"]]

    @on_one_engine
    async def test_the_channel_reads_no_name_before_it_is_decided(
        self, scene: Scene, sam: Member
    ) -> None:
        """It may be a public one."""
        [proposal] = await self.proposals(scene, scene.robin)
        await scene.robin.click(proposal, "publish_match")
        for message in await scene.in_channel(sam, scene.channel):
            assert not {scene.jo.id, scene.lena.id} & set(re.findall(r"U\w+", str(message)))
        witness = scene.press(scene.lena.id, proposal)
        await scene.sandbox.send("interaction", witness)
        assert await scene.count(Approval) == 1

    @on_one_engine
    async def test_the_same_manager_twice_counts_once(self, scene: Scene, sam: Member) -> None:
        [proposal] = await self.proposals(scene, scene.robin)
        again = scene.press(scene.robin.id, proposal)
        await scene.robin.click(proposal, "publish_match")
        await scene.sandbox.send("interaction", again)
        said = scene.robin.messages(scene.robin.direct())[-1]["text"]
        assert said == scene.say("errors.match_approved_already")
        assert await scene.count(Pair) == 0

    @on_one_engine
    async def test_anywhere_the_command_says_to_how_many_it_went(
        self, scene: Scene, sam: Member
    ) -> None:
        answer = await scene.command(scene.robin, "match")
        assert is_private(answer)
        assert answer.text == scene.say("match.sent", count=2)
        assert await scene.count(MatchRun) == 1
