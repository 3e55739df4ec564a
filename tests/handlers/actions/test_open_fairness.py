from tests.handlers.actions.reviewed import modal, opened, said
from tests.handlers.scene import Scene, on_one_engine

pytestmark = on_one_engine


class TestListen:
    async def test_tells_nothing_of_a_few_people(self, scene: Scene) -> None:
        await opened(scene)
        await scene.robin.click(modal(scene), "open_fairness")
        assert modal(scene)["callback_id"] == "match_fairness"
        assert scene.say("match_review.groups_too_small") in said(scene)
