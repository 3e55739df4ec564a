"""The programs' queries."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, bindparam, case, func, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    Enrollment,
    EnrollmentState,
    Pair,
    PairState,
    Person,
    Program,
    ProgramManager,
    Role,
)

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


async def waiting(session: AsyncSession, program_id: int) -> Sequence[tuple[Enrollment, Person]]:
    """Those who can be matched: enrolled, with room for another pair, without a break, not leaving
    this match out, and with their lesson done where the program asks for it."""
    rows = await session.execute(
        select(Enrollment, Person)
        .join(Person, Person.id == Enrollment.person_id)
        .join(Program, Program.id == Enrollment.program_id)
        .where(
            Enrollment.program_id == program_id,
            Enrollment.state == EnrollmentState.ENROLLED,
            *_could_be_matched(),
            not_(or_(*HINDRANCES.values())),
        )
        .order_by(Person.id)
    )
    return [(enrolled, person) for enrolled, person in rows]


async def not_ready(session: AsyncSession, program_id: int) -> dict[str, int]:
    """How many wait who cannot be matched just now, by the first reason in HINDRANCES, or
    `undecided`; only reasons that somebody has."""
    undecided = Enrollment.state.in_((EnrollmentState.APPLIED, EnrollmentState.TALKING))
    reason = case(
        (undecided, "undecided"), *((found, name) for name, found in HINDRANCES.items()), else_=""
    )
    rows = await session.execute(
        select(reason, func.count())
        .select_from(Enrollment)
        .join(Person, Person.id == Enrollment.person_id)
        .join(Program, Program.id == Enrollment.program_id)
        .where(
            Enrollment.program_id == program_id,
            or_(Enrollment.state == EnrollmentState.ENROLLED, undecided),
            *_could_be_matched(),
        )
        .group_by(reason)
    )
    return {name: count for name, count in rows if name}


async def clear_skips(session: AsyncSession, program_id: int) -> None:
    """Whoever left the last match out is in the next one again."""
    await session.execute(
        update(Enrollment)
        .where(Enrollment.program_id == program_id, Enrollment.skips_match)
        .values(skips_match=False)
    )


HINDRANCES: Mapping[str, ColumnElement[bool]] = {
    "paused": Enrollment.paused_since.is_not(None),
    "skipping": Enrollment.skips_match.is_(True),
    "lesson": and_(Program.training_required.is_(True), Enrollment.lesson_done_at.is_(None)),
}
"""What keeps somebody who is enrolled out of a match."""


def _could_be_matched() -> tuple[ColumnElement[bool], ...]:
    """Still here, with a level, and with fewer pairs than their side may have: only one that has
    ended without being completed leaves room for another."""
    pairs = (
        select(func.count())
        .select_from(Pair)
        .where(
            Pair.program_id == Enrollment.program_id,
            or_(Pair.mentor_id == Enrollment.person_id, Pair.mentee_id == Enrollment.person_id),
            Pair.state != PairState.ENDED,
        )
        .correlate(Enrollment)
        .scalar_subquery()
    )
    room = case(
        (Enrollment.role == Role.MENTOR, Program.mentor_capacity), else_=Program.mentee_capacity
    )
    return (Person.active.is_(True), Person.level.is_not(None), pairs < room)
