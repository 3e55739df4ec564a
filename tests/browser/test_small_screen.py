import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.scene import JUNIOR, LEADER, TEAM, TOPIC, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE = {"width": 360, "height": 740}
SMALL_PHONE = {"width": 360, "height": 640}
ZOOMED = {"width": 640, "height": 400}
"""What 200 % leaves of a window of 1280 to 800."""
ROOM_TO_READ = 200


async def assert_nothing_is_cut(visitor: Visitor) -> None:
    wide = await visitor.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]


async def height_of(visitor: Visitor, part: str) -> int:
    height: int = await visitor.page.locator(part).evaluate("node => node.clientHeight")
    return height


class TestZoomedIn:
    async def test_everything_is_within_reach(self, visit: Visit, scene: Scene) -> None:
        await scene.open_program()
        visitor = await visit(viewport=ZOOMED)
        await visitor.picture("top")
        assert await height_of(visitor, "#log") >= 0.45 * ZOOMED["height"]
        await visitor.line.scroll_into_view_if_needed()
        await expect(visitor.line).to_be_in_viewport(ratio=1)
        await visitor.type("/mentoring help")
        await expect(visitor.message("What you can do here")).to_be_visible()
        await visitor.picture("line")
        part = visitor.page.get_by_role("button", name="People", exact=True)
        await part.scroll_into_view_if_needed()
        await expect(part).to_be_in_viewport(ratio=0.9)


class TestTour:
    async def test_it_leaves_room_on_a_phone(self, visit: Visit, scene: Scene) -> None:
        await scene.open_program()
        for name in (LEADER, JUNIOR):
            await scene.join(name)
        visitor = await visit(viewport=SMALL_PHONE, has_touch=True, is_mobile=True)
        label, tour = visitor.label, visitor.page.get_by_role("complementary", name="Guided tour")
        parts = visitor.page.get_by_role("navigation", name="Parts of the page")
        await visitor.press("Channels", parts)
        await visitor.chat(TEAM).click()
        await visitor.type("/mentoring match")
        await expect(tour).to_contain_text("Publish them")
        await visitor.picture("read")
        publish = visitor.page.get_by_role("button", name=label("match.publish_button"))
        await publish.tap()
        await visitor.press(label("match.publish_confirm_button"))
        await expect(tour).to_contain_text("A week goes by")
        await visitor.page.locator("#log").tap()
        assert await height_of(visitor, "#log") >= ROOM_TO_READ
        await visitor.picture("folded")
        await visitor.press("Read this step", tour)
        await expect(tour).to_contain_text("Press Next week once more")

    async def test_the_commands_have_room(self, visit: Visit) -> None:
        visitor = await visit(viewport=SMALL_PHONE, has_touch=True, is_mobile=True)
        await visitor.line.fill("/")
        first = visitor.page.get_by_role("option").first
        await expect(first).to_be_in_viewport(ratio=1)
        await visitor.picture("commands")


class TestPhone:
    async def test_the_developers_part_is_no_longer_than_the_screen(
        self, visit: Visit, scene: Scene
    ) -> None:
        await scene.pair_up()
        visitor = await visit(viewport=PHONE, has_touch=True, is_mobile=True)
        parts = visitor.page.get_by_role("navigation", name="Parts of the page")
        await visitor.press("Developers", parts)
        entries = visitor.page.get_by_role("complementary", name="For developers")
        await expect(entries.get_by_role("listitem").last).to_be_attached()
        assert await height_of(visitor, "html") <= PHONE["height"]
        assert await visitor.page.evaluate("document.body.scrollHeight") <= PHONE["height"]

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
        await visitor.agree()
        await assert_nothing_is_cut(visitor)
        await visitor.picture("form")
        await visitor.press(label("join.submit"), visitor.form)
        await expect(visitor.message("You're in")).to_be_visible()
        await visitor.type("/mentoring help")
        await expect(visitor.message("What you can do here")).to_be_visible()
        await assert_nothing_is_cut(visitor)
        await visitor.picture("messages")
