"""Whoever joins a running program and has their lesson open is reminded of it."""

from datetime import timedelta

import pytest

from bot.delivery import service as delivery
from bot.lessons import service
from models import EnrollmentState, Person, ProgramState
from tests.conftest import Clock
from tests.factories import Company

RUNNING = {"state": ProgramState.RUNNING, "training_required": True}


async def told(company: Company, person: Person) -> list[str]:
    await delivery.send_due(company.runtime)
    member = company.member(person)
    return [message["text"] for message in member.messages(member.direct())]


class TestRemindDue:
    async def test_once_and_after_some_days(self, company: Company, clock: Clock) -> None:
        person = await company.person()
        await company.enrol(await company.program(**RUNNING), person)
        clock.forward(days=2)
        assert await service.remind_due(company.runtime) == 0
        clock.forward(days=1)
        assert [await service.remind_due(company.runtime) for _ in range(2)] == [1, 0]
        said = company.runtime.library.say("lesson.reminder", program="Fresh Eyes")
        assert await told(company, person) == [said]

    async def test_not_at_night(self, company: Company, clock: Clock) -> None:
        person = await company.person()
        await company.enrol(await company.program(**RUNNING), person)
        clock.forward(days=3, hours=12)
        assert await service.remind_due(company.runtime) == 1
        assert await told(company, person) == []

    @pytest.mark.parametrize(
        ("of_program", "columns"),
        [
            ({"training_required": False}, {}),
            ({"state": ProgramState.ENROLLING}, {}),
            ({"state": ProgramState.CLOSING}, {}),
            ({"paused_at": True}, {}),
            ({}, {"state": EnrollmentState.APPLIED}),
            ({}, {"state": EnrollmentState.LEFT}),
            ({}, {"lesson_done_at": True}),
            ({}, {"paused_since": True}),
        ],
    )
    async def test_nobody_else(
        self,
        company: Company,
        clock: Clock,
        of_program: dict[str, object],
        columns: dict[str, object],
    ) -> None:
        """True stands for a moment that has passed."""
        past = clock() - timedelta(days=1)
        moments = {"paused_at": past, "lesson_done_at": past, "paused_since": past.date()}
        of_program, columns = (
            {name: moments.get(name, value) for name, value in given.items()}
            for given in (of_program, columns)
        )
        program = await company.program(**{**RUNNING, **of_program})
        await company.enrol(program, await company.person(), **columns)
        clock.forward(days=9)
        assert await service.remind_due(company.runtime) == 0
