from datetime import date
from typing import Any

import pytest

from bot.programs.lifecycle import Verb
from models import Enrollment, EnrollmentState, Program, ProgramState
from sandbox.client import Member
from tests.handlers.scene import Scene, is_private, on_one_engine

CALLBACKS = {
    Verb.EDIT: "program",
    Verb.LAUNCH: "launch",
    Verb.ANNOUNCE: "announce",
    Verb.CLOSE: "close_program",
    Verb.COPY: "program",
}


async def become(scene: Scene, state: ProgramState) -> None:
    async with scene.company.transaction() as session:
        (await session.get_one(Program, scene.program.id)).state = state


def elements(member: Member) -> dict[str, Any]:
    assert member.modal is not None
    return {
        block["block_id"]: block["element"]
        for block in member.modal["blocks"]
        if block["type"] == "input"
    }


class TestListen:
    async def test_new_begins_with_the_templates(self, scene: Scene) -> None:
        answer = await scene.command(scene.robin, "program new", scene.channel)
        assert answer.message is None
        template = elements(scene.robin)["template"]
        assert len(template["options"]) == len(scene.runtime.library.templates)

    async def test_a_program_manager_who_is_no_admin_may_open_another(self, scene: Scene) -> None:
        await scene.company.program(scene.junior, name="Another")
        await scene.command(scene.jo, "program new")
        assert scene.jo.modal is not None

    @pytest.mark.parametrize("word", ["new", *Verb])
    async def test_anybody_else_gets_a_polite_no(self, scene: Scene, word: str) -> None:
        answer = await scene.command(scene.lena, f"program {word}")
        assert is_private(answer)
        assert answer.text == scene.say("errors.not_allowed")
        assert scene.lena.modal is None

    @on_one_engine
    async def test_more_than_one_blank_between_the_words(self, scene: Scene) -> None:
        await scene.command(scene.robin, "  program    NEW ")
        assert scene.robin.modal is not None

    @pytest.mark.parametrize(
        ("typed", "head"),
        [
            ("program", []),
            ("program nwe", ["program.unknown_word"]),
            ("program list all", ["program.unknown_word"]),
        ],
    )
    @on_one_engine
    async def test_any_other_word_gets_the_list_and_where_each_program_is(
        self, scene: Scene, typed: str, head: list[str]
    ) -> None:
        await scene.company.program(scene.manager, name="Winter", state=ProgramState.CLOSED)
        await scene.enrol_all()
        await scene.open_pair()
        answer = await scene.command(scene.robin, typed)
        assert is_private(answer)
        shown = [block["text"]["text"] for block in answer.body["blocks"]]
        before = [scene.say(key) for key in (*head, "program.words")]
        assert shown[: len(before)] == before
        assert [line.partition("*: ")[2] for line in shown[len(before) :]] == [
            scene.label("program.state_closed"),
            scene.label("program.state_enrolling")
            + " "
            + scene.say("program.overview_size", people="2 people", pairs="1 pair"),
        ]
        assert len((await scene.command(scene.jo, typed)).body["blocks"]) == len(before)

    async def test_close_says_whom_it_concerns(self, scene: Scene) -> None:
        await become(scene, ProgramState.RUNNING)
        await scene.enrol_all()
        await scene.open_pair()
        for state in (EnrollmentState.APPLIED, EnrollmentState.ENROLLED, EnrollmentState.LEFT):
            await scene.company.enrol(scene.program, await scene.company.person(), state=state)
        await scene.command(scene.robin, "program close", scene.channel)
        said = str(scene.robin.modal)
        assert scene.say("program.close_pairs", count=1) in said
        assert scene.say("program.close_alone", count=2) in said
        assert scene.say("program.close_applications", count=1) in said

    @pytest.mark.parametrize(("verb", "callback"), CALLBACKS.items())
    async def test_each_word_that_asks_has_its_form(
        self, scene: Scene, verb: Verb, callback: str
    ) -> None:
        if verb is Verb.LAUNCH:
            await become(scene, ProgramState.DRAFT)
        answer = await scene.command(scene.robin, f"program {verb}", scene.channel)
        assert answer.message is None
        assert scene.robin.modal is not None
        assert scene.robin.modal["callback_id"] == callback

    @pytest.mark.parametrize("verb", [Verb.LAUNCH, Verb.PAUSE, Verb.CLOSE])
    @on_one_engine
    async def test_a_word_out_of_place_is_answered_with_where_the_program_is(
        self, scene: Scene, verb: Verb
    ) -> None:
        await become(scene, ProgramState.CLOSING)
        answer = await scene.command(scene.robin, f"program {verb}")
        assert answer.text == scene.say("errors.program_is_closing", program="Fresh Eyes")
        assert scene.robin.modal is None

    @on_one_engine
    async def test_edit_shows_what_cannot_be_changed_any_more(self, scene: Scene) -> None:
        await become(scene, ProgramState.RUNNING)
        await scene.command(scene.robin, "program edit")
        fields = elements(scene.robin)
        assert not {"weeks", "cadence", "starts_on", "space", "mentee_from_level"} & fields.keys()
        assert fields["name"]["initial_value"] == "Fresh Eyes"
        assert "First day *19 January 2026*" in str(scene.robin.modal)

    @on_one_engine
    async def test_copy_begins_with_the_other_and_saves_nothing_yet(self, scene: Scene) -> None:
        await scene.command(scene.robin, "program copy")
        fields = elements(scene.robin)
        assert fields["name"]["initial_value"] == "Fresh Eyes 2"
        assert fields["starts_on"]["initial_date"] == "2026-01-19"
        assert await scene.count(Program) == 1

    @on_one_engine
    async def test_a_copy_is_matched_by_what_counts_in_the_other(self, scene: Scene) -> None:
        async with scene.company.transaction() as session:
            (await session.get_one(Program, scene.program.id)).weights = {"level": 9}
        await scene.command(scene.robin, "program copy")
        assert (await scene.robin.submit({})).errors == {}
        assert [program.weights for program in await scene.rows(Program)] == [{"level": 9}] * 2

    @on_one_engine
    async def test_departments_are_asked_for_where_hr_knows_them(self, scene: Scene) -> None:
        await scene.command(scene.robin, "program edit")
        assert "departments" not in elements(scene.robin)
        await scene.company.person(department="Design")
        await scene.command(scene.robin, "program edit")
        [option] = elements(scene.robin)["departments"]["options"]
        assert option["value"] == "Design"

    async def test_pause_and_resume_are_done_at_once(self, scene: Scene) -> None:
        await scene.enrol_all()
        answer = await scene.command(scene.robin, "program pause")
        assert is_private(answer)
        assert answer.text == scene.say("program.pause_done", program="Fresh Eyes")
        assert await scene.told(scene.jo) == [scene.say("program.paused", program="Fresh Eyes")]
        answer = await scene.command(scene.robin, "program pause")
        assert answer.text == scene.say("errors.program_is_paused", program="Fresh Eyes")
        answer = await scene.command(scene.robin, "program resume")
        assert answer.text == scene.say("program.resume_done", program="Fresh Eyes")
        assert scene.say("program.resumed", program="Fresh Eyes") in await scene.told(scene.jo)
        [program] = await scene.rows(Program)
        assert program.paused_at is None
        assert await scene.count(Enrollment) == 2

    @on_one_engine
    async def test_an_admin_takes_over_what_nobody_runs(self, scene: Scene) -> None:
        program = await scene.company.program(name="Alone", join_by=date(2026, 1, 9))
        await scene.command(scene.robin, "program edit", scene.channel)
        assert elements(scene.robin)["name"]["initial_value"] == "Fresh Eyes"
        await scene.robin.close()
        channel = scene.sandbox.workspace.conversations[program.admin_channel_id]
        scene.sandbox.workspace.join(channel, [scene.robin.id])
        await scene.command(scene.robin, "program edit", channel.id)
        assert "initial_users" not in elements(scene.robin)["manager_slack_ids"]
        assert (await scene.robin.submit({"manager_slack_ids": [scene.lena.id]})).errors == {}
        assert (await scene.command(scene.lena, "program pause")).text == scene.say(
            "program.pause_done", program="Alone"
        )
