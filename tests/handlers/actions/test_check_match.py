import asyncio

from bot.matching import approving_service as approving
from models import Person
from tests.handlers.actions.reviewed import cards, modal, opened
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


async def check(scene: Scene) -> None:
    """Presses the button and waits for what comes of it."""
    await scene.robin.click(modal(scene), "check_match")
    await asyncio.gather(*scene.runtime.at_work.values())


class TestListen:
    async def test_once_at_a_time_however_many_press(self, scene: Scene) -> None:
        await opened(scene)
        done = asyncio.Event()

        async def at_work() -> None:
            await done.wait()

        scene.runtime.go_on_with(f"check_match:{scene.company.workspace_id}:1", at_work())
        await scene.robin.click(modal(scene), "check_match")
        assert texts(modal(scene))[0] == scene.say("match_review.check_busy")
        assert len(scene.runtime.at_work) == 1
        done.set()

    async def test_of_a_published_match_there_is_none(self, scene: Scene) -> None:
        await opened(scene)
        async with scene.company.transaction() as session:
            await approving.approve(session, scene.runtime, scene.manager, 1, 0)
        await scene.robin.click(modal(scene), "check_match")
        assert texts(modal(scene)) == [scene.say("errors.match_no_proof")]
        await scene.robin.close()
        assert "check_match" not in str(modal(scene))

    async def test_says_above_the_pairs_what_the_proof_is_worth(self, scene: Scene) -> None:
        await opened(scene)
        await check(scene)
        verdict = scene.say("match.verdict_best")
        assert texts(modal(scene))[0] == scene.say("match_review.checked", verdict=verdict)
        assert len(cards(scene)) == 1

    async def test_of_people_who_have_changed_since(self, scene: Scene) -> None:
        await opened(scene)
        async with scene.company.transaction() as session:
            (await session.get_one(Person, scene.junior.id)).level = 9
        await check(scene)
        assert texts(modal(scene))[0] == scene.say("match_review.check_outdated")
