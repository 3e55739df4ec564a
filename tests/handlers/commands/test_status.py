from datetime import date

import pytest

from models import EnrollmentState, PairState, Program, ProgramState
from tests.handlers.scene import Scene, is_private, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_a_manager_in_the_admin_channel_shows_the_program_to_all_there(
        self, scene: Scene
    ) -> None:
        await scene.enrol_all()
        await scene.open_pair()
        answer = await scene.command(scene.robin, "status", scene.channel)
        assert answer.body["response_type"] == "in_channel"
        assert any("1 active" in text for text in texts(answer.body))

    async def test_before_anybody_has_joined_it_says_what_to_do(self, scene: Scene) -> None:
        answer = await scene.command(scene.robin, "status", scene.channel)
        assert scene.say("status.nothing_to_report") in texts(answer.body)

    async def test_a_manager_elsewhere_is_shown_where_the_figures_are(self, scene: Scene) -> None:
        answer = await scene.command(scene.robin, "status")
        assert is_private(answer)
        assert f"<#{scene.channel}>" in str(answer.body["blocks"])

    async def test_somebody_else_in_the_admin_channel_sees_their_own(self, scene: Scene) -> None:
        channel = scene.sandbox.workspace.conversations[scene.channel]
        scene.sandbox.workspace.join(channel, [scene.jo.id])
        await scene.company.enrol(scene.program, scene.junior)
        answer = await scene.command(scene.jo, "status", scene.channel)
        assert is_private(answer)
        waiting = scene.say("status.own_waiting", program="Fresh Eyes", role="mentor")
        assert f"{waiting}\n{scene.say('status.own_lesson')}" in texts(answer.body)

    async def test_a_partner_sees_the_pair(self, scene: Scene) -> None:
        await scene.enrol_all()
        pair = await scene.open_pair()
        answer = await scene.command(scene.lena, "status")
        assert is_private(answer)
        [text] = [text for text in texts(answer.body) if "<@" in text]
        assert f"<@{scene.jo.id}>" in text
        assert f"<#{pair.channel_id}>" in text

    async def test_somebody_on_the_waiting_list_reads_their_place(self, scene: Scene) -> None:
        waitlisted = EnrollmentState.WAITLISTED
        first = await scene.company.person(level=2)
        for person in (first, scene.leader, scene.junior):
            await scene.company.enrol(scene.program, person, state=waitlisted)
        answer = await scene.command(scene.jo, "status")
        assert texts(answer.body)[1:] == [
            scene.say("status.own_waitlisted", program="Fresh Eyes", role="mentor", place=2)
        ]

    async def test_a_leader_with_several_mentors_reads_of_each(self, scene: Scene) -> None:
        await scene.enrol_all()
        other = await scene.company.person(level=2)
        await scene.company.enrol(scene.program, other)
        for mentor, channel in ((scene.junior, "C0000101"), (other, "C0000102")):
            await scene.company.pair(
                scene.program, mentor, scene.leader, state=PairState.ACTIVE, channel_id=channel
            )
        answer = await scene.command(scene.lena, "status")
        lines = [text for text in texts(answer.body) if "Fresh Eyes" in text]
        assert [
            f"<@{one.slack_user_id}>" in line
            for one, line in zip((scene.junior, other), lines, strict=True)
        ] == [True, True]

    async def test_who_has_left_a_program_that_is_over_reads_nothing_of_it(
        self, scene: Scene
    ) -> None:
        over = await scene.company.program(name="Over", state=ProgramState.CLOSED)
        await scene.company.enrol(over, scene.junior, state=EnrollmentState.LEFT)
        answer = await scene.command(scene.jo, "status")
        assert answer.text == scene.say("status.own_none")

    @pytest.mark.parametrize(
        "state",
        [
            EnrollmentState.APPLIED,
            EnrollmentState.TALKING,
            EnrollmentState.WAITLISTED,
            EnrollmentState.ENROLLED,
        ],
    )
    async def test_a_program_that_ends_promises_nothing(
        self, scene: Scene, state: EnrollmentState
    ) -> None:
        await scene.company.enrol(scene.program, scene.junior, state=state)
        for now, closes_on, key in (
            (ProgramState.CLOSING, date(2026, 1, 12), "status.own_closing"),
            (ProgramState.CLOSED, date(2026, 1, 12), "status.own_over"),
            (ProgramState.CLOSED, None, "status.own_not_taken_place"),
        ):
            async with scene.company.transaction() as session:
                program = await session.get_one(Program, scene.program.id)
                program.state, program.closes_on = now, closes_on
            answer = await scene.command(scene.jo, "status")
            assert texts(answer.body)[1:] == [scene.say(key, program="Fresh Eyes")]
