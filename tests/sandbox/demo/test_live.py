"""The demo as visitors meet it: the real app, a company, and a clock that they move on."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import log
from prompts.library import load_library
from sandbox.demo import company, live
from sandbox.demo.live import Live
from sandbox.demo.stage import DATABASE
from sandbox.errors import SlackRefuses
from tests.sandbox.page.conftest import Visitor

WEEK = timedelta(weeks=1)
PATIENCE = 5.0
FORM = {"name": "Eyes", "purpose": "See", "topics": ["digital-tools"], "starts_on": "2026-01-19"}
JOIN = {"topics": ["digital-tools"], "ground_rules": ["agree"]}
FILLED_IN = {name: {"value": value} for name, value in JOIN.items()}


class Company(Visitor):
    """A visitor who knows whom they want to be."""

    demo: Live

    async def types(self, person: str, text: str, channel: str | None = None) -> None:
        channel = channel or self.demo.sandbox.member(person).direct()
        assert await self.act(person, "command", channel=channel, text=text) == {"ok": True}

    async def fills_in(self, person: str, **values: Any) -> dict[str, Any]:
        view = (await self.sees(person))["modal"]
        named = {name: {"value": value} for name, value in values.items()}
        return await self.act(person, "submit", view=view["id"], values=named)

    async def opens_program(self) -> None:
        scene = self.demo.cast.scene
        await self.types(scene.manager_id, "/mentoring program new", scene.admin_channel)
        for values in ({}, FORM, {}):
            assert await self.fills_in(scene.manager_id, **values) == {"ok": True}

    async def moves(self, days: int) -> None:
        """Returns when the clock has arrived."""
        arrival = self.demo.now() + timedelta(days=days)
        async with self.listening() as told:
            status, _ = await self.post("/demo/clock", {"days": days})
            assert status == 202
            while (clock := await told.next("clock"))["moving"] or clock[
                "now"
            ] < arrival.isoformat():
                pass

    def texts(self, person: str) -> list[str]:
        """What somebody reads in their DM with the app."""
        member = self.demo.sandbox.member(person)
        return [message["text"] for message in member.messages(member.direct())]


@pytest.fixture
async def visitor(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Company]:
    employees = company.made_up(9, 1)
    shutil.copy(sqlite_template, tmp_path / DATABASE)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = live.served(employees, "Made up.", seed=1, out=tmp_path, listening=listening)
        async with serving as demo, aiohttp.ClientSession() as session:
            visitor = Company(session, f"http://127.0.0.1:{listening.getsockname()[1]}")
            visitor.demo = demo
            yield visitor
    log.configure()
    logged = (tmp_path / "turnabout.log").read_text().splitlines()
    assert [line for line in logged if '"level": "error"' in line] == []


@pytest.fixture
def ada(visitor: Company) -> str:
    """The most junior."""
    return list(visitor.demo.cards)[-1]


class TestServed:
    async def test_who_is_there(self, visitor: Company) -> None:
        _, found = await visitor.get("/demo/workspace")
        [manager, *others] = found["people"]
        assert (manager["name"], manager["is_manager"], manager["level"]) == (
            "Robin Vega",
            True,
            None,
        )
        levels = [one["level"] for one in others]
        assert levels == sorted(levels, reverse=True)
        assert found["company"] == {"people": 10, "made_up": "Made up."}
        assert [one["command"] for one in found["commands"]] == ["/mentoring"]
        assert found["acting"] is True
        assert found["now"].startswith("2026-01-05T09:00")

    async def test_no_program_yet(self, visitor: Company, ada: str) -> None:
        await visitor.types(ada, "/mentoring join")
        assert (await visitor.sees(ada))["modal"] is None
        assert visitor.texts(ada) == [load_library().label("errors.no_program_open")]

    async def test_join_by_command_and_form(self, visitor: Company, ada: str) -> None:
        await visitor.opens_program()
        await visitor.types(ada, "/mentoring join")
        answer = await visitor.fills_in(ada, topics=[])
        required = dict.fromkeys(("topics", "ground_rules"), "This is required.")
        assert answer == {"ok": True, "errors": required}
        async with visitor.listening() as told:
            assert await visitor.fills_in(ada, **JOIN) == {"ok": True}
            while not visitor.texts(ada):
                await told.next("changed")
        assert "Eyes" in visitor.texts(ada)[-1]

    async def test_time_flows(self, visitor: Company) -> None:
        first = visitor.demo.now()
        await asyncio.sleep(0.01)
        assert first < visitor.demo.now() < first + timedelta(minutes=1)


class TestMove:
    async def test_a_week(self, visitor: Company, ada: str) -> None:
        await visitor.opens_program()
        before = visitor.demo.now()
        await visitor.moves(7)
        assert WEEK <= visitor.demo.now() - before < WEEK + timedelta(minutes=1)
        joined = load_library().say("join.confirmed_mentor", program="Eyes", topics="").split()[0]
        others = [one for one in visitor.demo.cast.scene.employee_ids if one != ada]
        assert any(joined in text for one in others for text in visitor.texts(one))

    async def test_not_while_it_is_moving(self, visitor: Company) -> None:
        async with visitor.listening() as told:
            answers = [await visitor.post("/demo/clock", {"days": 7}) for _ in range(2)]
            assert [status for status, _ in answers] == [202, 409]
            assert (await visitor.get("/demo/workspace"))[1]["moving"] is True
            while not (clock := await told.next("clock"))["moving"]:
                pass
            while clock["moving"]:
                clock = await told.next("clock")
        assert clock["share"] == 1.0

    async def test_people_can_act_meanwhile(self, visitor: Company, ada: str) -> None:
        await visitor.opens_program()
        moving = asyncio.create_task(visitor.moves(7))
        await visitor.types(ada, "/mentoring join")
        assert await visitor.fills_in(ada, **JOIN) == {"ok": True}
        await moving

    async def test_a_fault_does_not_stop_the_clock_for_ever(
        self, visitor: Company, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def fail(*_: object) -> None:
            raise RuntimeError("gone wrong")

        log.configure()
        with monkeypatch.context() as patched:
            patched.setattr(live.play, "next_moment", fail)
            visitor.demo.move(1)
            while visitor.demo.moving:
                await visitor.get("/demo/strip")
        assert visitor.demo.move(1)


class TestCast:
    async def test_the_manager_opens_a_program_when_no_visitor_does(
        self, visitor: Company, ada: str
    ) -> None:
        await visitor.moves(7)
        await visitor.types(ada, "/mentoring join")
        assert (await visitor.sees(ada))["modal"] is not None

    async def test_leaves_alone_whom_a_visitor_has_been(self, visitor: Company, ada: str) -> None:
        everybody = list(visitor.demo.cards)
        for person in everybody:
            await visitor.types(person, "/mentoring help")
        read = {person: len(visitor.texts(person)) for person in everybody}
        await visitor.opens_program()
        await visitor.moves(7)
        del read[visitor.demo.cast.scene.manager_id]
        assert {person: len(visitor.texts(person)) for person in read} == read

    async def test_switched_off(self, visitor: Company) -> None:
        await visitor.post("/demo/cast", {"acting": False})
        await visitor.opens_program()
        await visitor.moves(7)
        employees = visitor.demo.cast.scene.employee_ids
        assert [one for one in employees if visitor.texts(one)] == []
        await visitor.post("/demo/cast", {"acting": True})
        await visitor.moves(7)
        assert [one for one in employees if visitor.texts(one)] != []

    async def test_waits_for_who_is_acting(self, visitor: Company, ada: str) -> None:
        """Whoever is taken while the cast acts as them comes to their turn right after."""
        demo = visitor.demo
        assert not demo.is_played(ada)
        async with demo.cast.hands[ada]:
            assert demo.is_played(ada)
            typing = asyncio.create_task(visitor.types(ada, "/mentoring help"))
            with suppress(TimeoutError):
                async with asyncio.timeout(0.05):
                    await asyncio.shield(typing)
            assert not typing.done()
        await typing
        assert not demo.is_played(ada)

    @pytest.mark.parametrize("error", [SlackRefuses("", "not today"), KeyError("nothing here")])
    @pytest.mark.parametrize("moving", [True, False])
    async def test_an_act_that_comes_to_nothing_keeps_nobody_back(
        self, visitor: Company, tmp_path: Path, error: Exception, moving: bool
    ) -> None:
        acted, last = list[str](), asyncio.Event()

        async def fail() -> None:
            acted.append("failed")
            raise error

        async def act() -> None:
            acted.append("done")
            last.set()

        for one in (fail, act):
            visitor.demo.cast.agenda.add(visitor.demo.now(), one)
        if moving:
            await visitor.moves(1)
        else:
            visitor.demo.clock.now += timedelta(hours=1)
        async with asyncio.timeout(PATIENCE):
            await last.wait()
        assert acted == ["failed", "done"]
        written = tmp_path / "turnabout.log"
        assert type(error).__name__ in written.read_text()
        written.write_text("")


class TestTwoVisitors:
    async def test_one_person_in_two_tabs(self, visitor: Company, ada: str) -> None:
        await visitor.opens_program()
        await visitor.types(ada, "/mentoring join")
        view = (await visitor.sees(ada))["modal"]["id"]
        submitted = {
            "view": view,
            "values": {name: {"value": value} for name, value in JOIN.items()},
        }
        answers = await asyncio.gather(*(visitor.act(ada, "submit", **submitted) for _ in range(2)))
        assert sorted(answer["ok"] for answer in answers) == [False, True]
        refused = next(answer for answer in answers if not answer["ok"])
        assert refused["problem"] == "This form is not open any more."

    async def test_a_form_opened_again_elsewhere(self, visitor: Company, ada: str) -> None:
        await visitor.opens_program()
        await visitor.types(ada, "/mentoring join")
        first = (await visitor.sees(ada))["modal"]["id"]
        await visitor.types(ada, "/mentoring join")
        seen = await visitor.sees(ada)
        if seen["modal"]["id"] != first:
            assert (await visitor.act(ada, "submit", view=first, values=FILLED_IN))["ok"] is False
        assert (await visitor.act(ada, "submit", view=seen["modal"]["id"], values=FILLED_IN))["ok"]

    async def test_a_person_who_leaves(self, visitor: Company, ada: str) -> None:
        await visitor.opens_program()
        await visitor.types(ada, "/mentoring join")
        async with visitor.listening() as told:
            visitor.demo.sandbox.deactivate(ada)
            assert ada in (await told.next("changed"))["people"]
        assert (await visitor.get("/demo/workspace"))[1]["people"][-1]["deleted"] is True
        answer = await visitor.fills_in(ada, **JOIN)
        assert answer["ok"] is False
        assert "deactivated" in answer["problem"]
