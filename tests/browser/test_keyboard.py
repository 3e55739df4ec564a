import pytest
from playwright.async_api import expect

from tests.browser.scene import JUNIOR, PROGRAM, TOPIC, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


class TestKeyboard:
    async def test_joining_without_a_mouse(self, visitor: Visitor, scene: Scene) -> None:
        await scene.open_program()
        keyboard, label = visitor.page.keyboard, visitor.label
        topic = visitor.library.topics[TOPIC]
        # Until this is there, the scene's own forms may come up before the visitor.
        announced = visitor.message(label("program.announcement_heading", program=PROGRAM))
        await expect(announced).to_be_visible()
        await expect(visitor.form).to_be_hidden()

        await keyboard.press("Control+k")
        await keyboard.type(JUNIOR)
        await keyboard.press("Enter")
        await expect(visitor.who).to_contain_text(JUNIOR)
        await visitor.reach(visitor.line)
        await keyboard.type("/mentoring join")
        await keyboard.press("Enter")
        await expect(visitor.form).to_be_visible()
        await keyboard.press("Escape")
        await expect(visitor.form).to_be_hidden()
        await expect(visitor.line).to_be_focused()

        await keyboard.type("/mentoring join")
        await keyboard.press("Enter")
        await visitor.reach(visitor.form.get_by_label(topic).first)
        await keyboard.press("Space")
        await visitor.reach(visitor.form.get_by_label(label("join.ground_rules_option")))
        await keyboard.press("Space")
        await visitor.reach(visitor.form.get_by_role("button", name=label("join.submit")))
        await visitor.picture("focus")
        await keyboard.press("Enter")
        confirmed = label("join.confirmed_mentor", program=PROGRAM, topics=topic)
        await expect(visitor.message(confirmed)).to_be_visible()

    async def test_a_form_keeps_the_focus(self, visitor: Visitor, scene: Scene) -> None:
        await scene.open_program()
        await visitor.be(JUNIOR)
        await visitor.type("/mentoring join")
        await expect(visitor.form).to_be_visible()
        for _ in range(20):
            await visitor.page.keyboard.press("Tab")
            behind = visitor.page.locator("main :focus, header.top :focus, nav :focus")
            await expect(behind).to_have_count(0)

    async def test_the_first_stop_leads_to_the_line(self, visitor: Visitor) -> None:
        await visitor.page.keyboard.press("Tab")
        skip = visitor.page.get_by_role("link", name="Skip to")
        await expect(skip).to_be_focused()
        await expect(skip).to_be_in_viewport()
        await visitor.page.keyboard.press("Enter")
        await expect(visitor.line).to_be_focused()

    async def test_whoever_one_becomes_can_type_at_once(self, visitor: Visitor) -> None:
        await visitor.be(JUNIOR)
        await expect(visitor.line).to_be_focused()
        said = visitor.page.get_by_role("status").filter(has_text=f"You are {JUNIOR}. Turnabout.")
        await expect(said).to_be_attached()

    async def test_arrows_walk_through_the_people(self, visitor: Visitor) -> None:
        first = visitor.people.get_by_role("button").first
        await first.focus()
        await visitor.page.keyboard.press("ArrowDown")
        await expect(first).not_to_be_focused()
        await expect(visitor.people.locator("button:focus")).to_have_count(1)
