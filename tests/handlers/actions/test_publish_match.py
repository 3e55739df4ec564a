import asyncio
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
from tests.handlers.scene import Scene, on_one_engine


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

    async def test_the_other_manager_sees_the_proposal_and_approves_it_too(
        self, scene: Scene, sam: Member
    ) -> None:
        await scene.command(scene.robin, "match", scene.channel)
        [proposal] = sam.messages(scene.channel)
        await scene.robin.click(proposal, "publish_match")
        said = sam.messages(scene.channel)[-1]["text"]
        robin = Mrkdwn(f"<@{scene.robin.id}>")
        assert said == scene.say("match.approved", approver=robin, approvals=1, needed=2)
        assert await scene.count(Pair) == 0
        await sam.click(proposal, "publish_match")
        assert "published *1 pair*" in last(scene)
        assert await scene.count(Pair) == 1
        assert proposal["ts"] not in [one["ts"] for one in sam.messages(scene.channel)]

    @on_one_engine
    async def test_the_same_manager_twice_counts_once(self, scene: Scene, sam: Member) -> None:
        await scene.command(scene.robin, "match", scene.channel)
        [proposal] = sam.messages(scene.channel)
        for _ in range(2):
            await scene.robin.click(proposal, "publish_match")
        assert last(scene) == scene.say("errors.match_approved_already")
        assert await scene.count(Pair) == 0

    @on_one_engine
    async def test_who_only_reads_along_cannot_approve(self, scene: Scene, sam: Member) -> None:
        channel = scene.sandbox.workspace.conversations[scene.channel]
        scene.sandbox.workspace.join(channel, [scene.jo.id])
        await scene.command(scene.robin, "match", scene.channel)
        [proposal] = scene.jo.messages(scene.channel)
        await scene.jo.click(proposal, "publish_match")
        assert scene.jo.messages(scene.channel)[-1]["text"] == scene.say("errors.not_allowed")
        assert await scene.count(Approval) == 0

    @on_one_engine
    async def test_elsewhere_the_others_would_not_see_it(self, scene: Scene, sam: Member) -> None:
        answer = await scene.command(scene.robin, "match")
        assert answer.text == scene.say("errors.match_needs_admin_channel")
        assert await scene.count(MatchRun) == 0
