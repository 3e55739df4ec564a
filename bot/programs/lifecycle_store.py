"""The queries about a program's way, its team, and everybody who takes part."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    Enrollment,
    EnrollmentState,
    Invitation,
    Pair,
    PairState,
    Person,
    Program,
    ProgramManager,
    ProgramState,
    Sponsor,
)
from models.pair import LIVING

REMINDED_BEFORE = timedelta(days=2)
"""So long before the last day to join, people are reminded of it."""
TAKING_PART = (
    EnrollmentState.APPLIED,
    EnrollmentState.TALKING,
    EnrollmentState.WAITLISTED,
    EnrollmentState.ENROLLED,
)
ON_THEIR_WAY = (*LIVING, PairState.PAUSED, PairState.CLOSING)
"""The states of a pair that has not come to its end."""


async def exists(session: AsyncSession) -> bool:
    """Whether there is a program here that is not closed."""
    query = select(Program.id).where(Program.state != ProgramState.CLOSED)
    return await session.scalar(query.limit(1)) is not None


async def locked(session: AsyncSession, program_id: int) -> Program | None:
    """As it is now, and nobody changes it until this transaction is over."""
    return await session.get(Program, program_id, with_for_update=True, populate_existing=True)


async def names(session: AsyncSession) -> frozenset[str]:
    """Of all programs there have been."""
    return frozenset(await session.scalars(select(Program.name)))


async def departments(session: AsyncSession) -> Sequence[str]:
    """Those that people who work here are in, by name."""
    found = await session.scalars(
        select(Person.department)
        .where(Person.active, Person.department != "")
        .distinct()
        .order_by(Person.department)
    )
    return found.all()


async def team(
    session: AsyncSession, table: type[ProgramManager | Sponsor | Invitation], program_id: int
) -> Sequence[Person]:
    """The managers, sponsors or invited of a program who work here and are in Slack."""
    found = await session.scalars(
        select(Person)
        .join(table, table.person_id == Person.id)
        .where(table.program_id == program_id, Person.active, Person.slack_user_id.is_not(None))
        .order_by(Person.id)
    )
    return found.all()


async def put_into_team(
    session: AsyncSession,
    table: type[ProgramManager | Sponsor | Invitation],
    program_id: int,
    person_ids: Collection[int],
) -> frozenset[int]:
    """From now on these and nobody else; returns who is new."""
    before = frozenset(
        await session.scalars(select(table.person_id).where(table.program_id == program_id))
    )
    await session.execute(
        delete(table)
        .where(table.program_id == program_id, table.person_id.not_in(person_ids))
        .execution_options(synchronize_session=False)
    )
    new = frozenset(person_ids) - before
    session.add_all(table(program_id=program_id, person_id=one) for one in sorted(new))
    await session.flush()
    return new


async def without_manager(session: AsyncSession) -> Sequence[Program]:
    """The programs that are not over and whose managers have all left, the newest first."""
    found = await session.scalars(
        select(Program).where(_is_without_manager()).order_by(Program.id.desc())
    )
    return found.all()


async def taking_part(
    session: AsyncSession, program_id: int
) -> Sequence[tuple[Enrollment, Person]]:
    """Everybody who has joined, applied or waits, and works here."""
    rows = await session.execute(
        select(Enrollment, Person)
        .join(Person, Person.id == Enrollment.person_id)
        .where(
            Enrollment.program_id == program_id,
            Enrollment.state.in_(TAKING_PART),
            Person.active,
            Person.slack_user_id.is_not(None),
        )
        .order_by(Person.id)
    )
    return [(enrolled, person) for enrolled, person in rows]


async def were_paired(session: AsyncSession, program_id: int) -> frozenset[int]:
    """Everybody who has had a partner in the program."""
    rows = await session.execute(
        select(Pair.mentor_id, Pair.mentee_id).where(Pair.program_id == program_id)
    )
    return frozenset(person_id for row in rows for person_id in row)


async def has_pairs_on_their_way(session: AsyncSession, program_id: int) -> bool:
    query = select(Pair.id).where(Pair.program_id == program_id, Pair.state.in_(ON_THEIR_WAY))
    return await session.scalar(query.limit(1)) is not None


async def of_the_day(session: AsyncSession, today: date) -> Sequence[tuple[int, int]]:
    """(workspace, program) of those for which a day may have come. Across workspaces."""
    soon = today + REMINDED_BEFORE
    unreminded = or_(Program.reminded_for.is_(None), Program.reminded_for != Program.join_by)
    on_their_way = select(Pair.id).where(
        Pair.program_id == Program.id, Pair.state.in_(ON_THEIR_WAY)
    )
    enrolling = and_(Program.state == ProgramState.ENROLLING, Program.paused_at.is_(None))
    running = and_(Program.state == ProgramState.RUNNING, Program.paused_at.is_(None))
    rows = await session.execute(
        select(Program.workspace_id, Program.id)
        .where(
            or_(
                and_(enrolling, Program.join_by < today),
                and_(enrolling, Program.join_by <= soon, unreminded),
                and_(running, Program.starts_on < today, ~on_their_way.exists()),
                and_(Program.state == ProgramState.CLOSING, Program.closes_on < today),
                _is_without_manager(),
            )
        )
        .order_by(Program.id)
    )
    return [(workspace_id, program_id) for workspace_id, program_id in rows]


def _is_without_manager() -> ColumnElement[bool]:
    active = (
        select(ProgramManager.id)
        .join(Person, Person.id == ProgramManager.person_id)
        .where(ProgramManager.program_id == Program.id, Person.active)
    )
    return and_(Program.state != ProgramState.CLOSED, ~active.exists())
