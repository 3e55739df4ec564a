from bot.matching import asking_service
from models import Pair, Proposal
from tests.conftest import Clock
from tests.handlers.actions.test_accept_match import asked, shown
from tests.handlers.scene import Scene, texts


class TestListen:
    async def test_stays_with_the_one_who_said_it(self, scene: Scene, clock: Clock) -> None:
        questions = await asked(scene)
        channel = scene.robin.messages(scene.channel)
        await scene.lena.click(questions[scene.lena], "decline_match")
        after = texts(shown(scene.lena, questions[scene.lena]))
        assert after[-1] == scene.say("match_asking.said_no")
        [found] = await scene.rows(Proposal)
        assert (found.mentor_says, found.mentee_says) == (None, False)
        await scene.jo.click(questions[scene.jo], "accept_match")
        assert len(await scene.told(scene.jo)) == 1
        assert await scene.in_channel(scene.robin, scene.channel) == channel
        clock.forward(days=4)
        await asking_service.close_due(scene.runtime)
        assert await scene.rows(Pair) == []
        clock.forward(hours=10)
        for member in (scene.jo, scene.lena):
            said = scene.say("match_asking.not_this_time", program=scene.program.name)
            assert (await scene.told(member))[-1] == said
