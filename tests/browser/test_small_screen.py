import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.scene import JUNIOR, TOPIC, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE = {"width": 360, "height": 740}


async def assert_nothing_is_cut(visitor: Visitor) -> None:
    wide = await visitor.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]


class TestPhone:
    async def test_joining_and_reading(self, visit: Visit, scene: Scene) -> None:
        await scene.open_program()
        visitor = await visit(viewport=PHONE, has_touch=True, is_mobile=True)
        label = visitor.label
        parts = visitor.page.get_by_role("navigation", name="Parts of the page")
        for part in ("Channels", "Developers", "People"):
            await visitor.press(part, parts)
            await assert_nothing_is_cut(visitor)
            await visitor.picture(part.lower())
        await visitor.be(JUNIOR)
        await visitor.type("/mentoring join")
        await visitor.tick(label("join.offered_label"), visitor.library.topics[TOPIC])
        await assert_nothing_is_cut(visitor)
        await visitor.picture("form")
        await visitor.press(label("join.submit"), visitor.form)
        await expect(visitor.message("You're in")).to_be_visible()
        await visitor.type("/mentoring help")
        await expect(visitor.message("What you can do here")).to_be_visible()
        await assert_nothing_is_cut(visitor)
        await visitor.picture("messages")
