"""Every choice of a manager about a program's matches is written down."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.runtime import Runtime
from models import Decision, DecisionKind, Person, Program


async def decided(
    session: AsyncSession,
    runtime: Runtime,
    program: Program,
    person: Person | None,
    kind: DecisionKind,
    mentor_id: int | None = None,
    mentee_id: int | None = None,
) -> None:
    """Keeps that this manager decided so now; nobody where the app acts by itself. It is nothing
    that anybody is told of: managers find it under “Decisions”."""
    session.add(
        Decision(
            program_id=program.id,
            person_id=person.id if person else None,
            kind=kind,
            mentor_id=mentor_id,
            mentee_id=mentee_id,
            decided_at=runtime.clock(),
        )
    )
