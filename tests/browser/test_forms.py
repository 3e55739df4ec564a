import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.scene import JUNIOR, TEAM, TOPIC, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


class TestFieldErrors:
    async def test_an_answer_that_is_missing(self, visitor: Visitor, scene: Scene) -> None:
        await scene.open_program()
        await visitor.be(JUNIOR)
        await visitor.type("/mentoring join")
        await visitor.press(visitor.label("join.submit"), visitor.form)
        topics = visitor.form.get_by_role("group", name=visitor.label("join.offered_label"))
        await expect(topics).to_have_accessible_description(re.compile("required"))
        await expect(topics.get_by_role("checkbox").first).to_be_focused()
        await visitor.picture("missing")
        await visitor.tick(visitor.label("join.offered_label"), visitor.library.topics[TOPIC])
        await visitor.agree()
        await visitor.press(visitor.label("join.submit"), visitor.form)
        await expect(visitor.form).to_be_hidden()

    async def test_an_answer_that_the_app_refuses(self, visitor: Visitor) -> None:
        label = visitor.label
        await visitor.chat(TEAM).click()
        await visitor.choose_template()
        name = visitor.form.get_by_label(label("program.name_label"))
        day = visitor.form.get_by_label(label("program.starts_on_label"))
        await name.fill("Old Eyes")
        await visitor.form.get_by_label(label("program.purpose_label")).fill("To look back")
        await day.fill("2026-01-01")
        await visitor.press(label("program.new_submit"), visitor.form)
        refused = re.compile(re.escape(label("errors.start_in_past")))
        await expect(day).to_have_accessible_description(refused)
        await expect(day).to_be_focused()
        await expect(name).to_have_value("Old Eyes")
        await visitor.picture("refused")


class TestSmallWindow:
    async def test_what_is_wrong_is_in_sight(self, visit: Visit) -> None:
        visitor = await visit(viewport={"width": 1280, "height": 620})
        label = visitor.label
        await visitor.chat(TEAM).click()
        await visitor.choose_template()
        await visitor.form.get_by_label(label("program.purpose_label")).fill("")
        await visitor.form.get_by_label(label("program.name_label")).fill("Old Eyes")
        await visitor.press(label("program.new_submit"), visitor.form)
        wrong = visitor.form.get_by_text(re.compile("is required")).first
        await expect(wrong).to_be_in_viewport(ratio=1)
        covered = await wrong.evaluate(
            "node => node.getBoundingClientRect().bottom >"
            " node.closest('form').querySelector('footer').getBoundingClientRect().top"
        )
        assert not covered
        await visitor.picture("wrong")

    async def test_only_the_fields_scroll(self, visit: Visit) -> None:
        visitor = await visit(viewport={"width": 1280, "height": 620})
        await visitor.chat(TEAM).click()
        await visitor.choose_template()
        over = "node => node.scrollHeight - node.clientHeight"
        assert await visitor.form.evaluate(over) == 0
        assert await visitor.form.locator(".modal-body").evaluate(over) > 0


class TestCancel:
    async def test_nothing_has_happened(self, visitor: Visitor, scene: Scene) -> None:
        await scene.open_program()
        await visitor.be(JUNIOR)
        await visitor.type("/mentoring join")
        await visitor.tick(visitor.label("join.offered_label"), visitor.library.topics[TOPIC])
        await visitor.press(visitor.label("join.close"), visitor.form)
        await expect(visitor.form).to_be_hidden()
        await expect(visitor.line).to_be_focused()
        await visitor.type("/mentoring status")
        await expect(visitor.message(visitor.label("status.own_none"))).to_be_visible()
