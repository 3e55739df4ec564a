import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.scene import JUNIOR, LEADER, TEAM, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

OTHER = "Ann New"
"""Fits the leader as well as the junior does; one of them is left over."""


def card(visitor: Visitor, name: str) -> Locator:
    """Of a proposed pair, with the menu beside it."""
    sections = visitor.form.locator("section, .section, .block").filter(has_text=name)
    return sections.filter(has=visitor.page.get_by_role("button", name="More choices")).last


async def hold(visitor: Visitor, name: str, choice: str) -> None:
    await card(visitor, name).get_by_role("button", name="More choices").click()
    await visitor.page.get_by_role("menuitem", name=visitor.label(choice)).click()


class TestReview:
    async def test_a_match_decided_by_hand(self, visitor: Visitor, scene: Scene) -> None:
        label, form = visitor.label, visitor.form
        await scene.open_program()
        for name in (LEADER, JUNIOR, OTHER):
            await scene.join(name)
        await visitor.chat(TEAM).click()
        await visitor.type("/mentoring match")
        await visitor.press(label("match.review_button"))
        await expect(form).to_contain_text(f"with @{LEADER}")
        await visitor.picture("review")
        taken, free = (JUNIOR, OTHER)
        if OTHER in await form.inner_text():
            taken, free = (OTHER, JUNIOR)

        await hold(visitor, LEADER, "match_review.lock_option")
        await expect(form).to_contain_text(label("match_review.is_locked"))
        await hold(visitor, LEADER, "match_review.unlock_option")
        await expect(form).not_to_contain_text(label("match_review.is_locked"))

        await hold(visitor, LEADER, "match_review.change_mentor_option")
        mentor = form.get_by_role("combobox", name=label("match_review.mentor_label"))
        await mentor.fill(free)
        await visitor.page.get_by_role("option", name=re.compile(free)).click()
        await visitor.press(label("match_review.cost_submit"), form)
        await expect(form).to_contain_text(f"@{taken} would be without a partner")
        await visitor.picture("cost")
        await visitor.press(label("match_review.make_submit"), form)
        await expect(form).to_contain_text(f"@{free} with @{LEADER}")
        await expect(form).to_contain_text(label("match_review.is_locked"))
        await visitor.picture("made")

        await visitor.press(label("match_review.again_button"), form)
        await expect(form).to_contain_text("is being worked out")
        await expect(visitor.log).to_contain_text("a newer one has taken its place")
        await visitor.press(label("match_review.look_button"), form)
        await expect(form).to_contain_text(label("match_review.is_newer"))
        await expect(form).to_contain_text(f"@{free} with @{LEADER}")
        await visitor.press(label("match_review.check_button"), form)
        await expect(form).to_contain_text("checked this anew")
        await visitor.picture("checked")
        await visitor.press(label("match_review.decisions_button"), form)
        await expect(form).to_contain_text("made a pair by hand")
        await visitor.picture("decisions")
        await visitor.page.keyboard.press("Escape")
        await expect(form).to_contain_text("checked this anew")
        await visitor.page.keyboard.press("Escape")
        await expect(form).to_be_hidden()

        proposal = visitor.log.get_by_role("article").last
        await visitor.press(label("match.publish_button"), proposal)
        sure = visitor.page.get_by_role("dialog", name=label("match.publish_confirm_title"))
        await visitor.press(label("match.publish_confirm_button"), sure)
        await expect(proposal).to_contain_text("published 1 pair")
