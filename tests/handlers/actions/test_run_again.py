from bot.matching import runs_service as runs
from models import MatchRun, MatchRunState
from tests.handlers.actions.reviewed import cards, keep_apart, modal, opened, said
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_keeps_what_is_held_and_shows_the_new_proposal(self, scene: Scene) -> None:
        olli = await opened(scene)
        await keep_apart(scene)
        await scene.robin.click(modal(scene), "run_again")
        under_way = scene.say("match_review.is_under_way", program="Fresh Eyes", progress=0)
        assert texts(modal(scene))[0] == under_way
        assert "run_again" not in str(modal(scene))
        assert await runs.work_off(scene.runtime) == 1
        await scene.robin.click(modal(scene), "review_page", "0")
        assert texts(modal(scene))[0] == scene.say("match_review.is_newer")
        [card] = cards(scene)
        assert card.startswith(f"<@{olli.slack_user_id}> with <@{scene.lena.id}>")

    async def test_while_one_is_under_way_says_so(self, scene: Scene) -> None:
        await opened(scene)
        review = modal(scene)
        await scene.command(scene.robin, "match", scene.channel)
        await scene.robin.click(review, "run_again")
        assert said(scene).startswith(f"<@{scene.robin.id}> asked me for a match")
        states = [run.state for run in await scene.rows(MatchRun)]
        assert states == [MatchRunState.PROPOSED, MatchRunState.REQUESTED]
