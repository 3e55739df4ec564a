import re

import pytest
from playwright.async_api import expect

from models import Role
from sandbox.demo.play import MANAGER
from tests.browser.scene import JUNIOR, LEADER, PROGRAM, TEAM, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


class TestProgramManager:
    async def test_from_an_empty_workspace_to_the_figures(
        self, visitor: Visitor, scene: Scene
    ) -> None:
        label = visitor.label
        await expect(visitor.who).to_contain_text(MANAGER)
        await visitor.chat(TEAM).click()
        await visitor.choose_template()
        await visitor.form.get_by_label(label("program.name_label")).fill(PROGRAM)
        await visitor.form.get_by_label(label("program.purpose_label")).fill("To see anew")
        await visitor.picture("form")
        await visitor.press(label("program.new_submit"), visitor.form)
        await visitor.press(label("program.launch_submit"), visitor.form)
        heading = label("program.announcement_heading", program=PROGRAM)
        await expect(visitor.message(heading)).to_be_visible()
        await visitor.picture("announced")

        for name in (LEADER, JUNIOR):
            await scene.join(name)
        await visitor.type("/mentoring match")
        proposal = visitor.message(label("match.not_published"))
        await visitor.picture("proposal")
        await expect(proposal).not_to_contain_text(JUNIOR)
        await visitor.press(label("match.review_button"), proposal)
        await expect(visitor.form).to_contain_text(JUNIOR)
        await visitor.picture("review")
        await visitor.page.keyboard.press("Escape")
        await expect(visitor.form).to_be_hidden()
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
        pairs = label("status.pairs", active=1, paused=0, completed=0, ended=0)
        await expect(status).to_contain_text(pairs)
        await visitor.picture("status")


class TestLaunch:
    async def test_of_a_program_with_applications_and_a_lesson(
        self, visitor: Visitor, scene: Scene
    ) -> None:
        label, library = visitor.label, visitor.library
        await visitor.chat(TEAM).click()
        await visitor.type("/mentoring program new")
        inclusion = library.templates["inclusion"]
        await visitor.form.get_by_label(inclusion.name).check()
        await visitor.picture("template")
        await visitor.press(label("program.template_submit"), visitor.form)
        purpose = visitor.form.get_by_label(label("program.purpose_label"))
        await expect(purpose).to_have_value(inclusion.purpose)
        vetted = visitor.form.get_by_role("group", name=label("program.vetted_label"))
        await expect(vetted.get_by_role("checkbox")).to_be_checked()
        name = visitor.form.get_by_label(label("program.name_label"))
        await name.fill(PROGRAM)
        await visitor.press(label("program.new_submit"), visitor.form)
        await expect(visitor.form).to_contain_text("is saved as a draft")
        await visitor.picture("launch")
        await visitor.press(label("program.launch_submit"), visitor.form)
        heading = label("program.announcement_heading", program=PROGRAM)
        await expect(visitor.message(heading)).to_be_visible()

        await visitor.be(JUNIOR)
        await visitor.type("/mentoring join")
        await visitor.tick(label("join.offered_label"), library.topics["inclusion"])
        await visitor.agree()
        await visitor.press(label("join.submit"), visitor.form)
        yes = visitor.form.get_by_role("group", name=label("join.identity_label"))
        await expect(yes).to_have_accessible_description(re.compile("say yes to it here"))
        await visitor.picture("consent")
        await visitor.tick(label("join.identity_label"), library.topics["inclusion"])
        await visitor.press(label("join.submit"), visitor.form)
        applied = label("join.applied", program=PROGRAM, role=label("words.mentor"))
        await expect(visitor.message(applied)).to_be_visible()

        await visitor.be(MANAGER)
        await visitor.chat(TEAM).click()
        await visitor.type("/mentoring queue")
        await expect(visitor.form).to_contain_text(JUNIOR)
        await visitor.picture("queue")
        await visitor.press(label("vetting.approve_button"), visitor.form)
        await expect(visitor.form).not_to_contain_text(JUNIOR)
        await visitor.picture("approved")
        await visitor.page.keyboard.press("Escape")
        await expect(visitor.form).to_be_hidden()

        await self.read_lesson(visitor)

    async def read_lesson(self, visitor: Visitor) -> None:
        label, library = visitor.label, visitor.library
        await visitor.be(JUNIOR)
        await visitor.press(label("lesson.begin_button"))
        cards = library.lessons[Role.MENTOR]
        for card in cards[:-1]:
            await expect(visitor.form).to_contain_text(card.heading)
            await visitor.press(label("lesson.next_submit"), visitor.form)
        await expect(visitor.form).to_contain_text(cards[-1].heading)
        await visitor.picture("lesson")
        await visitor.press(label("lesson.done_submit"), visitor.form)
        await expect(visitor.form).to_contain_text("Thank you")
        await visitor.picture("done")
