"""A page that was left open while the demo was started anew."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from prompts.library import Library
from sandbox.demo import live
from sandbox.demo.play import MANAGER
from sandbox.demo.visit import ALL_MADE_UP
from sandbox.loopback import HOST
from tests.browser.scene import COMPANY, JUNIOR, TEAM, Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def started(out: Path, port: int) -> AsyncIterator[Scene]:
    with socket.create_server((HOST, port)) as listening:
        address = f"http://{HOST}:{listening.getsockname()[1]}"
        serving = live.served(COMPANY, ALL_MADE_UP, seed=1, out=out, listening=listening)
        async with serving as demo:
            demo.acting = False
            yield Scene(demo, address)


class TestRestart:
    async def test_nothing_is_left_of_the_demo_before(
        self,
        browser: Browser,
        own_logging: None,
        library: Library,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> None:
        context = await browser.new_context()
        visitor = Visitor(await context.new_page(), library, tmp_path_factory.mktemp("pictures"))
        tour = visitor.page.get_by_role("complementary", name="Guided tour")
        async with started(tmp_path_factory.mktemp("first"), 0) as scene:
            await scene.open_program()
            await visitor.go(f"{scene.address}/")
            await visitor.chat(TEAM).click()
            await expect(tour).to_contain_text("Now be a junior")
            await visitor.be(JUNIOR)
            port = int(scene.address.rpartition(":")[2])
        await expect(visitor.page.get_by_role("alert").first).to_be_visible()
        async with started(tmp_path_factory.mktemp("second"), port):
            await expect(visitor.who).to_contain_text(MANAGER)
            await expect(tour).to_contain_text("Let's begin")
            await visitor.type("/mentoring help")
            strip = visitor.page.get_by_role("complementary", name="For developers")
            await expect(strip).to_contain_text(f"{MANAGER}: /mentoring help")
        await context.close()
