"""Somebody who looks at the demo page: finds things by what they are and what they are called."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from prompts.library import Library

MOST_STOPS = 100


@dataclass
class Visitor:
    """`pictures` begins the names of the screenshots taken."""

    page: Page
    library: Library
    pictures: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def go(self, address: str) -> None:
        await self.page.goto(address)
        await self.has_come()

    async def has_come(self) -> None:
        """The page has loaded, and says who one is."""
        await expect(self.who).not_to_contain_text("…")

    # What is there

    @property
    def who(self) -> Locator:
        return self.page.get_by_role("button", name="You are:")

    @property
    def people(self) -> Locator:
        return self.page.get_by_role("navigation", name="Be anyone")

    @property
    def clock(self) -> Locator:
        return self.page.get_by_role("banner").get_by_role("time")

    @property
    def line(self) -> Locator:
        return self.page.get_by_role("combobox", name=re.compile("^Type a "))

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Messages")

    @property
    def form(self) -> Locator:
        return self.page.get_by_role("dialog")

    def message(self, text: str) -> Locator:
        return self.log.get_by_role("article").filter(has_text=text)

    def chat(self, name: str | re.Pattern[str]) -> Locator:
        chats = self.page.get_by_role("main").get_by_role("navigation")
        return chats.get_by_role("button", name=name)

    def label(self, key: str, **values: str | int) -> str:
        """A text of the app as the page shows it, without the signs for bold and code."""
        return self.library.label(key, **values).translate({ord(sign): None for sign in "*`"})

    # What they do

    async def be(self, name: str) -> None:
        await self.people.get_by_role("button", name=name).click()
        await expect(self.who).to_contain_text(name)

    async def type(self, text: str) -> None:
        await self.line.fill(text)
        await self.line.press("Enter")
        await expect(self.line).to_have_value("")

    async def press(self, name: str, within: Locator | None = None) -> None:
        await (within or self.page).get_by_role("button", name=name, exact=True).click()

    async def reach(self, wanted: Locator) -> None:
        """With the Tab key alone."""
        await expect(wanted).to_be_visible()
        for _ in range(MOST_STOPS):
            if await wanted.evaluate("node => node === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} is not reached by keyboard")

    async def another_tab(self, address: str) -> "Visitor":
        tab = await self.page.context.new_page()
        other = Visitor(tab, self.library, self.pictures.with_name(f"{self.pictures.name}-tab"))
        await other.go(address)
        return other

    async def tick(self, question: str, *answers: str) -> None:
        choices = self.form.get_by_role("group", name=question)
        for answer in answers:
            await choices.get_by_label(answer).check()

    async def agree(self) -> None:
        """To the ground rules, in the form with which one joins."""
        await self.tick(
            self.label("join.ground_rules_label"), self.label("join.ground_rules_option")
        )

    async def choose_template(self) -> None:
        """Opens the form of a new program, with the first template as it stands."""
        await self.type("/mentoring program new")
        await self.press(self.label("program.template_submit"), self.form)
        await expect(self.form.get_by_label(self.label("program.name_label"))).to_be_visible()

    async def move_on(self, *buttons: str) -> None:
        """By the buttons of the demo's clock; what comes up in that time has come up afterwards."""
        for name in buttons:
            now = await self.clock.inner_text()
            await self.press(name)
            await expect(self.clock).not_to_have_text(now)
            await expect(self.page.get_by_role("button", name=name)).to_be_enabled()

    async def picture(self, name: str) -> None:
        """Keeps what is seen now in out/browser."""
        path = self.pictures.with_name(f"{self.pictures.name}-{next(self._numbers)}-{name}.png")
        await self.page.screenshot(path=path)
