import re

import pytest

from bot.matching import runs_service as matching
from models import MatchRun, MatchRunState, Pair, Program, ProgramManager
from prompts.library import Mrkdwn
from tests.handlers.scene import Scene, is_private, on_one_engine


class TestListen:
    async def test_the_manager_alone_is_told_at_once_and_the_channel_when_it_is_done(
        self, scene: Scene
    ) -> None:
        await scene.enrol_all()
        answer = await scene.command(scene.robin, "match", scene.channel)
        assert is_private(answer)
        sides = {"mentors": "1 mentor", "mentees": "1 mentee"}
        channel = Mrkdwn(f"<#{scene.channel}>")
        assert answer.text == scene.say("match.requested", channel=channel, **sides)
        assert [run.state for run in await scene.rows(MatchRun)] == [MatchRunState.REQUESTED]
        assert await matching.work_off(scene.runtime) == 1
        [_, said] = await scene.in_channel(scene.robin, scene.channel)
        assert said["text"].startswith("I can make *1 pair* out of 1 mentor and 1 mentee.")
        assert not {scene.jo.id, scene.lena.id} & set(re.findall(r"U\w+", str(said)))
        assert await scene.count(Pair) == 0

    @on_one_engine
    async def test_once_more_meanwhile_says_how_far_it_is(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.robin, "match", scene.channel)
        answer = await scene.command(scene.robin, "match", scene.channel)
        assert answer.text.startswith(f"<@{scene.robin.id}> asked me for a match")
        assert "0 % is done" in answer.text
        assert await scene.count(MatchRun) == 1

    async def test_somebody_else_gets_a_polite_no(self, scene: Scene) -> None:
        await scene.enrol_all()
        answer = await scene.command(scene.jo, "match")
        assert is_private(answer)
        assert answer.text == scene.say("errors.not_allowed")
        assert await scene.count(MatchRun) == 0

    @on_one_engine
    @pytest.mark.parametrize(
        ("joined", "key", "invite"),
        [
            ([], "nobody_to_match", "anybody"),
            (["leader"], "no_mentor_waiting", "mentors"),
            (["junior"], "no_mentee_waiting", "mentees"),
        ],
    )
    async def test_with_nobody_on_a_side_it_says_so_and_changes_nothing(
        self, scene: Scene, joined: list[str], key: str, invite: str
    ) -> None:
        for name in joined:
            await scene.company.enrol(scene.program, getattr(scene, name))
        answer = await scene.command(scene.robin, "match", scene.channel)
        why = scene.say(f"match.invite_{invite}")
        assert answer.text == scene.say(f"errors.{key}", why=Mrkdwn(why))
        assert await scene.count(MatchRun) == 0

    @on_one_engine
    async def test_what_keeps_people_out_is_said(self, scene: Scene) -> None:
        await scene.company.enrol(scene.program, scene.leader)
        await scene.company.enrol(scene.program, scene.junior, skips_match=True)
        answer = await scene.command(scene.robin, "match", scene.channel)
        assert answer.text.endswith(scene.say("match.not_ready_skipping", count=1))

    @on_one_engine
    async def test_a_program_that_has_a_break_makes_no_pairs(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.robin, "program pause", scene.channel)
        answer = await scene.command(scene.robin, "match", scene.channel)
        assert answer.text == scene.say("errors.program_is_paused", program="Fresh Eyes")

    @on_one_engine
    async def test_when_the_rules_allow_no_pair_whoever_asked_reads_it(self, scene: Scene) -> None:
        report = await scene.company.person("Ray Port", level=1, manager=scene.leader)
        for person in (scene.leader, report):
            await scene.company.enrol(scene.program, person)
        await scene.command(scene.robin, "match", scene.channel)
        await matching.work_off(scene.runtime)
        await scene.told(scene.robin)
        [said] = scene.robin.messages(scene.robin.direct())
        assert scene.say("errors.no_possible_pair") in str(said["blocks"])
        assert [run.state for run in await scene.rows(MatchRun)] == [MatchRunState.DROPPED]

    @on_one_engine
    async def test_outside_an_admin_channel_the_newest_program_is_meant(self, scene: Scene) -> None:
        await scene.company.program(scene.manager, name="Newer")
        await scene.enrol_all()
        here = await scene.command(scene.robin, "match", scene.channel)
        anywhere = await scene.command(scene.robin, "match")
        assert "1 mentor with 1 mentee" in here.text
        assert anywhere.text.endswith(scene.say("match.invite_anybody"))

    @on_one_engine
    async def test_a_sole_manager_who_takes_part_reads_that_they_are_not_in_it(
        self, scene: Scene
    ) -> None:
        await scene.enrol_all()
        await scene.company.enrol(scene.program, scene.manager)
        answer = await scene.command(scene.robin, "match", scene.channel)
        assert scene.say("match.requested_without_you") in str(answer.body["blocks"])

    @on_one_engine
    async def test_where_several_approve_the_summary_says_so(self, scene: Scene) -> None:
        await scene.enrol_all()
        second = await scene.company.person("Sam Second", level=3)
        async with scene.company.transaction() as session:
            (await session.get_one(Program, scene.program.id)).approvals_needed = 2
            session.add(ProgramManager(program_id=scene.program.id, person_id=second.id))
        assert scene.say("match.not_approved", count=2) in str((await scene.proposal())["blocks"])
