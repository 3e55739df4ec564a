from collections.abc import Sequence

import pytest
from playwright.async_api import Locator, expect

from sandbox.demo.company import Employee
from sandbox.demo.play import employees_of
from tests.browser.scene import Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def employees() -> Sequence[Employee]:
    """The company that a visitor finds."""
    return employees_of(None, 1)


class Tour:
    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    @property
    def card(self) -> Locator:
        return self._visitor.page.get_by_role("complementary", name="Guided tour")

    async def at(self, title: str) -> None:
        await expect(self.card.get_by_role("heading", name=title)).to_be_visible()

    async def lend(self, button: str) -> None:
        await self._visitor.press(button, self.card)

    async def typed(self) -> None:
        """The tour has typed a line, and the visitor sends it."""
        await self.lend("Type it for me")
        await expect(self._visitor.line).not_to_have_value("")
        await self._visitor.line.press("Enter")


class TestTour:
    async def test_from_start_to_end(self, visitor: Visitor, scene: Scene) -> None:
        scene.demo.acting = True
        tour, label = Tour(visitor), visitor.label
        await tour.at("Junior colleagues mentor senior leaders")
        await tour.lend("Let's begin")

        await tour.at("Open a program")
        await tour.typed()
        await tour.at("Say what it is for")
        await tour.lend("Fill it in for me")
        await visitor.press(label("program.submit"), visitor.form)

        await tour.at("Now be a junior")
        await tour.lend("Be a junior")
        await tour.at("Join as a mentor")
        await tour.typed()
        await tour.lend("Tick the topics")
        await visitor.press(label("join.submit"), visitor.form)
        await tour.at("Let the others join")
        await visitor.move_on("Next week")

        await tour.at("Ask for pairs")
        await tour.typed()
        await tour.at("Publish them")
        await visitor.picture("publish")
        await visitor.press(label("match.publish_button"))
        confirm = visitor.page.get_by_role("dialog", name=label("match.publish_confirm_title"))
        await visitor.press(label("match.publish_confirm_button"), confirm)
        await tour.at("A week goes by")
        await visitor.move_on("Next week", "Next day")

        await tour.at("Your pair's private channel")
        await tour.lend("Take me there")
        await tour.at("Say that you met")
        await visitor.picture("met")
        await visitor.page.get_by_role("button", name=label("pair.met_button")).last.click()
        await tour.at("Another week")
        await visitor.move_on("Next week")

        await tour.at("Sit on the other side")
        await tour.lend("Be the leader")
        await tour.at("Set a goal")
        await tour.typed()
        await tour.lend("Fill it in for me")
        await visitor.press(label("goals.submit"), visitor.form)
        await tour.at("A quiet word")
        await tour.lend("Open them")
        await tour.at("See how it goes")
        await tour.typed()
        await expect(tour.card).to_contain_text("That is the tour")
        await visitor.picture("end")

    async def test_it_can_be_left_and_taken_up_again(self, visitor: Visitor) -> None:
        tour = Tour(visitor)
        await tour.lend("Let's begin")
        await tour.at("Open a program")
        await tour.lend("Leave the tour")
        await expect(tour.card).to_be_hidden()
        await visitor.page.reload()
        await visitor.has_come()
        await expect(tour.card).to_be_hidden()
        await visitor.press("Tour")
        await tour.at("Open a program")
