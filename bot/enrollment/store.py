"""The queries about who takes part."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    Enrollment,
    EnrollmentState,
    Invitation,
    Person,
    Profile,
    Program,
    ProgramState,
    Role,
)
from models.enrollment import TAKING_PART

OPEN = (ProgramState.ENROLLING, ProgramState.RUNNING)
"""The states in which people join (`bot.programs.lifecycle.is_joinable`)."""
SEATED = (EnrollmentState.APPLIED, EnrollmentState.TALKING, EnrollmentState.ENROLLED)
"""The states that take a seat."""
FILLED = (ProgramState.ENROLLING, ProgramState.MATCHING, ProgramState.RUNNING)
"""The states of a program in which a seat that becomes free is given away."""

Joined = Sequence[tuple[Enrollment, Program]]


async def lock_person(session: AsyncSession, person_id: int) -> None:
    """Of two forms that one person sends at once, the second waits for the first. Rows that refer
    to the person may be added meanwhile (`key_share`), so that nobody waits in a circle."""
    await session.execute(
        select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    )


async def enrollment(session: AsyncSession, program_id: int, person_id: int) -> Enrollment | None:
    return await session.scalar(
        select(Enrollment).where(
            Enrollment.program_id == program_id, Enrollment.person_id == person_id
        )
    )


async def joinable(session: AsyncSession, today: date) -> Sequence[Program]:
    """The programs that are open today, the newest first."""
    found = await session.scalars(
        select(Program)
        .where(
            Program.state.in_(OPEN),
            Program.paused_at.is_(None),
            or_(Program.join_by.is_(None), Program.join_by >= today),
        )
        .order_by(Program.id.desc())
    )
    return found.all()


async def invited_to(session: AsyncSession, person_id: int) -> frozenset[int]:
    """The ids of the programs that somebody was invited to."""
    found = await session.scalars(
        select(Invitation.program_id).where(Invitation.person_id == person_id)
    )
    return frozenset(found)


async def of_person(session: AsyncSession, person_id: int) -> Joined:
    """All programs a person has ever applied for and that are not closed, the newest first."""
    rows = await session.execute(
        select(Enrollment, Program)
        .join(Program, Program.id == Enrollment.program_id)
        .where(Enrollment.person_id == person_id, Program.state != ProgramState.CLOSED)
        .order_by(Program.id.desc())
    )
    return [(enrolled, program) for enrolled, program in rows]


async def taken(session: AsyncSession, program_id: int) -> Mapping[Role, int]:
    """How many seats of each side are taken, by people who still work here."""
    rows = await session.execute(
        select(Enrollment.role, func.count())
        .join(Person, Person.id == Enrollment.person_id)
        .where(Enrollment.program_id == program_id, Enrollment.state.in_(SEATED), Person.active)
        .group_by(Enrollment.role)
    )
    return dict.fromkeys(Role, 0) | dict(rows.all())


async def waitlist(
    session: AsyncSession, program_id: int, role: Role, limit: int | None
) -> Sequence[tuple[Enrollment, Person]]:
    """Who waits for a seat on this side and still works here, the first to have come first; so many
    of them, or (None) all."""
    rows = await session.execute(
        select(Enrollment, Person)
        .join(Person, Person.id == Enrollment.person_id)
        .where(
            Enrollment.program_id == program_id,
            Enrollment.role == role,
            Enrollment.state == EnrollmentState.WAITLISTED,
            Person.active,
        )
        .order_by(Enrollment.joined_at, Enrollment.id)
        .limit(limit)
    )
    return [(enrolled, person) for enrolled, person in rows]


async def first_applied(session: AsyncSession, program_id: int) -> Enrollment:
    """Whoever waits longest for a manager to look at their application. There has to be one."""
    found = await session.scalars(
        select(Enrollment)
        .join(Person, Person.id == Enrollment.person_id)
        .where(
            Enrollment.program_id == program_id,
            Enrollment.state == EnrollmentState.APPLIED,
            Person.active,
        )
        .order_by(Enrollment.joined_at, Enrollment.id)
        .limit(1)
    )
    return found.one()


async def place(session: AsyncSession, enrolled: Enrollment) -> int:
    """Where somebody stands on the waiting list of their side, counted from 1."""
    earlier = or_(
        Enrollment.joined_at < enrolled.joined_at,
        and_(Enrollment.joined_at == enrolled.joined_at, Enrollment.id < enrolled.id),
    )
    before = await session.scalar(
        select(func.count())
        .select_from(Enrollment)
        .join(Person, Person.id == Enrollment.person_id)
        .where(
            Enrollment.program_id == enrolled.program_id,
            Enrollment.role == enrolled.role,
            Enrollment.state == EnrollmentState.WAITLISTED,
            Person.active,
            earlier,
        )
    )
    return (before or 0) + 1


async def with_waitlist(session: AsyncSession) -> Sequence[tuple[int, int]]:
    """(workspace, program) of the programs somebody waits for a seat in. Across workspaces."""
    rows = await session.execute(
        select(Program.workspace_id, Program.id)
        .join(Enrollment, Enrollment.program_id == Program.id)
        .where(
            Enrollment.state == EnrollmentState.WAITLISTED,
            Program.state.in_(FILLED),
            Program.paused_at.is_(None),
        )
        .distinct()
        .order_by(Program.id)
    )
    return [(workspace_id, program_id) for workspace_id, program_id in rows]


async def breaks_over(session: AsyncSession, today: date) -> Sequence[tuple[int, int]]:
    """(workspace, person) of those whose break ends today or has ended, where they take part in a
    program that is not closed. Across workspaces."""
    rows = await session.execute(
        select(Enrollment.workspace_id, Enrollment.person_id)
        .join(Program, Program.id == Enrollment.program_id)
        .where(
            Program.state != ProgramState.CLOSED,
            Enrollment.state.in_(TAKING_PART),
            Enrollment.paused_since.is_not(None),
            Enrollment.paused_until <= today,
        )
        .distinct()
        .order_by(Enrollment.person_id)
    )
    return [(workspace_id, person_id) for workspace_id, person_id in rows]


async def profile(session: AsyncSession, person_id: int) -> Profile | None:
    return await session.scalar(select(Profile).where(Profile.person_id == person_id))


async def avoided(session: AsyncSession, person_ids: Collection[int]) -> Mapping[int, bytes]:
    """The sealed lists of these people, by person."""
    rows = await session.execute(
        select(Profile.person_id, Profile.avoided).where(Profile.person_id.in_(person_ids))
    )
    return dict(rows.all())


async def slack_users(
    session: AsyncSession, slack_ids: Collection[str]
) -> Sequence[tuple[str, int, bool]]:
    """(Slack id, our id, whether they take part) of those of these Slack users whom we know."""
    rows = await session.execute(
        select(Person.slack_user_id, Person.id, Person.active).where(
            Person.slack_user_id.in_(slack_ids)
        )
    )
    return [(slack_id or "", person_id, active) for slack_id, person_id, active in rows]
