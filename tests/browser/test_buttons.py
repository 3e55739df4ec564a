"""Pressing what is on its way, or not there any more."""

import pytest
from playwright.async_api import expect

from tests.browser.scene import JUNIOR, LEADER, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

GONE = "That button is gone: the message has changed."


async def at_the_nudge(visitor: Visitor, name: str) -> None:
    await visitor.be(name)
    await visitor.chat("mentoring-fresh-eyes").click()
    await expect(visitor.message(visitor.label("pair.nudge_heading"))).to_be_visible()


class TestWeMet:
    async def test_pressed_twice_in_a_row(self, visitor: Visitor, scene: Scene) -> None:
        await scene.pair_up()
        await visitor.move_on("Next week", "Next day")
        await at_the_nudge(visitor, JUNIOR)
        await visitor.page.get_by_role("button", name=visitor.label("pair.met_button")).dblclick()
        nudge = visitor.message(visitor.label("pair.nudge_heading"))
        await expect(nudge).to_contain_text(visitor.label("pair.met", count=1))
        await expect(visitor.page.locator("#problem")).to_have_text("")

    async def test_pressed_where_it_is_gone(self, visitor: Visitor, scene: Scene) -> None:
        """The partner has pressed it, and the page has not heard of it yet."""
        await scene.pair_up()
        await visitor.move_on("Next week", "Next day")
        await at_the_nudge(visitor, JUNIOR)
        leader, channel = scene.member(LEADER), visitor.page.url.rpartition("/")[2]
        nudge = next(one for one in leader.messages(channel) if "we_met" in str(one.get("blocks")))
        await visitor.page.route("**/messages?*", lambda route: route.fulfill(json={"ok": False}))
        await leader.click(nudge, "we_met")
        await visitor.press(visitor.label("pair.met_button"))
        await expect(visitor.page.locator("#problem")).to_have_text(GONE)
        await visitor.page.unroute("**/messages?*")
        await visitor.move_on("Next day")
        await expect(visitor.page.locator("#problem")).to_have_text("")


class TestNextDay:
    async def test_pressed_twice_in_a_row(self, visitor: Visitor) -> None:
        """A second request would be refused, which the browser writes down as a fault."""
        await visitor.page.get_by_role("button", name="Next day").dblclick()
        await expect(visitor.clock).to_contain_text("6 Jan")
