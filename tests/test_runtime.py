import asyncio

import pytest

from bot.runtime import Runtime
from tests.factories import Company


async def runs(runtime: Runtime, form_id: str, log: list[str], name: str) -> asyncio.Event:
    """Something that is at work until it may end."""
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await may_end.wait()
            log.append(f"{name} is done")
        except asyncio.CancelledError:
            log.append(f"{name} is let go")
            raise

    runtime.go_on_with(form_id, work())
    await begun.wait()
    return may_end


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestGoOnWith:
    async def test_each_form_gets_what_it_waits_for(self, company: Company) -> None:
        runtime, log = company.runtime, list[str]()
        for form_id in ("V1", "V2"):
            (await runs(runtime, form_id, log, form_id)).set()
        await asyncio.gather(*runtime.at_work.values())
        assert log == ["V1 is done", "V2 is done"]
        assert runtime.at_work == {}

    async def test_the_newest_takes_the_place_of_what_was_begun(self, company: Company) -> None:
        runtime, log = company.runtime, list[str]()
        await runs(runtime, "V1", log, "one")
        (await runs(runtime, "V1", log, "other")).set()
        await runtime.at_work["V1"]
        assert log == ["one is let go", "other is done"]
        assert runtime.at_work == {}

    async def test_is_let_go_of_when_the_app_stops(self, company: Company) -> None:
        runtime, log = company.runtime, list[str]()
        await runs(runtime, "V1", log, "one")
        await runtime.stop()
        assert (log, runtime.at_work) == (["one is let go"], {})
