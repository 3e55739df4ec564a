import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def brightness(visitor: Visitor) -> int:
    """Of the page's background, from 0 to 765."""
    return int(
        await visitor.page.evaluate(
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)"
            ".reduce((sum, part) => sum + Number(part), 0)"
        )
    )


class TestTheme:
    @pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
    async def test_is_what_the_system_says(self, scheme: str, is_dark: bool, visit: Visit) -> None:
        visitor = await visit(color_scheme=scheme)
        assert (await brightness(visitor) < 300) is is_dark
        await visitor.picture(scheme)

    async def test_is_what_was_chosen_here_last(self, visitor: Visitor) -> None:
        switch = visitor.page.get_by_role("button", name="Dark theme")
        await switch.click()
        await visitor.page.reload()
        await expect(switch).to_have_attribute("aria-pressed", "true")
        assert await brightness(visitor) < 300
