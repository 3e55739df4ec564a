from datetime import timedelta

from sqlalchemy import delete

from bot.views.modals.queue import ON_A_PAGE
from models import ProgramManager
from tests.applications import apply
from tests.handlers.scene import Json, Scene, on_one_engine, texts

pytestmark = on_one_engine


async def fill(scene: Scene, count: int) -> list[str]:
    """So many applications, the oldest first; returns who has sent them."""
    ids = []
    for number in range(count):
        person = await scene.company.person(level=1)
        at = scene.runtime.clock() - timedelta(hours=count - number)
        await apply(scene.company, scene.program, person, joined_at=at)
        ids.append(person.slack_user_id or "")
    return ids


def shown(view: Json | None) -> list[str]:
    """Who is on the page."""
    assert view is not None
    cards = [said for said in texts(view) if said.startswith("<@")]
    return [card.partition(">")[0].removeprefix("<@") for card in cards]


class TestListen:
    async def test_turns_the_pages_and_begins_again(self, scene: Scene) -> None:
        ids = await fill(scene, 2 * ON_A_PAGE + 1)
        await scene.command(scene.robin, "queue")
        seen = []
        for _ in range(4):
            seen.append(shown(scene.robin.modal))
            assert scene.robin.modal is not None
            await scene.robin.click(scene.robin.modal, "queue_page")
        pages = [ids[:ON_A_PAGE], ids[ON_A_PAGE : 2 * ON_A_PAGE], ids[2 * ON_A_PAGE :]]
        assert seen == [*pages, pages[0]]

    async def test_a_decision_stays_on_its_page(self, scene: Scene) -> None:
        ids = await fill(scene, ON_A_PAGE + 2)
        await scene.command(scene.robin, "queue")
        assert scene.robin.modal is not None
        await scene.robin.click(scene.robin.modal, "queue_page")
        await scene.robin.click(scene.robin.modal, "decline", block_id=_buttons(scene.robin.modal))
        assert shown(scene.robin.modal) == ids[ON_A_PAGE + 1 :]

    async def test_the_last_of_a_page_leads_to_the_page_before(self, scene: Scene) -> None:
        ids = await fill(scene, ON_A_PAGE + 1)
        await scene.command(scene.robin, "queue")
        assert scene.robin.modal is not None
        await scene.robin.click(scene.robin.modal, "queue_page")
        await scene.robin.click(scene.robin.modal, "decline")
        assert shown(scene.robin.modal) == ids[:ON_A_PAGE]

    async def test_a_program_that_one_manages_no_more(self, scene: Scene) -> None:
        await fill(scene, ON_A_PAGE + 1)
        await scene.command(scene.robin, "queue", scene.channel)
        assert scene.robin.modal is not None
        queue = scene.robin.modal
        async with scene.company.transaction() as session:
            await session.execute(delete(ProgramManager))
        await scene.robin.click(queue, "queue_page")
        assert scene.robin.modal is not None
        assert texts(scene.robin.modal) == [scene.say("errors.not_allowed")]


def _buttons(view: Json) -> str:
    """The block with the first application's buttons."""
    return next(str(block["block_id"]) for block in view["blocks"] if block["type"] == "actions")
