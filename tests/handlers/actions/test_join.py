import pytest

from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.views import program_messages
from models import IfInDoubt, Program, ProgramState
from sandbox.errors import SlackRefuses
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


async def announce(scene: Scene) -> Program:
    """Another program is announced in the admin channel, where Jo reads it too."""
    program = await scene.company.program(
        scene.manager, name="Newest", topics=["digital-tools"], admin_channel_id=scene.channel
    )
    message = program_messages.announcement(scene.runtime.library, program)
    note = Outgoing(
        "announcement",
        "announcement",
        scene.channel,
        message,
        IfInDoubt.LET_GO,
        program.workspace_id,
    )
    async with scene.company.transaction() as session:
        await delivery.queue(session, scene.runtime, [note])
    await delivery.send_due(scene.runtime)
    channel = scene.sandbox.workspace.conversations[scene.channel]
    scene.sandbox.workspace.join(channel, [scene.jo.id])
    return program


class TestListen:
    async def test_the_button_joins_the_program_announced(self, scene: Scene) -> None:
        await announce(scene)
        await scene.company.program(scene.manager, name="Newer still")
        await scene.jo.click(scene.jo.messages(scene.channel)[-1], "join")
        assert scene.jo.modal is not None
        assert texts(scene.jo.modal)[0] == scene.say("join.intro_offered", program="Newest")

    async def test_a_program_that_has_closed(self, scene: Scene) -> None:
        program = await announce(scene)
        async with scene.company.transaction() as session:
            (await session.get_one(Program, program.id)).state = ProgramState.CLOSED
        await scene.jo.click(scene.jo.messages(scene.channel)[-1], "join")
        said = scene.jo.messages(scene.channel)[-1]
        assert said["text"] == scene.say("errors.join_closed", program="Newest")
        assert scene.jo.modal is None

    async def test_only_the_person_who_pressed_reads_the_sentence(self, scene: Scene) -> None:
        program = await announce(scene)
        async with scene.company.transaction() as session:
            (await session.get_one(Program, program.id)).highest_level = 2
        member = scene.robin
        announcement = member.messages(scene.channel)[-1]
        await member.click(announcement, "join")
        assert member.messages(scene.channel)[-1]["text"] == scene.say(
            "errors.join_other_level", program="Newest", managers=f"<@{member.id}>"
        ).replace("&lt;", "<").replace("&gt;", ">")
        assert scene.jo.messages(scene.channel)[-1]["ts"] == announcement["ts"]

    async def test_two_at_once_get_a_form_each(self, scene: Scene) -> None:
        await announce(scene)
        announcement = scene.robin.messages(scene.channel)[-1]
        for member in (scene.jo, scene.robin):
            await member.click(announcement, "join")
            assert member.modal is not None
        with pytest.raises(SlackRefuses):
            await scene.lena.click(announcement, "join")
