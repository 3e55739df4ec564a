"""The demo page in a real browser: Chromium as the system has it; the rest is in this process."""

import logging
import os
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog
from playwright.async_api import Browser, ConsoleMessage, Request, async_playwright, expect

from prompts.library import Library, load_library
from sandbox.demo import live
from sandbox.demo.company import Employee
from sandbox.demo.stage import DATABASE
from sandbox.demo.visit import ALL_MADE_UP
from sandbox.loopback import HOST
from tests.browser.scene import COMPANY, Scene
from tests.browser.visitor import Visitor

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-first-run",
    "--no-proxy-server",
)
"""Chromium itself asks nobody for anything either."""
HOW = (
    "On Debian and Ubuntu: apt install chromium fonts-noto-color-emoji fonts-liberation. Elsewhere:"
    " python -m playwright install chromium, in the virtual environment."
)
LEFT_OUT = f"The tests of the demo page were LEFT OUT: there is no Chromium on this machine. {HOW}"
NEEDED = f"The tests of the demo page must run here, and there is no Chromium. {HOW}"
PATIENCE = 30_000
"""Milliseconds: a busy machine is no fault of the page."""
DESKTOP = {"width": 1280, "height": 800}
OUT = Path(__file__).parents[2] / "out" / "browser"

Visit = Callable[..., Awaitable[Visitor]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Without one, the tests are left out, or fail where BROWSER_TESTS says `required`."""
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        candidates = (*NAMES, playwright.chromium.executable_path)
        found = next(filter(None, map(shutil.which, candidates)), None)
        if found is None and os.environ.get("BROWSER_TESTS") == "required":
            pytest.fail(NEEDED, pytrace=False)
        if found is None:
            pytest.skip(LEFT_OUT)
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(
            executable_path=found, args=[*SWITCHES, *as_root], timeout=PATIENCE
        )
        yield browser
        await browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The summary has a line for every place where a test was skipped: one does for all these."""
    report = yield
    if report.skipped:
        *_, reason = report.longrepr
        report.longrepr = (__file__, 1, reason)
    return report


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture
def own_logging() -> Iterator[None]:
    """The demo logs to a file of its own; afterwards everything logs as before."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**before)


@pytest.fixture
def employees() -> Sequence[Employee]:
    """Who works in the company."""
    return COMPANY


@pytest_asyncio.fixture(loop_scope="session")
async def scene(
    own_logging: None, employees: Sequence[Employee], sqlite_template: Path, tmp_path: Path
) -> AsyncIterator[Scene]:
    """The demo as somebody finds it who starts it, but with a cast that stands still."""
    shutil.copy(sqlite_template, tmp_path / DATABASE)
    with socket.create_server((HOST, 0)) as listening:
        address = f"http://{HOST}:{listening.getsockname()[1]}"
        serving = live.served(employees, ALL_MADE_UP, seed=1, out=tmp_path, listening=listening)
        async with serving as demo:
            demo.acting = False
            yield Scene(demo, address)


@pytest_asyncio.fixture(loop_scope="session")
async def visit(
    browser: Browser, scene: Scene, library: Library, request: pytest.FixtureRequest
) -> AsyncIterator[Visit]:
    """Opens the page in a browser with nothing in it; `options` are Playwright's for a context.

    Whatever a test does, the page asks no other host for anything and reports no fault.
    """
    contexts, elsewhere, faults = [], [], []

    def watch(sent: Request) -> None:
        if not sent.url.startswith((f"{scene.address}/", "data:")):
            elsewhere.append(sent.url)

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            faults.append(f"{message.text} {message.location}")

    async def visit(**options: Any) -> Visitor:
        context = await browser.new_context(**{"viewport": DESKTOP} | options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("request", watch)
        context.on("console", hear)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        pictures = OUT / f"{request.node.path.stem}-{request.node.name}-{len(contexts)}"
        visitor = Visitor(await context.new_page(), library, pictures)
        await visitor.go(f"{scene.address}/")
        return visitor

    yield visit
    for context in contexts:
        await context.close()
    assert elsewhere == []
    assert faults == []


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(visit: Visit) -> Visitor:
    return await visit()
