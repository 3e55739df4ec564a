"""Before matching begins, whoever needs the lesson for it and has not read it is told so."""

from datetime import date

from bot.delivery import service as delivery
from bot.programs import dates_service
from models import EnrollmentState, Person, Program
from tests.applications import apply, change
from tests.conftest import Clock
from tests.factories import Company


class TestFollowDates:
    async def test_offers_the_lesson_to_those_who_need_it_yet(
        self, company: Company, clock: Clock
    ) -> None:
        program = await strict_program(company)
        done = {"lesson_cards": 5, "lesson_done_at": clock()}
        cases = [
            (EnrollmentState.ENROLLED, {}, True),
            (EnrollmentState.ENROLLED, {"lesson_cards": 3}, True),
            (EnrollmentState.ENROLLED, done, False),
            (EnrollmentState.APPLIED, {}, False),
        ]
        people = [await company.person(level=1) for _ in cases]
        for person, (state, values, _) in zip(people, cases, strict=True):
            await apply(company, program, person, state=state, **values)
        clock.now = clock.now.replace(day=15)
        await dates_service.follow_dates(company.runtime)
        await delivery.send_due(company.runtime)
        assert [reminded(company, one) for one in people] == [[needs] for _, _, needs in cases]

    async def test_offers_it_to_nobody_where_matching_asks_for_none(
        self, company: Company, clock: Clock
    ) -> None:
        program = await strict_program(company)
        await change(company, program, training_required=False)
        person = await company.person(level=1)
        await apply(company, program, person, state=EnrollmentState.ENROLLED)
        clock.now = clock.now.replace(day=15)
        await dates_service.follow_dates(company.runtime)
        await delivery.send_due(company.runtime)
        assert reminded(company, person) == [False]


async def strict_program(company: Company) -> Program:
    """One that pairs only people who have read their lesson, and can be joined up to 16 January."""
    program = await company.program(await company.person("Robin Vega", level=3))
    await change(company, program, training_required=True, join_by=date(2026, 1, 16))
    return program


def reminded(company: Company, person: Person) -> list[bool]:
    """Of each message to the person, whether it has the lesson's button."""
    member = company.member(person)
    messages = member.messages(member.direct())
    return [any(block["type"] == "actions" for block in one["blocks"]) for one in messages]
