import re

import pytest
from playwright.async_api import expect

from bot.views.modals.goal import PARTS
from tests.browser.scene import JUNIOR, LEADER, PROGRAM, TOPIC, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


class TestParticipant:
    @pytest.mark.parametrize(
        ("role", "name", "partner", "topics"),
        [
            ("mentor", JUNIOR, LEADER, "join.offered_label"),
            ("mentee", LEADER, JUNIOR, "join.wanted_label"),
        ],
        ids=["mentor", "mentee"],
    )
    async def test_from_joining_to_a_goal(
        self, role: str, name: str, partner: str, topics: str, visitor: Visitor, scene: Scene
    ) -> None:
        label, topic = visitor.label, visitor.library.topics[TOPIC]
        await scene.open_program()
        await scene.join(partner)

        await visitor.be(name)
        await visitor.type("/mentoring join")
        await visitor.tick(label(topics), topic)
        await visitor.agree()
        await visitor.picture("form")
        await visitor.press(label("join.submit"), visitor.form)
        await expect(visitor.form).to_be_hidden()
        confirmed = label(f"join.confirmed_{role}", program=PROGRAM, topics=topic)
        await expect(visitor.message(confirmed)).to_be_visible()
        await visitor.picture("joined")

        await scene.match()
        await visitor.chat(re.compile("unread")).click()
        await expect(visitor.message(label("pair.introduction_heading"))).to_contain_text(partner)
        await visitor.picture("matched")

        await visitor.move_on("Next week", "Next day", "Next day", "Next day")
        await expect(visitor.message(label("pair.question_heading"))).to_be_visible()
        await visitor.picture("prompts")
        nudge = visitor.message(label("pair.nudge_heading"))
        await visitor.press(label("pair.goals_button"), nudge)
        for part in PARTS:
            field = visitor.form.get_by_label(label(f"goals.{part}_label"))
            await field.fill(f"What is {part} to me")
        await visitor.picture("goal")
        await visitor.press(label("goals.submit"), visitor.form)
        await expect(visitor.form).to_be_hidden()
        goal = visitor.message(label("goals.posted_heading", author=f"@{name}"))
        await expect(goal).to_contain_text(label("goals.posted_learning", text="What is learning"))

        await visitor.press(label("pair.met_button"), nudge)
        await expect(nudge).to_contain_text(label("pair.met", count=1))
        await visitor.type("/mentoring status")
        status = visitor.message(label("status.own_heading"))
        await expect(status).to_contain_text("Only visible to you")
        await expect(status).to_contain_text(label("status.own_meetings", count=1))
        await expect(status).to_contain_text(label("status.own_goal"))
        await visitor.picture("status")
