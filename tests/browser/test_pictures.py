"""The two pictures in the README. `make screenshots` writes them there; otherwise they are kept
beside the other screenshots.

What is seen in them is tested by the tour and by the participants: for every day they are too
slow."""

import asyncio
import io
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from sandbox.demo.company import Employee
from sandbox.demo.play import employees_of
from tests.browser.conftest import OUT, Visit
from tests.browser.scene import JUNIOR, TEAM, Scene
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.campaign]

LARGEST = 200 * 1024
COLOURS = 256


@pytest.fixture
def folder() -> Path:
    folder = Path(os.environ.get("SCREENSHOTS") or OUT)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def keep(visitor: Visitor, path: Path) -> None:
    """With few colours, so that the README stays light."""
    shot = Image.open(io.BytesIO(await visitor.page.screenshot())).convert("RGB")
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    size = await asyncio.to_thread(os.path.getsize, path)
    assert size < LARGEST
    assert shot.size == (1280, 800)


class TestPair:
    async def test_picture_of_its_channel(self, visit: Visit, scene: Scene, folder: Path) -> None:
        await scene.pair_up()
        visitor = await visit(color_scheme="light")
        await visitor.press("Leave the tour")
        await visitor.be(JUNIOR)
        await visitor.chat("mentoring-fresh-eyes").click()
        await visitor.move_on("Next week", "Next day", "Next day", "Next day")
        question = visitor.message(visitor.label("pair.question_heading"))
        await expect(question).to_be_visible()
        await keep(visitor, folder / "pair.png")


class TestMatch:
    @pytest.fixture
    def employees(self) -> Sequence[Employee]:
        """The company that a visitor finds."""
        return employees_of(None, 1)

    async def test_picture_of_its_proposal(self, visit: Visit, scene: Scene, folder: Path) -> None:
        scene.demo.acting = True
        await scene.open_program()
        visitor = await visit(color_scheme="dark")
        await visitor.press("Leave the tour")
        await visitor.chat(TEAM).click()
        await visitor.move_on("Next week")
        await visitor.type("/mentoring match")
        await expect(visitor.message(visitor.label("match.not_published"))).to_be_visible()
        await keep(visitor, folder / "match.png")
