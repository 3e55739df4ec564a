"""The programs' queries."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Enrollment, Pair, Person, Program, ProgramManager, ProgramState

MANAGED_BY = (
    select(Program)
    .join(ProgramManager, ProgramManager.program_id == Program.id)
    .where(ProgramManager.person_id == bindparam("person_id"))
    .order_by(Program.id.desc())
)


async def named(session: AsyncSession, name: str) -> Program | None:
    return await session.scalar(select(Program).where(Program.name == name))


async def open_to_join(session: AsyncSession) -> Sequence[Program]:
    """The newest first."""
    found = await session.scalars(
        select(Program).where(Program.state != ProgramState.CLOSED).order_by(Program.id.desc())
    )
    return found.all()


async def managed_by(session: AsyncSession, person_id: int) -> Sequence[Program]:
    """The newest first."""
    return (await session.scalars(MANAGED_BY, {"person_id": person_id})).all()


async def lock_person(session: AsyncSession, person_id: int) -> None:
    """Of two forms that one person sends at once, the second waits for the first."""
    await session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


async def enrollment(session: AsyncSession, program_id: int, person_id: int) -> Enrollment | None:
    return await session.scalar(
        select(Enrollment).where(
            Enrollment.program_id == program_id, Enrollment.person_id == person_id
        )
    )


async def waiting(session: AsyncSession, program_id: int) -> Sequence[tuple[Enrollment, Person]]:
    """Those enrolled who still work here, whose level is known, and who have had no pair yet in
    this program."""
    paired = select(Pair.id).where(
        Pair.program_id == program_id,
        (Pair.mentor_id == Person.id) | (Pair.mentee_id == Person.id),
    )
    rows = await session.execute(
        select(Enrollment, Person)
        .join(Person, Person.id == Enrollment.person_id)
        .where(
            Enrollment.program_id == program_id,
            Person.active,
            Person.level.is_not(None),
            ~paired.exists(),
        )
        .order_by(Person.id)
    )
    return [(enrolled, person) for enrolled, person in rows]
