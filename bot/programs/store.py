"""The programs' queries."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from bot.pairs import store as pairs
from models import (
    Enrollment,
    EnrollmentState,
    Person,
    Program,
    ProgramManager,
    Role,
)

PORTION = 250
"""Rows that become people at once."""

MANAGED_BY = (
    select(Program)
    .join(ProgramManager, ProgramManager.program_id == Program.id)
    .where(ProgramManager.person_id == bindparam("person_id"))
    .order_by(Program.id.desc())
)


async def named(session: AsyncSession, name: str) -> Program | None:
    return await session.scalar(select(Program).where(Program.name == name))


async def managed_by(session: AsyncSession, person_id: int) -> Sequence[Program]:
    """The newest first."""
    return (await session.scalars(MANAGED_BY, {"person_id": person_id})).all()


async def waiting(
    session: AsyncSession, program_id: int, *, among: Collection[int] | None = None
) -> Sequence[tuple[Enrollment, Person]]:
    """Those who can be matched; `among` a few, or else all of them. Of some thousand people they
    are read in portions, so that nobody else has to wait for them all."""
    query = of_waiting(program_id, Enrollment, Person).order_by(Person.id)
    if among is not None:
        query = query.where(Enrollment.person_id.in_(among))
    rows = await session.stream(query.execution_options(yield_per=PORTION))
    found: list[tuple[Enrollment, Person]] = []
    async for some in rows.partitions():
        found += [(enrolled, person) for enrolled, person in some]
        await asyncio.sleep(0)
    return found


def of_waiting(program_id: int, *what: Any) -> Select[Any]:
    """The query of `what` is wanted of those who can be matched: columns of Enrollment or Person,
    or these themselves."""
    taken = pairs.taken([program_id])
    return (
        select(*what)
        .select_from(Enrollment)
        .join(Person, Person.id == Enrollment.person_id)
        .join(Program, Program.id == Enrollment.program_id)
        .outerjoin(taken, pairs.of_enrollment(taken))
        .where(Enrollment.program_id == program_id, is_waiting(taken))
    )


async def not_ready(
    session: AsyncSession, program_id: int
) -> Sequence[tuple[Enrollment, Person, str]]:
    """Those who would like a partner and cannot be matched just now, with the first reason in
    HINDRANCES."""
    reason = case(*((found, name) for name, found in HINDRANCES.items()), else_="")
    not_in_yet = Enrollment.state.in_(
        (EnrollmentState.APPLIED, EnrollmentState.TALKING, EnrollmentState.WAITLISTED)
    )
    taken = pairs.taken([program_id])
    rows = await session.execute(
        select(Enrollment, Person, reason)
        .join(Person, Person.id == Enrollment.person_id)
        .join(Program, Program.id == Enrollment.program_id)
        .outerjoin(taken, pairs.of_enrollment(taken))
        .where(
            Enrollment.program_id == program_id,
            or_(and_(not_in_yet, Person.active), _has_room(taken)),
            or_(*HINDRANCES.values()),
        )
        .order_by(Person.id)
    )
    return [(enrolled, person, why) for enrolled, person, why in rows]


async def clear_skips(session: AsyncSession, program_id: int) -> None:
    """Whoever left the last match out is in the next one again."""
    await session.execute(
        update(Enrollment)
        .where(Enrollment.program_id == program_id, Enrollment.skips_match)
        .values(skips_match=False)
    )


def is_waiting(taken: Subquery) -> ColumnElement[bool]:
    """Whether somebody can be matched: enrolled, with room for another pair, without a break, not
    leaving this match out, and with their lesson done where the program asks for it. For queries
    of enrollments with their program and person, and what is `taken` of the person's room."""
    return and_(_has_room(taken), not_(or_(*HINDRANCES.values())))


HINDRANCES: Mapping[str, ColumnElement[bool]] = {
    "undecided": Enrollment.state.in_((EnrollmentState.APPLIED, EnrollmentState.TALKING)),
    "waitlisted": Enrollment.state == EnrollmentState.WAITLISTED,
    "paused": Enrollment.paused_since.is_not(None),
    "skipping": Enrollment.skips_match.is_(True),
    "lesson": and_(Program.training_required.is_(True), Enrollment.lesson_done_at.is_(None)),
}
"""What keeps somebody who would like a partner out of a match."""


def _has_room(taken: Subquery) -> ColumnElement[bool]:
    """Enrolled, still here, with a level, and with fewer pairs than their side may have: only one
    that has ended without being completed leaves room for another."""
    room = case(
        (Enrollment.role == Role.MENTOR, Program.mentor_capacity), else_=Program.mentee_capacity
    )
    return and_(
        Enrollment.state == EnrollmentState.ENROLLED,
        Person.active.is_(True),
        Person.level.is_not(None),
        func.coalesce(taken.c.pairs, 0) < room,
    )
