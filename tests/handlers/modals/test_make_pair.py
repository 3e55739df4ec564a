from bot.matching import approving_service as approving
from models import Decision, DecisionKind, Hold, HoldKind
from tests.handlers.actions.reviewed import cards, hold, modal, opened, proposed, said
from tests.handlers.scene import Scene, on_one_engine, texts

pytestmark = on_one_engine


class TestListen:
    async def test_says_the_cost_and_makes_the_pair_when_it_is_read(self, scene: Scene) -> None:
        olli = await opened(scene)
        await hold(scene, "change_mentor")
        assert (await scene.robin.submit({"mentor": olli.slack_user_id})).errors == {}
        form = modal(scene)
        assert form["submit"]["text"] == scene.label("match_review.make_submit")
        assert "All pairs together lose about" in said(scene)
        assert f"<@{scene.jo.id}> would be without a partner" in said(scene)
        assert await proposed(scene) == [(scene.junior.id, scene.leader.id)]
        assert (await scene.robin.submit()).errors == {}
        assert await proposed(scene) == [(olli.id, scene.leader.id)]
        assert modal(scene)["callback_id"] == "match_run"
        [card] = cards(scene)
        assert card.startswith(f"<@{olli.slack_user_id}> with <@{scene.lena.id}>")

    async def test_others_chosen_then_are_counted_anew(self, scene: Scene) -> None:
        olli = await opened(scene)
        third = await scene.company.person("Toni Third", level=2)
        await scene.company.enrol(scene.program, third)
        await scene.robin.click(modal(scene), "make_pair")
        await scene.robin.submit({"mentor": olli.slack_user_id, "mentee": scene.lena.id})
        await scene.robin.submit({"mentor": third.slack_user_id})
        assert f"<@{third.slack_user_id}> with <@{scene.lena.id}> would be" in said(scene)
        assert await scene.rows(Hold) == []

    async def test_a_refusal_stands_beside_the_field(self, scene: Scene) -> None:
        await opened(scene)
        await hold(scene, "change_mentor")
        again = await scene.robin.submit({"mentor": scene.jo.id})
        assert again.errors == {"mentee": scene.label("errors.pair_there_already")}
        unknown = await scene.robin.submit({"mentor": scene.robin.id})
        assert unknown.errors == {"mentor": scene.label("errors.pair_your_own")}
        bot = await scene.robin.submit({"mentor": scene.sandbox.workspace.bot.id})
        assert bot.errors == {"mentor": scene.label("errors.pair_not_in_match")}

    async def test_a_pair_that_must_not_be_is_written_down(self, scene: Scene) -> None:
        olli = await opened(scene)
        async with scene.company.transaction() as session:
            two = {"mentor_id": olli.id, "mentee_id": scene.leader.id}
            kind = HoldKind.FORBIDDEN
            session.add(Hold(program_id=scene.program.id, kind=kind, **two))
        await hold(scene, "change_mentor")
        answer = await scene.robin.submit({"mentor": olli.slack_user_id})
        assert answer.errors == {"mentee": scene.label("errors.pair_kept_apart")}
        last = (await scene.rows(Decision))[-1]
        assert (last.kind, last.mentor_id) == (DecisionKind.TRIED, olli.id)

    async def test_of_a_run_published_meanwhile_the_review_shows_it(self, scene: Scene) -> None:
        olli = await opened(scene)
        await hold(scene, "change_mentor")
        async with scene.company.transaction() as session:
            await approving.approve(session, scene.runtime, scene.manager, 1, 0)
        await scene.robin.submit({"mentor": olli.slack_user_id})
        assert texts(modal(scene)) == [scene.say("errors.match_already_published")]
        for _ in range(2):
            await scene.robin.close()
        assert texts(modal(scene))[0] == scene.say("match_review.is_published")
