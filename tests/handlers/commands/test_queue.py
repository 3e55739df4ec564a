from prompts.library import Mrkdwn
from tests.applications import apply
from tests.handlers.scene import Scene, is_private, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_shows_who_waits_for_an_answer(self, scene: Scene) -> None:
        await apply(scene.company, scene.program, scene.junior)
        await scene.command(scene.robin, "queue", scene.channel)
        assert scene.robin.modal is not None
        [waiting, card] = texts(scene.robin.modal)[:2]
        assert waiting == scene.say("vetting.waiting", count=1)
        assert card.startswith(f"<@{scene.jo.id}> would join *{scene.program.name}* as a mentor.")

    async def test_in_the_admin_channel_it_is_of_that_program_elsewhere_of_all(
        self, scene: Scene
    ) -> None:
        other = await scene.company.program(scene.manager, name="Other")
        for program in (scene.program, other):
            await apply(scene.company, program, scene.junior)
        for channel, count in ((scene.channel, 1), (None, 2)):
            await scene.command(scene.robin, "queue", channel)
            assert scene.robin.modal is not None
            assert scene.say("vetting.waiting", count=count) in texts(scene.robin.modal)

    async def test_nobody_waits(self, scene: Scene) -> None:
        await scene.command(scene.robin, "queue")
        assert scene.robin.modal is not None
        assert texts(scene.robin.modal) == [scene.say("vetting.nobody")]

    async def test_is_for_program_managers(self, scene: Scene) -> None:
        answer = await scene.command(scene.jo, "queue")
        assert is_private(answer)
        assert answer.text == scene.say("errors.not_allowed")
        assert scene.jo.modal is None

    async def test_what_they_say_of_themselves_is_marked_as_theirs(self, scene: Scene) -> None:
        new = await scene.company.person("Ne W", level=None)
        stated = {"stated_level": 3, "stated_manager_id": scene.leader.id}
        await apply(scene.company, scene.program, new, **stated)
        await scene.command(scene.robin, "queue")
        assert scene.robin.modal is not None
        said = texts(scene.robin.modal)
        leader = Mrkdwn(f"<@{scene.lena.id}>")
        assert scene.say("vetting.stated_level", level=3) in said[1]
        assert scene.say("vetting.stated_manager", manager=leader) in said[1]
        assert said[2] == scene.say("vetting.approving_confirms")
