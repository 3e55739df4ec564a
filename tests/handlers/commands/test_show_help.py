from tests.handlers.scene import Scene, is_private, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_a_participant_sees_what_participants_can_do(self, scene: Scene) -> None:
        answer = await scene.command(scene.jo, "help")
        assert is_private(answer)
        assert texts(answer.body) == [scene.say("help.participant")]

    async def test_a_program_manager_sees_more(self, scene: Scene) -> None:
        answer = await scene.command(scene.robin, "help")
        assert texts(answer.body) == [scene.say("help.participant"), scene.say("help.manager")]
