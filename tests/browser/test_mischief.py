"""What the app or somebody in the company might send, and must not do any harm."""

import pytest
from playwright.async_api import expect

from sandbox.state.records import Conversation
from tests.browser.scene import CHIEF, JUNIOR, LEADER, TEAM, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


def dm(scene: Scene, name: str) -> Conversation:
    """Somebody's DM with the app, in which a test says what no strict workspace would take."""
    return scene.demo.sandbox.workspace.conversations[scene.member(name).direct()]


def app_says(scene: Scene, name: str, text: str = "", **content: object) -> None:
    workspace = scene.demo.sandbox.workspace
    workspace.post(dm(scene, name), workspace.bot.id, text, **content)


class TestMessages:
    async def test_one_that_cannot_be_drawn_hides_no_other(
        self, visitor: Visitor, scene: Scene
    ) -> None:
        app_says(scene, JUNIOR, "Before")
        app_says(scene, JUNIOR, "Broken", attachments=[{"fields": 5}])
        app_says(scene, JUNIOR, "After")
        await visitor.be(JUNIOR)
        await expect(visitor.message("Before")).to_be_visible()
        await expect(visitor.message("After")).to_be_visible()
        await expect(visitor.message("that the demo cannot show")).to_have_count(1)

    async def test_mentions_of_what_is_not_there(self, visitor: Visitor, scene: Scene) -> None:
        app_says(scene, JUNIOR, "Said <@constructor> and <#constructor> and <@toString|Tom>")
        await visitor.be(JUNIOR)
        said = visitor.message("Said @constructor and private channel and @Tom")
        await expect(said).to_be_visible()

    async def test_a_private_channel_has_its_name_for_who_is_in_it(
        self, visitor: Visitor, scene: Scene
    ) -> None:
        sandbox = scene.demo.sandbox
        ours = sandbox.add_channel("our-secret", [scene.member(LEADER).id], private=True)
        common = sandbox.add_channel("common", [scene.member(CHIEF).id])
        for name in (JUNIOR, LEADER):
            app_says(scene, name, f"See <#{ours}|our-secret> and <#{common}>")
        await visitor.be(LEADER)
        await visitor.chat("Turnabout").click()
        await expect(visitor.message("See #our-secret and #common")).to_be_visible()
        await visitor.be(JUNIOR)
        await expect(visitor.message("See private channel and #common")).to_be_visible()
        assert "our-secret" not in await visitor.page.locator(".slack").inner_text()


class TestAddresses:
    async def test_a_button_opens_only_what_is_safe(self, visitor: Visitor, scene: Scene) -> None:
        def button(number: int, url: str) -> dict[str, object]:
            text = {"type": "plain_text", "text": f"Open {number}"}
            return {"type": "button", "action_id": f"open{number}", "text": text, "url": url}

        urls = ("javascript:document.title='x'", "data:text/html,x", "https://127.0.0.1:1/x")
        buttons = [button(number, url) for number, url in enumerate(urls)]
        app_says(scene, JUNIOR, "Open", blocks=[{"type": "actions", "elements": buttons}])
        await visitor.page.evaluate(
            "() => { window.open = (url) => (window.opened ??= []).push(url); }"
        )
        await visitor.be(JUNIOR)
        for number in range(len(urls)):
            await visitor.press(f"Open {number}")
        assert await visitor.page.evaluate("window.opened") == ["https://127.0.0.1:1/x"]


class TestTabs:
    async def test_more_than_a_browser_has_connections(
        self, visitor: Visitor, scene: Scene
    ) -> None:
        """A browser opens six to one server; a tab that is out of sight holds none."""
        await visitor.chat(TEAM).click()
        await in_sight(visitor, sight=False)
        for _ in range(5):
            await in_sight(await visitor.another_tab(scene.address), sight=False)
        last = await visitor.another_tab(scene.address)
        await last.chat(TEAM).click()
        await last.type("Is anybody there?")
        await expect(last.message("Is anybody there?")).to_be_visible()
        await expect(visitor.message("Is anybody there?")).to_have_count(0)
        await in_sight(visitor, sight=True)
        await expect(visitor.message("Is anybody there?")).to_be_visible()


async def in_sight(tab: Visitor, *, sight: bool) -> None:
    """Without a window, every tab of this browser thinks that it is in front."""
    await tab.page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        not sight,
    )
