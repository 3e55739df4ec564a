from models import Hold
from tests.handlers.actions.reviewed import cards, head, keep_apart, modal, opened, said
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_lets_two_be_a_pair_again(self, scene: Scene) -> None:
        await opened(scene)
        await keep_apart(scene)
        await scene.robin.click(modal(scene), "review_page", "never")
        assert len(await scene.rows(Hold)) == 1
        assert head(scene.junior, scene.leader).replace("with", "and") in said(scene)
        await scene.robin.click(modal(scene), "allow_pair")
        assert await scene.rows(Hold) == []
        assert cards(scene) == []
        assert texts(modal(scene))[0] == scene.say("match_review.allowed")
        assert scene.say("match_review.no_never") in said(scene)
