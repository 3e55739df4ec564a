from models import Program, ProgramState
from tests.handlers.scene import Scene, on_one_engine


class TestListen:
    async def test_everybody_who_waits_is_told(self, scene: Scene) -> None:
        await scene.enrol_all()
        await scene.command(scene.robin, "program close", scene.channel)
        assert scene.robin.modal is not None
        asked = scene.say("program.close_unmatched", program="Fresh Eyes")
        assert asked in str(scene.robin.modal["blocks"])
        assert (await scene.robin.submit({})).errors == {}
        [program] = await scene.rows(Program)
        assert program.state is ProgramState.CLOSED
        for member in (scene.jo, scene.lena):
            said = scene.say("program.not_taking_place", program="Fresh Eyes")
            assert await scene.told(member) == [said]

    @on_one_engine
    async def test_keeping_it_changes_nothing(self, scene: Scene) -> None:
        await scene.command(scene.robin, "program close", scene.channel)
        await scene.robin.close()
        [program] = await scene.rows(Program)
        assert program.state is ProgramState.ENROLLING

    @on_one_engine
    async def test_a_form_that_was_open_when_it_closed(self, scene: Scene) -> None:
        await scene.command(scene.robin, "program close", scene.channel)
        async with scene.company.transaction() as session:
            (await session.get_one(Program, scene.program.id)).state = ProgramState.CLOSED
        await scene.robin.submit({})
        assert scene.robin.modal is not None
        sentence = scene.say("errors.program_is_closed", program="Fresh Eyes")
        assert sentence in str(scene.robin.modal["blocks"])
