import pytest
from playwright.async_api import expect

from tests.browser.scene import JUNIOR, LEADER, TEAM, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


class TestReload:
    async def test_one_is_who_one_was_and_where_one_was(
        self, visitor: Visitor, scene: Scene
    ) -> None:
        await scene.pair_up()
        await visitor.be(JUNIOR)
        await visitor.chat("mentoring-fresh-eyes").click()
        welcome = visitor.message(visitor.label("pair.introduction_heading"))
        await expect(welcome).to_be_visible()
        await visitor.page.reload()
        await expect(visitor.who).to_contain_text(JUNIOR)
        await expect(welcome).to_be_visible()

    async def test_an_open_form_is_still_open(self, visitor: Visitor) -> None:
        await visitor.chat(TEAM).click()
        await visitor.type("/mentoring program new")
        await expect(visitor.form).to_be_visible()
        await visitor.page.reload()
        await expect(visitor.form).to_contain_text(visitor.label("program.new_title"))

    async def test_back_leads_to_the_one_before(self, visitor: Visitor) -> None:
        await visitor.be(LEADER)
        await visitor.be(JUNIOR)
        await visitor.page.go_back()
        await expect(visitor.who).to_contain_text(LEADER)


class TestTwoTabs:
    """A tab that is out of sight hears nothing, and catches up when it is looked at."""

    async def test_two_people_talk(self, visitor: Visitor, scene: Scene) -> None:
        await scene.pair_up()
        other = await visitor.another_tab(scene.address)
        for tab, name in ((visitor, JUNIOR), (other, LEADER)):
            await tab.page.bring_to_front()
            await tab.be(name)
            await tab.chat("mentoring-fresh-eyes").click()
        await visitor.page.bring_to_front()
        await visitor.type("Shall we talk while we walk?")
        await other.page.bring_to_front()
        said = other.message("Shall we talk while we walk?")
        await expect(said).to_contain_text(JUNIOR)
        await other.type("That you *disagree* with me.")
        await visitor.page.bring_to_front()
        await expect(visitor.message("That you disagree with me.")).to_contain_text(LEADER)
        await expect(visitor.who).to_contain_text(JUNIOR)
        await visitor.picture("talk")

    async def test_the_clock_moves_in_both(self, visitor: Visitor, scene: Scene) -> None:
        other = await visitor.another_tab(scene.address)
        await visitor.page.bring_to_front()
        await visitor.move_on("Next day")
        await other.page.bring_to_front()
        await expect(other.clock).to_contain_text("6 Jan")
