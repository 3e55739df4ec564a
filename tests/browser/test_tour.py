from collections.abc import Sequence

import pytest
from playwright.async_api import Locator, expect

from sandbox.demo.company import Employee, made_up
from sandbox.demo.play import MANAGER, employees_of
from tests.browser.scene import TEAM, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


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

    async def open_program(self) -> None:
        """From the first step to the launch."""
        await self.lend("Let's begin")
        await self.typed()
        await self.launch()

    async def launch(self) -> None:
        """From the choice of a template on."""
        visitor, label = self._visitor, self._visitor.label
        await self.at("Choose where to start")
        await visitor.press(label("program.template_submit"), visitor.form)
        await self.at("Say what it is for")
        await self.lend("Fill it in for me")
        await visitor.press(label("program.new_submit"), visitor.form)
        await self.at("Launch it")
        await visitor.press(label("program.launch_submit"), visitor.form)


class TestTour:
    @pytest.fixture
    def employees(self) -> Sequence[Employee]:
        """The company that a visitor finds."""
        return employees_of(None, 1)

    async def test_from_start_to_end(self, visitor: Visitor, scene: Scene) -> None:
        scene.demo.acting = True
        tour, label = Tour(visitor), visitor.label
        await tour.at("Junior colleagues mentor senior leaders")
        await tour.lend("Let's begin")

        await tour.at("Open a program")
        await tour.typed()
        await tour.launch()

        await tour.at("Now be a junior")
        await tour.lend("Be a junior")
        await tour.at("Join as a mentor")
        await tour.typed()
        await tour.lend("Tick what is needed")
        await visitor.press(label("join.submit"), visitor.form)
        await tour.at("A short lesson")
        await visitor.press(label("lesson.begin_button"))
        await visitor.press(label("lesson.next_submit"), visitor.form)
        await visitor.press(label("lesson.close"), visitor.form)
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


class TestOffTheRoad:
    async def people(self, visitor: Visitor, scene: Scene) -> list[dict[str, str]]:
        """The program manager first, the juniors last."""
        answer = await visitor.page.request.get(f"{scene.address}/demo/workspace")
        people: list[dict[str, str]] = (await answer.json())["people"]
        return people

    async def test_who_strayed_first_is_not_stuck(self, visitor: Visitor, scene: Scene) -> None:
        people = [one["name"] for one in await self.people(visitor, scene)]
        leader, junior = people[1], people[-1]
        tour = Tour(visitor)
        await visitor.be(junior)
        await visitor.be(leader)
        await visitor.be(MANAGER)
        await visitor.chat(TEAM).click()
        await tour.open_program()
        await tour.at("Now be a junior")
        await tour.lend("Be a junior")
        await tour.at("Join as a mentor")
        await visitor.be(leader)
        await tour.typed()
        await expect(visitor.who).to_contain_text(junior)
        await tour.lend("Tick what is needed")
        await visitor.press(visitor.label("join.submit"), visitor.form)
        await tour.at("A short lesson")

    async def test_it_lets_one_stay_who_one_is(self, visitor: Visitor, scene: Scene) -> None:
        another = (await self.people(visitor, scene))[-2]["name"]
        tour = Tour(visitor)
        await tour.open_program()
        await visitor.be(another)
        await tour.typed()
        await expect(visitor.form).to_be_visible()
        await expect(visitor.who).to_contain_text(another)

    async def test_a_form_that_was_cancelled_is_opened_again(self, visitor: Visitor) -> None:
        tour = Tour(visitor)
        await tour.lend("Let's begin")
        await tour.typed()
        await tour.at("Choose where to start")
        await visitor.press("Cancel", visitor.form)
        await expect(visitor.form).to_be_hidden()
        await tour.typed()
        await expect(visitor.form).to_be_visible()

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


class TestRunningProgram:
    @pytest.fixture
    def employees(self) -> Sequence[Employee]:
        """Enough for a pair or two."""
        return made_up(40, 1)

    async def test_is_taken_up_where_a_program_runs(self, visitor: Visitor, scene: Scene) -> None:
        scene.demo.acting = True
        await scene.open_program()
        await visitor.chat(TEAM).click()
        tour = Tour(visitor)
        await tour.at("Now be a junior")
        await visitor.move_on("Next week")
        await scene.match()
        await visitor.move_on("Next day")
        tab = await visitor.another_tab(scene.address)
        await tab.chat(TEAM).click()
        await Tour(tab).at("A week goes by")
