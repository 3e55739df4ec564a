from tests.handlers.actions.reviewed import cards, head, modal, opened, said
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_shows_the_pairs_with_what_speaks_for_them(self, scene: Scene) -> None:
        await opened(scene)
        [card] = cards(scene)
        assert card.startswith(head(scene.junior, scene.leader))
        assert f"<@{scene.jo.id}> offers Digital tools" in said(scene)

    async def test_a_manager_who_could_be_in_it_reads_no_names(self, scene: Scene) -> None:
        await scene.enrol_all()
        proposal = await scene.proposal()
        press = scene.press(scene.lena.id, proposal, "review_match")
        await scene.sandbox.send("interaction", press)
        assert scene.lena.modal is None

    async def test_of_a_proposal_that_was_replaced_shows_the_newer_one(self, scene: Scene) -> None:
        await scene.enrol_all()
        late = scene.press(scene.robin.id, await scene.proposal(), "review_match")
        await scene.proposal()
        late["trigger_id"] = scene.sandbox.views.new_trigger(scene.robin.id)
        await scene.sandbox.send("interaction", late)
        assert texts(modal(scene))[0] == scene.say("match_review.is_newer")
        assert len(cards(scene)) == 1
