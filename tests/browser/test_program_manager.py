import pytest
from playwright.async_api import expect

from sandbox.demo.play import MANAGER
from tests.browser.scene import JUNIOR, LEADER, PROGRAM, TEAM, TOPIC, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


class TestProgramManager:
    async def test_from_an_empty_workspace_to_the_figures(
        self, visitor: Visitor, scene: Scene
    ) -> None:
        label = visitor.label
        await expect(visitor.who).to_contain_text(MANAGER)
        await visitor.chat(TEAM).click()
        await visitor.type("/mentoring program new")
        await visitor.form.get_by_label(label("program.name_label")).fill(PROGRAM)
        await visitor.form.get_by_label(label("program.purpose_label")).fill("To see anew")
        await visitor.tick(label("program.topics_label"), visitor.library.topics[TOPIC])
        await visitor.picture("form")
        await visitor.press(label("program.submit"), visitor.form)
        heading = label("program.announcement_heading", program=PROGRAM)
        await expect(visitor.message(heading)).to_be_visible()
        await visitor.picture("announced")

        for name in (LEADER, JUNIOR):
            await scene.join(name)
        await visitor.type("/mentoring match")
        proposal = visitor.message(label("match.not_published"))
        await expect(proposal).to_contain_text(JUNIOR)
        await visitor.picture("proposal")
        await visitor.press(label("match.publish_button"), proposal)
        confirm = visitor.page.get_by_role("dialog", name=label("match.publish_confirm_title"))
        await visitor.picture("sure")
        await visitor.press(label("match.publish_confirm_button"), confirm)
        await expect(confirm).to_be_hidden()
        published = label("match.published", count=1, publisher=f"@{MANAGER}")
        await expect(visitor.message(published)).to_be_visible()

        await visitor.move_on("Next week", "Next week", "Next week", "Next day")
        await visitor.type("/mentoring status")
        status = visitor.message(label("status.heading", program=PROGRAM, week=2, weeks=12))
        await expect(status).to_contain_text(label("status.pairs", active=1, paused=0, completed=0))
        await visitor.picture("status")
