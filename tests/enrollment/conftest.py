"""A program, and short ways to join it."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from bot.delivery import service as delivery
from bot.enrollment import service
from bot.views.modals.join import Join
from bot.views.modals.profile import About
from models import Enrollment, EnrollmentState, Person, Program
from tests.factories import Company


class Desk:
    """Where people join. Every step is a transaction of its own, as at the edge."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.runtime = company.runtime

    async def join(
        self,
        person: Person,
        program: Program,
        *topics: str,
        manager: Person | None = None,
        **answers: object,
    ) -> None:
        form = {"topics": list(topics) or ["digital-tools"], "about": About(), **answers}
        wanted = Join(program_id=program.id, **form)
        async with self.company.transaction() as session:
            await service.join(session, self.runtime, person, wanted, manager)

    async def leave(self, person: Person, program: Program) -> bool:
        async with self.company.transaction() as session:
            return (await service.leave(session, self.runtime, person, program.id))[1]

    async def enrollments(self) -> Sequence[Enrollment]:
        async with self.company.transaction() as session:
            return (await session.scalars(select(Enrollment).order_by(Enrollment.id))).all()

    async def states(self) -> list[EnrollmentState]:
        return [enrolled.state for enrolled in await self.enrollments()]

    async def change(self, row: object, **columns: object) -> None:
        """Something else changes a row meanwhile."""
        async with self.company.transaction() as session:
            fresh = await session.get_one(type(row), row.id)
            for name, value in columns.items():
                setattr(fresh, name, value)

    async def told(self, person: Person) -> list[str]:
        """Everything the app has written to this person."""
        await delivery.send_due(self.runtime)
        member = self.company.member(person)
        return [message["text"] for message in member.messages(member.direct())]

    def say(self, key: str, **values: str | int) -> str:
        return self.runtime.library.say(key, **values)


@pytest.fixture
def desk(company: Company) -> Desk:
    return Desk(company)
