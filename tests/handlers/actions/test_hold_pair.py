from bot.matching import service as matching
from models import Hold, HoldKind
from tests.handlers.actions.reviewed import cards, hold, modal, opened, proposed, said
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_locks_and_unlocks(self, scene: Scene) -> None:
        await opened(scene)
        await hold(scene, "lock")
        assert [one.kind for one in await scene.rows(Hold)] == [HoldKind.LOCKED]
        assert scene.say("match_review.is_locked") in said(scene)
        await hold(scene, "unlock")
        assert await scene.rows(Hold) == []
        assert scene.say("match_review.is_locked") not in said(scene)

    async def test_takes_a_pair_out_for_good(self, scene: Scene) -> None:
        await opened(scene)
        await hold(scene, "never")
        assert cards(scene) == []
        assert scene.say("match_review.no_weakest") in said(scene)
        assert await proposed(scene) == []

    async def test_changes_a_partner_in_a_form_that_knows_the_two(self, scene: Scene) -> None:
        await opened(scene)
        await hold(scene, "change")
        form = modal(scene)
        assert form["callback_id"] == "make_pair"
        chosen = [
            block["element"].get("initial_user") for block in form["blocks"] if "element" in block
        ]
        assert chosen == [scene.jo.id, scene.lena.id]

    async def test_of_a_run_published_meanwhile_shows_what_is_now(self, scene: Scene) -> None:
        await opened(scene)
        review = modal(scene)
        async with scene.company.transaction() as session:
            await matching.approve(session, scene.runtime, scene.manager, 1)
        await hold(scene, "never")
        assert texts(modal(scene)) == [scene.say("errors.match_already_published")]
        await scene.robin.close()
        assert modal(scene)["id"] == review["id"]
        assert texts(modal(scene))[0] == scene.say("match_review.is_published")
        assert "hold_pair" not in str(modal(scene))
