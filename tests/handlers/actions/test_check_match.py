from models import Person
from tests.handlers.actions.reviewed import cards, modal, opened
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_says_above_the_pairs_what_the_proof_is_worth(self, scene: Scene) -> None:
        await opened(scene)
        await scene.robin.click(modal(scene), "check_match")
        verdict = scene.say("match.verdict_best")
        assert texts(modal(scene))[0] == scene.say("match_review.checked", verdict=verdict)
        assert len(cards(scene)) == 1

    async def test_of_people_who_have_changed_since(self, scene: Scene) -> None:
        await opened(scene)
        async with scene.company.transaction() as session:
            (await session.get_one(Person, scene.junior.id)).level = 9
        await scene.robin.click(modal(scene), "check_match")
        assert texts(modal(scene))[0] == scene.say("match_review.check_outdated")
