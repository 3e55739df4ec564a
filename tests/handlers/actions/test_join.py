import pytest

from bot.delivery import service as delivery
from models import ProgramState
from sandbox.errors import SlackRefuses
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


async def announce(scene: Scene) -> None:
    """Opens a second program with the form, whose announcement comes to the same channel."""
    await scene.command(scene.robin, "program new", scene.channel)
    values = {"name": "Newest", "purpose": "Learn", "topics": ["inclusion"]}
    assert not (await scene.robin.submit(values)).errors
    await delivery.send_due(scene.runtime)
    channel = scene.sandbox.workspace.conversations[scene.channel]
    scene.sandbox.workspace.join(channel, [scene.jo.id])


class TestListen:
    async def test_the_button_joins_the_program_announced(self, scene: Scene) -> None:
        await announce(scene)
        await scene.company.program(scene.manager, name="Newer still")
        await scene.jo.click(scene.jo.messages(scene.channel)[-1], "join")
        assert scene.jo.modal is not None
        assert texts(scene.jo.modal)[0] == scene.say("join.intro_mentor", program="Newest")

    async def test_a_program_that_has_closed(self, scene: Scene) -> None:
        await announce(scene)
        async with scene.runtime.database.transaction(scene.company.workspace_id) as session:
            program = await session.get_one(type(scene.program), scene.program.id + 1)
            program.state = ProgramState.CLOSED
        await scene.jo.click(scene.jo.messages(scene.channel)[-1], "join")
        said = scene.jo.messages(scene.channel)[-1]
        assert said["text"] == scene.say("errors.no_program_open")
        assert scene.jo.modal is None

    async def test_only_the_person_who_pressed_reads_the_sentence(self, scene: Scene) -> None:
        await announce(scene)
        new = await scene.company.person("New Here", level=None)
        member = scene.company.member(new)
        channel = scene.sandbox.workspace.conversations[scene.channel]
        scene.sandbox.workspace.join(channel, [member.id])
        announcement = member.messages(scene.channel)[-1]
        await member.click(announcement, "join")
        assert member.messages(scene.channel)[-1]["text"] == scene.say(
            "errors.unknown_person_level"
        )
        assert scene.jo.messages(scene.channel)[-1]["ts"] == announcement["ts"]

    async def test_two_at_once_get_a_form_each(self, scene: Scene) -> None:
        await announce(scene)
        announcement = scene.robin.messages(scene.channel)[-1]
        for member in (scene.jo, scene.robin):
            await member.click(announcement, "join")
            assert member.modal is not None
        with pytest.raises(SlackRefuses):
            await scene.lena.click(announcement, "join")
