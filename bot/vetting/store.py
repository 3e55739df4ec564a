"""The queries about applications."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.views.modals.queue import Application
from models import Enrollment, EnrollmentState, Person, Program
from models.enrollment import UNDECIDED

DECIDER, STATED_MANAGER, MANAGER = aliased(Person), aliased(Person), aliased(Person)


async def count(session: AsyncSession, program_ids: Collection[int]) -> int:
    found = await session.scalar(
        select(func.count())
        .select_from(Enrollment)
        .join(Person, Person.id == Enrollment.person_id)
        .where(*_undecided(program_ids))
    )
    return found or 0


async def undecided(
    session: AsyncSession, program_ids: Collection[int], *, skip: int, limit: int
) -> Sequence[Application]:
    """Those nobody has looked at yet, then those somebody talks with; the oldest first."""
    rows = await session.execute(
        select(Enrollment, Person, Program, STATED_MANAGER, DECIDER, MANAGER)
        .join(Person, Person.id == Enrollment.person_id)
        .join(Program, Program.id == Enrollment.program_id)
        .outerjoin(STATED_MANAGER, STATED_MANAGER.id == Enrollment.stated_manager_id)
        .outerjoin(DECIDER, DECIDER.id == Enrollment.decided_by_id)
        .outerjoin(MANAGER, MANAGER.id == Person.manager_id)
        .where(*_undecided(program_ids))
        .order_by(Enrollment.state != EnrollmentState.APPLIED, Enrollment.joined_at, Enrollment.id)
        .offset(skip)
        .limit(limit)
    )
    return [Application(*row) for row in rows]


async def enrollment(session: AsyncSession, enrollment_id: int) -> Enrollment | None:
    return await session.get(Enrollment, enrollment_id)


async def lock(session: AsyncSession, enrolled: Enrollment) -> None:
    """Of two managers who decide at once, the second waits for the first, and sees what they did.
    The person comes first, as for whatever they do themselves: joining, leaving."""
    await session.execute(
        select(Person.id).where(Person.id == enrolled.person_id).with_for_update(key_share=True)
    )
    await session.refresh(enrolled, with_for_update=True)


async def person(session: AsyncSession, person_id: int) -> Person:
    return await session.get_one(Person, person_id)


def _undecided(program_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        Enrollment.program_id.in_(program_ids),
        Enrollment.state.in_(UNDECIDED),
        Person.active.is_(True),
    )
