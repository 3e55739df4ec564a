import pytest
from playwright.async_api import expect

from tests.browser.scene import TEAM
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


class TestDetails:
    async def test_what_was_sent_and_what_was_answered(self, visitor: Visitor) -> None:
        await visitor.chat(TEAM).click()
        await visitor.type("/mentoring program new")
        await expect(visitor.form).to_be_visible()
        await visitor.press("Cancel", visitor.form)
        strip = visitor.page.get_by_role("complementary", name="For developers")
        for entry, sent, answered in (
            ("/mentoring program new", '"user_id"', "{}"),
            ("views.open", '"callback_id": "template"', '"ok": true'),
        ):
            item = strip.get_by_role("listitem").filter(has_text=entry)
            await item.locator("summary").click()
            await expect(item.get_by_role("group", name="Sent")).to_contain_text(sent)
            await expect(item.get_by_role("group", name="Answered")).to_contain_text(answered)
        await visitor.picture("details")
