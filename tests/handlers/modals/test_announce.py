from models import Program, ProgramState
from tests.handlers.scene import Scene, on_one_engine


class TestListen:
    async def test_the_announcement_is_posted_with_its_button(self, scene: Scene) -> None:
        news = scene.sandbox.add_channel("news", [scene.robin.id, scene.jo.id], app=True)
        await scene.command(scene.robin, "program announce", scene.channel)
        assert (await scene.robin.submit({"channels": [news]})).errors == {}
        [announced] = await scene.in_channel(scene.jo, news)
        await scene.jo.click(announced, "join")
        assert scene.jo.modal is not None

    @on_one_engine
    async def test_a_channel_the_app_is_not_in_is_named(self, scene: Scene) -> None:
        lost = scene.sandbox.add_channel("lost", [scene.robin.id])
        await scene.command(scene.robin, "program announce", scene.channel)
        errors = (await scene.robin.submit({"channels": [lost]})).errors
        assert errors == {"channels": scene.label("errors.channel_not_joined", channels="#lost")}

    @on_one_engine
    async def test_again_on_the_same_day_is_said_beside_the_field(self, scene: Scene) -> None:
        news = scene.sandbox.add_channel("news", [scene.robin.id], app=True)
        for expected in ({}, {"channels": scene.label("errors.announced_today")}):
            await scene.command(scene.robin, "program announce", scene.channel)
            assert (await scene.robin.submit({"channels": [news]})).errors == expected

    @on_one_engine
    async def test_a_stale_form_of_a_program_that_closed(self, scene: Scene) -> None:
        news = scene.sandbox.add_channel("news", [scene.robin.id], app=True)
        await scene.command(scene.robin, "program announce", scene.channel)
        async with scene.company.transaction() as session:
            (await session.get_one(Program, scene.program.id)).state = ProgramState.CLOSED
        assert (await scene.robin.submit({"channels": [news]})).errors == {}
        assert scene.robin.modal is not None
        sentence = scene.say("errors.program_is_closed", program="Fresh Eyes")
        assert sentence in str(scene.robin.modal["blocks"])
        assert await scene.in_channel(scene.robin, news) == []
