"""The app's Home, beside its messages."""

import pytest
from playwright.async_api import expect

from tests.browser.scene import JUNIOR
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


class TestHome:
    async def test_is_made_when_it_is_looked_at_and_its_buttons_open_forms(
        self, visitor: Visitor
    ) -> None:
        await visitor.be(JUNIOR)
        await visitor.chat("Turnabout").click()
        await visitor.page.get_by_role("tab", name="Home").click()
        home = visitor.page.get_by_role("group", name="Home tab")
        await expect(home).to_contain_text(visitor.label("home.now_heading"))
        await expect(home).to_contain_text(visitor.label("home.nothing_now"))
        await visitor.picture("home")
        await visitor.press(visitor.label("home.profile_button"), home)
        await expect(visitor.form).to_be_visible()
