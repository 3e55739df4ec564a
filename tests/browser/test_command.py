"""`turnabout demo` as somebody runs it."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from sandbox.demo.play import MANAGER

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENDS_WITHIN = 20
"""Seconds; two on a machine that does nothing else."""


class TestDemo:
    @pytest_asyncio.fixture(loop_scope="session")
    async def demo(self) -> AsyncIterator[asyncio.subprocess.Process]:
        demo = await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("turnabout"),
            "demo",
            "--port",
            "0",
            stdout=asyncio.subprocess.PIPE,
        )
        yield demo
        if demo.returncode is None:
            demo.kill()
        await demo.communicate()

    async def test_serves_the_page_until_it_is_ended(
        self, browser: Browser, demo: asyncio.subprocess.Process
    ) -> None:
        assert demo.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = await demo.stdout.readline()
            assert line, f"It has ended, and said: {said}"
            said += line.decode()
        [address] = re.findall(r"http://127\.0\.0\.1:\d+", said)
        assert "made up" in said
        context = await browser.new_context()
        page = await context.new_page()
        await page.goto(address)
        await expect(page.get_by_role("button", name="You are:")).to_contain_text(MANAGER)
        demo.send_signal(signal.SIGINT)
        await expect(page.get_by_role("alert")).to_contain_text(["The demo does not answer."])
        await context.close()
        rest, _ = await asyncio.wait_for(demo.communicate(), ENDS_WITHIN)
        assert rest.decode().strip() == "The demo has ended."
        assert demo.returncode == 0
