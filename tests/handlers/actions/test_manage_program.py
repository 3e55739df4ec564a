"""The buttons that stand for the words of `/mentoring program`, pressed on a Home."""

import pytest

from bot.views import blocks, program_messages
from models import Program, ProgramState
from sandbox.client import Member
from tests.handlers.scene import Scene, on_one_engine

FORMS = {
    program_messages.EDIT: "program",
    program_messages.LAUNCH: "launch",
    program_messages.ANNOUNCE: "announce",
    program_messages.CLOSE: "close_program",
    program_messages.COPY: "program",
}


async def press(scene: Scene, member: Member, action_id: str) -> None:
    button = blocks.button("Go", action_id, str(scene.program.id))
    home = {"type": "home", "blocks": [blocks.actions(button)]}
    await scene.runtime.slack.publish_home(member.id, home)
    assert member.home is not None
    await member.click(member.home, action_id)


async def become(scene: Scene, state: ProgramState) -> None:
    async with scene.company.transaction() as session:
        (await session.get_one(Program, scene.program.id)).state = state


class TestButtons:
    @pytest.mark.parametrize(("action_id", "callback"), FORMS.items())
    async def test_open_the_form_of_their_program(
        self, scene: Scene, action_id: str, callback: str
    ) -> None:
        await scene.company.program(scene.manager, name="Newer", state=ProgramState.DRAFT)
        if action_id == program_messages.LAUNCH:
            await become(scene, ProgramState.DRAFT)
        await press(scene, scene.robin, action_id)
        assert scene.robin.modal is not None
        assert scene.robin.modal["callback_id"] == callback
        assert "Fresh Eyes" in str(scene.robin.modal["blocks"])

    @on_one_engine
    async def test_a_new_program_begins_with_the_templates(self, scene: Scene) -> None:
        await press(scene, scene.robin, program_messages.NEW)
        assert scene.robin.modal is not None
        assert scene.robin.modal["callback_id"] == "template"
        assert (await scene.robin.submit({})).errors == {}

    async def test_pause_and_resume(self, scene: Scene) -> None:
        for action_id, done in (
            (program_messages.PAUSE, "program.pause_done"),
            (program_messages.RESUME, "program.resume_done"),
        ):
            await press(scene, scene.robin, action_id)
            assert scene.robin.modal is not None
            said = scene.say(done, program="Fresh Eyes")
            assert said in str(scene.robin.modal["blocks"])
            await scene.robin.close()
        [program] = await scene.rows(Program)
        assert program.paused_at is None

    @pytest.mark.parametrize("action_id", [*FORMS, program_messages.PAUSE, program_messages.RESUME])
    @on_one_engine
    async def test_are_for_the_managers(self, scene: Scene, action_id: str) -> None:
        await press(scene, scene.jo, action_id)
        assert scene.jo.modal is not None
        assert scene.say("errors.not_allowed") in str(scene.jo.modal["blocks"])

    @on_one_engine
    async def test_one_that_is_late_says_where_the_program_is(self, scene: Scene) -> None:
        await become(scene, ProgramState.CLOSED)
        await press(scene, scene.robin, program_messages.PAUSE)
        assert scene.robin.modal is not None
        sentence = scene.say("errors.program_is_closed", program="Fresh Eyes")
        assert sentence in str(scene.robin.modal["blocks"])
