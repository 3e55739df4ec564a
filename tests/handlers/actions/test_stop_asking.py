from models import MatchRun, MatchRunState, Pair
from prompts.library import Mrkdwn
from tests.handlers.actions.reviewed import modal
from tests.handlers.actions.test_accept_match import asked
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


async def opened(scene: Scene) -> None:
    found = await scene.in_channel(scene.robin, scene.channel)
    [proposal] = [one for one in found if "review_match" in str(one["blocks"])]
    await scene.robin.click(proposal, "review_match")


class TestListen:
    async def test_what_came_of_it_takes_the_place_of_the_run(self, scene: Scene) -> None:
        questions = await asked(scene)
        await scene.jo.click(questions[scene.jo], "accept_match")
        await opened(scene)
        await scene.robin.click(modal(scene), "stop_asking")
        robin = Mrkdwn(f"<@{scene.robin.id}>")
        ended = scene.say("match_asking.stopped", who=robin, program=scene.program.name)
        said = scene.say("match_asking.concluded_none", ended=Mrkdwn(ended))
        assert texts(modal(scene)) == [said]
        assert (await scene.in_channel(scene.robin, scene.channel))[-1]["text"] == said
        assert [run.state for run in await scene.rows(MatchRun)] == [MatchRunState.DROPPED]
        assert await scene.rows(Pair) == []

    async def test_of_what_is_over_already(self, scene: Scene) -> None:
        questions = await asked(scene)
        await opened(scene)
        before = modal(scene)
        for member in (scene.jo, scene.lena):
            await member.click(questions[member], "accept_match")
        await scene.robin.click(before, "stop_asking")
        assert texts(modal(scene)) == [scene.say("errors.match_asks_nobody")]
