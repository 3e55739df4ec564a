from models import Program, ProgramState
from tests.handlers.scene import Scene, on_one_engine

HEADING = "program.announcement_heading"


async def draft(scene: Scene) -> None:
    """Leaves the form to launch it open."""
    await scene.command(scene.robin, "program new", scene.channel)
    await scene.robin.submit({"template": "younger-customers"})
    assert (
        await scene.robin.submit({"name": "New Eyes", "purpose": "See <our> work"})
    ).errors == {}


class TestListen:
    async def test_the_channels_and_the_manager_are_told(self, scene: Scene) -> None:
        await draft(scene)
        news = scene.sandbox.add_channel("news", [scene.robin.id, scene.jo.id], app=True)
        assert (await scene.robin.submit({"channels": [news]})).errors == {}
        assert scene.robin.modal is None
        [launched] = await scene.told(scene.robin)
        assert "New Eyes" in launched
        for channel in (scene.channel, news):
            [announced] = await scene.in_channel(scene.robin, channel)
            assert announced["text"] == scene.say(HEADING, program="New Eyes")
            assert "See &lt;our&gt; work" in str(announced["blocks"])
        await scene.jo.click(announced, "join")
        assert scene.jo.modal is not None

    async def test_later_the_draft_can_be_launched_still(self, scene: Scene) -> None:
        await draft(scene)
        await scene.robin.close()
        assert (await scene.rows(Program))[-1].state is ProgramState.DRAFT
        await scene.command(scene.robin, "program launch", scene.channel)
        assert (await scene.robin.submit({})).errors == {}
        assert (await scene.rows(Program))[-1].state is ProgramState.ENROLLING

    @on_one_engine
    async def test_channels_the_app_is_not_in_are_named(self, scene: Scene) -> None:
        await draft(scene)
        lost = scene.sandbox.add_channel("lost", [scene.robin.id])
        away = scene.sandbox.add_channel("away", [scene.robin.id])
        good = scene.sandbox.add_channel("good", [scene.robin.id], app=True)
        errors = (await scene.robin.submit({"channels": [lost, good, away]})).errors
        sentence = scene.label("errors.channel_not_joined", channels="#lost, #away")
        assert errors == {"channels": sentence}
        assert (await scene.rows(Program))[-1].state is ProgramState.DRAFT
        assert (await scene.robin.submit({"channels": [good]})).errors == {}

    @on_one_engine
    async def test_a_private_channel_whose_name_slack_keeps(self, scene: Scene) -> None:
        await draft(scene)
        secret = scene.sandbox.add_channel("secret", [scene.robin.id], private=True)
        errors = (await scene.robin.submit({"channels": [secret]})).errors
        assert errors == {"channels": scene.label("errors.channels_not_reachable")}

    @on_one_engine
    async def test_a_last_day_that_cannot_be(self, scene: Scene) -> None:
        await draft(scene)
        errors = (await scene.robin.submit({"join_by": "2026-01-04"})).errors
        assert errors == {"join_by": scene.label("errors.join_by_in_past")}

    @on_one_engine
    async def test_an_admin_channel_that_was_deleted_meanwhile(self, scene: Scene) -> None:
        await draft(scene)
        scene.sandbox.workspace.conversations[scene.channel].archived = True
        scene.sandbox.workspace.conversations[scene.channel].members.clear()
        assert (await scene.robin.submit({})).errors == {}
        sentence = scene.say("errors.channel_lost", program="New Eyes")
        assert scene.robin.modal is not None
        assert sentence in str(scene.robin.modal["blocks"])
        assert (await scene.rows(Program))[-1].state is ProgramState.DRAFT

    @on_one_engine
    async def test_of_two_managers_the_second_hears_that_it_is_open(self, scene: Scene) -> None:
        await scene.company.program(
            scene.manager,
            scene.leader,
            name="Ours",
            state=ProgramState.DRAFT,
            admin_channel_id=scene.channel,
        )
        for member in (scene.robin, scene.lena):
            await scene.command(member, "program launch")
        for member in (scene.robin, scene.lena):
            assert (await member.submit({})).errors == {}
        assert scene.robin.modal is None
        assert scene.lena.modal is not None
        sentence = scene.say("errors.program_is_enrolling", program="Ours")
        assert sentence in str(scene.lena.modal["blocks"])
        assert len(await scene.in_channel(scene.robin, scene.channel)) == 1
