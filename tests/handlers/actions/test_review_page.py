from bot.views.modals.match_run import ON_A_PAGE
from models import LeftOver, MatchRun, Role
from tests.handlers.actions.reviewed import cards, head, modal, opened
from tests.handlers.scene import Scene, on_one_engine

pytestmark = on_one_engine


async def leave_over(scene: Scene, count: int) -> list[str]:
    """So many more people, whose names are in the order in which they are listed."""
    [run] = await scene.rows(MatchRun)
    people = [await scene.company.person(f"Pat {number:02d}") for number in range(count)]
    reason = {"key": "nobody_there", "values": {}}
    help_ = {"key": "mentees_needed", "values": {"level": 3, "topics": ["digital-tools"]}}
    async with scene.company.transaction() as session:
        session.add_all(
            LeftOver(
                match_run_id=run.id, person_id=one.id, role=Role.MENTOR, reason=reason, help=help_
            )
            for one in people
        )
    return [one.slack_user_id or "" for one in people]


class TestListen:
    async def test_lists_what_is_chosen_and_turns_its_pages(self, scene: Scene) -> None:
        olli = await opened(scene)
        ids = [olli.slack_user_id, *await leave_over(scene, ON_A_PAGE)]
        await scene.robin.click(modal(scene), "review_page", "left_over")
        seen = [cards(scene)]
        for page in ("1", "0"):
            await scene.robin.click(modal(scene), "review_page", page)
            seen.append(cards(scene))
        every = [f"<@{slack_id}>, mentor" for slack_id in ids]
        assert seen == [every[:ON_A_PAGE], every[ON_A_PAGE:], every[:ON_A_PAGE]]

    async def test_another_choice_begins_with_its_first_page(self, scene: Scene) -> None:
        await opened(scene)
        await leave_over(scene, ON_A_PAGE)
        await scene.robin.click(modal(scene), "review_page", "left_over")
        await scene.robin.click(modal(scene), "review_page", "1")
        await scene.robin.click(modal(scene), "review_page", "best")
        [card] = cards(scene)
        assert card.startswith(head(scene.junior, scene.leader))
