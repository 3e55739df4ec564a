from time import monotonic

import pytest

from models import Enrollment, MatchRun, Pair, Person, Role
from prompts.library import Mrkdwn
from tests.handlers.scene import Scene, is_private, on_one_engine, texts


class TestListen:
    async def test_the_manager_alone_sees_the_proposal(self, scene: Scene) -> None:
        await scene.enrol_all()
        answer = await scene.command(scene.robin, "match", scene.channel)
        assert is_private(answer)
        [line] = [text for text in texts(answer.body) if " mentors <@" in text]
        assert line.startswith(f"<@{scene.jo.id}> mentors <@{scene.lena.id}>")
        assert "1 mentor and 1 mentee" in answer.text
        assert await scene.count(MatchRun) == 1
        assert await scene.count(Pair) == 0

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
    async def test_when_the_rules_allow_no_pair_it_says_so_and_changes_nothing(
        self, scene: Scene
    ) -> None:
        report = await scene.company.person("Ray Port", level=1, manager=scene.leader)
        for person in (scene.leader, report):
            await scene.company.enrol(scene.program, person)
        answer = await scene.command(scene.robin, "match", scene.channel)
        assert answer.text == scene.say("errors.no_possible_pair")
        assert await scene.count(MatchRun) == 0

    @on_one_engine
    async def test_outside_an_admin_channel_the_newest_program_is_meant(self, scene: Scene) -> None:
        await scene.company.program(scene.manager, name="Newer")
        await scene.enrol_all()
        here = await scene.command(scene.robin, "match", scene.channel)
        anywhere = await scene.command(scene.robin, "match")
        assert "1 mentor and 1 mentee" in here.text
        assert anywhere.text.endswith(scene.say("match.invite_anybody"))

    async def test_hundreds_of_people_are_matched_within_slacks_three_seconds(
        self, scene: Scene
    ) -> None:
        await _crowd(scene, mentors=300, mentees=150)
        began = monotonic()
        answer = await scene.command(scene.robin, "match", scene.channel)
        assert "150 pairs" in answer.text
        assert monotonic() - began < 3

    @on_one_engine
    async def test_two_runs_wait_side_by_side(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.robin, "match", scene.channel)
        await scene.command(scene.robin, "match", scene.channel)
        assert await scene.count(MatchRun) == 2


async def _crowd(scene: Scene, *, mentors: int, mentees: int) -> None:
    async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
        people = [
            Person(
                name=f"Person {number}",
                slack_user_id=f"U1{number:06d}",
                level=1 if number < mentors else 5,
                department=f"D{number % 7}",
            )
            for number in range(mentors + mentees)
        ]
        session.add_all(people)
        await session.flush()
        for number, person in enumerate(people):
            person.reporting_path = f"/{person.id}/"
            session.add(
                Enrollment(
                    program_id=scene.program.id,
                    person_id=person.id,
                    role=Role.MENTOR if number < mentors else Role.MENTEE,
                    topics=scene.program.topics[: 1 + number % 2],
                    joined_at=scene.runtime.clock(),
                )
            )
