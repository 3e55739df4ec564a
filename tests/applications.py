"""Applications that tests need to exist: straight in the database, whatever a form would say."""

from typing import Any

from sqlalchemy import update

from models import Enrollment, EnrollmentState, Person, Program, ProgramManager, Role
from tests.factories import Company


async def apply(company: Company, program: Program, person: Person, **values: Any) -> Enrollment:
    """Somebody who waits for a manager's answer, as a mentor if nothing else is said."""
    async with company.transaction() as session:
        enrollment = Enrollment(
            **{
                "program_id": program.id,
                "person_id": person.id,
                "role": Role.MENTOR,
                "topics": ["digital-tools"],
                "joined_at": company.runtime.clock(),
                "state": EnrollmentState.APPLIED,
                **values,
            }
        )
        session.add(enrollment)
    return enrollment


async def change(company: Company, row: Any, **values: Any) -> None:
    """What has happened to it meanwhile."""
    async with company.transaction() as session:
        model = type(row)
        await session.execute(update(model).where(model.id == row.id).values(**values))


async def reread(company: Company, row: Any) -> Any:
    async with company.transaction() as session:
        return await session.get_one(type(row), row.id)


async def manager(company: Company, program: Program, name: str = "Kim Second") -> Person:
    """One more person who manages the program."""
    person = await company.person(name, level=3)
    async with company.transaction() as session:
        session.add(ProgramManager(program_id=program.id, person_id=person.id))
    return person
