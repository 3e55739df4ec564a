import pytest

from bot.matching import approving_service as approving
from bot.views import messages
from models import Hold, HoldKind
from tests.handlers.actions.reviewed import cards, hold, keep_apart, modal, opened, proposed, said
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

    async def test_unlocks_what_the_match_could_not_keep(self, scene: Scene) -> None:
        olli = await scene.company.person("Olli Other", level=6)
        async with scene.company.transaction() as session:
            two = {"mentor_id": olli.id, "mentee_id": scene.leader.id}
            kind = HoldKind.LOCKED
            session.add(Hold(program_id=scene.program.id, kind=kind, **two))
        await scene.enrol_all()
        await scene.robin.click(await scene.proposal(), "review_match")
        await scene.robin.click(modal(scene), "review_page", "locked")
        two = messages.two(olli, scene.leader)
        assert scene.say("match_review.locked_pair", **two) in said(scene)
        await scene.robin.click(modal(scene), "hold_pair")
        assert await scene.rows(Hold) == []

    async def test_says_first_what_it_costs_to_take_a_pair_out(self, scene: Scene) -> None:
        await opened(scene)
        await hold(scene, "never")
        assert modal(scene)["callback_id"] == "never_pair"
        assert "would be without a partner" in said(scene)
        assert scene.say("match_review.never_lasts") in said(scene)
        assert len(await proposed(scene)) == 1

    async def test_takes_a_pair_out_for_good(self, scene: Scene) -> None:
        await opened(scene)
        await keep_apart(scene)
        assert cards(scene) == []
        assert scene.say("match_review.no_weakest") in said(scene)
        assert await proposed(scene) == []

    @pytest.mark.parametrize(("verb", "kept"), [("change_mentor", 1), ("change_mentee", 0)])
    async def test_asks_for_another_partner_of_one_of_the_two(
        self, scene: Scene, verb: str, kept: int
    ) -> None:
        await opened(scene)
        await hold(scene, verb)
        form = modal(scene)
        assert form["callback_id"] == "make_pair"
        chosen = [
            block["element"].get("initial_user") for block in form["blocks"] if "element" in block
        ]
        expected = [scene.jo.id, scene.lena.id]
        expected[1 - kept] = None
        assert chosen == expected

    async def test_the_message_in_the_channel_says_what_is_left(self, scene: Scene) -> None:
        await opened(scene)
        await keep_apart(scene)
        proposal = scene.robin.messages(scene.channel)[-1]
        assert scene.say("match.verdict_changed", count=1) in texts(proposal)

    async def test_of_a_run_published_meanwhile_shows_what_is_now(self, scene: Scene) -> None:
        await opened(scene)
        review = modal(scene)
        async with scene.company.transaction() as session:
            await approving.approve(session, scene.runtime, scene.manager, 1, 0)
        await hold(scene, "never")
        assert texts(modal(scene)) == [scene.say("errors.match_already_published")]
        await scene.robin.close()
        assert modal(scene)["id"] == review["id"]
        assert texts(modal(scene))[0] == scene.say("match_review.is_published")
        assert "hold_pair" not in str(modal(scene))
