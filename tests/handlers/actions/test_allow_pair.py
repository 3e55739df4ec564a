from models import Hold
from tests.handlers.actions.reviewed import cards, head, hold, modal, opened, said
from tests.handlers.scene import Scene, on_one_engine

pytestmark = on_one_engine


class TestListen:
    async def test_lets_two_be_a_pair_again(self, scene: Scene) -> None:
        await opened(scene)
        await hold(scene, "never")
        await scene.robin.click(modal(scene), "review_page", "never")
        assert len(await scene.rows(Hold)) == 1
        assert head(scene.junior, scene.leader).replace("with", "and") in said(scene)
        await scene.robin.click(modal(scene), "allow_pair")
        assert await scene.rows(Hold) == []
        assert cards(scene) == []
        assert scene.say("match_review.no_never") in said(scene)
