"""What axe-core finds on each main view, and what a screen reader is told of the page."""

import re
from collections.abc import Sequence
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from sandbox.demo.play import MANAGER
from tests.browser.conftest import Visit
from tests.browser.scene import JUNIOR, LEADER, PROGRAM, TEAM, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

THEMES: Sequence[Literal["light", "dark"]] = ("light", "dark")
LANDMARKS = """
- banner:
  - heading "Turnabout demo" [level=1]
  - group "The demo's clock"
- navigation "Be anyone"
- main:
  - navigation "Larkfield"
  - region "mentoring-team":
    - group "mentoring-team":
      - log "Messages"
- complementary "Guided tour"
- complementary "For developers"
"""


async def findings(visitor: Visitor, view: str) -> list[str]:
    """What is serious or worse in either theme, as “view, theme: rule at element”."""
    found = []
    for theme in THEMES:
        await visitor.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        await expect(visitor.page.locator("html")).to_have_attribute("data-theme", theme)
        await visitor.picture(f"{view}-{theme}")
        found += [
            f"{view}, {theme}: {each['id']} at {node['target']}: {node['failureSummary']}"
            for each in (await Axe().run(visitor.page)).response["violations"]
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]
    return found


class TestAxe:
    async def test_nothing_serious(self, visitor: Visitor, scene: Scene) -> None:
        label = visitor.label
        found = await findings(visitor, "start")
        await visitor.page.keyboard.press("Control+k")
        found += await findings(visitor, "people")
        await visitor.page.keyboard.press("Escape")

        await visitor.chat(TEAM).click()
        await visitor.choose_template()
        found += await findings(visitor, "program")
        await visitor.form.get_by_label(label("program.purpose_label")).fill("")
        await visitor.press(label("program.new_submit"), visitor.form)
        await expect(visitor.form).to_contain_text("This is required")
        found += await findings(visitor, "errors")
        await visitor.press(label("program.close"), visitor.form)

        await scene.open_program()
        for name in (LEADER, JUNIOR):
            await scene.join(name)
        # Until this is there, the scene's own form may come up before the visitor.
        announced = visitor.message(label("program.announcement_heading", program=PROGRAM))
        await expect(announced).to_be_visible()
        await visitor.type("/mentoring match")
        await visitor.press(label("match.publish_button"))
        confirm = visitor.page.get_by_role("dialog", name=label("match.publish_confirm_title"))
        await expect(confirm).to_be_visible()
        found += await findings(visitor, "sure")
        await visitor.press(label("match.publish_confirm_button"), confirm)
        await visitor.move_on("Next week", "Next week")
        await visitor.type("/mentoring status")
        await expect(visitor.message(label("status.privacy"))).to_be_visible()
        found += await findings(visitor, "status")

        await visitor.be(JUNIOR)
        await visitor.chat("mentoring-fresh-eyes").click()
        await expect(visitor.message(label("pair.nudge_heading")).first).to_be_visible()
        found += await findings(visitor, "pair")
        await visitor.line.fill("/")
        found += await findings(visitor, "commands")
        assert found == []

    async def test_nothing_serious_on_a_phone(self, visit: Visit) -> None:
        visitor = await visit(viewport={"width": 360, "height": 740})
        found = await findings(visitor, "messages")
        for part in ("Channels", "Developers", "People"):
            await visitor.press(part, visitor.page.get_by_role("navigation", name="Parts of"))
            found += await findings(visitor, part)
        assert found == []


class TestScreenReader:
    async def test_every_part_has_a_name(self, visitor: Visitor) -> None:
        await visitor.chat(TEAM).click()
        await expect(visitor.page.locator("body")).to_match_aria_snapshot(LANDMARKS)

    async def test_people_are_told_apart(self, visitor: Visitor) -> None:
        row = visitor.people.get_by_role(
            "button", name=re.compile(f"^{MANAGER}.*People and Culture")
        )
        await expect(row).to_have_attribute("aria-current", "true")

    async def test_new_messages_are_read_out(self, visitor: Visitor, scene: Scene) -> None:
        await scene.pair_up()
        await visitor.be(JUNIOR)
        await visitor.chat("mentoring-fresh-eyes").click()
        await expect(visitor.log).to_have_attribute("aria-live", "polite")
        message = visitor.message(visitor.label("pair.introduction_heading"))
        await expect(message).to_have_accessible_name(re.compile("^Turnabout, "))
