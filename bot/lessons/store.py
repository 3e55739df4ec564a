"""The lessons' queries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, cast, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Delivery, Enrollment, EnrollmentState, Person, Program, ProgramState

REMINDER = "lesson_open"
"""The kind of the reminder; its dedupe key is this, the enrollment and `once`."""


async def of_person(session: AsyncSession, person_id: int) -> Sequence[tuple[Enrollment, Program]]:
    """Where the person takes part, the newest program first."""
    rows = await session.execute(
        select(Enrollment, Program)
        .join(Program, Program.id == Enrollment.program_id)
        .where(
            Enrollment.person_id == person_id,
            Enrollment.state == EnrollmentState.ENROLLED,
        )
        .order_by(Program.id.desc())
    )
    return [(enrollment, program) for enrollment, program in rows]


async def to_remind(
    session: AsyncSession, joined_before: datetime
) -> Sequence[tuple[Enrollment, Program, Person]]:
    """Who has been in a running program since then, cannot be matched before they have read their
    lesson, and has not been reminded of it yet; on a break, nobody is. Across workspaces."""
    key = literal(f"{REMINDER}:") + cast(Enrollment.id, String) + literal(":once")
    reminded = select(Delivery.id).where(
        Delivery.workspace_id == Enrollment.workspace_id, Delivery.dedupe_key == key
    )
    rows = await session.execute(
        select(Enrollment, Program, Person)
        .join(Program, Program.id == Enrollment.program_id)
        .join(Person, Person.id == Enrollment.person_id)
        .where(
            Program.state == ProgramState.RUNNING,
            Program.training_required,
            Program.paused_at.is_(None),
            Enrollment.state == EnrollmentState.ENROLLED,
            Enrollment.lesson_done_at.is_(None),
            Enrollment.paused_since.is_(None),
            Enrollment.joined_at <= joined_before,
            Person.active,
            Person.slack_user_id.is_not(None),
            ~reminded.exists(),
        )
        .order_by(Enrollment.id)
    )
    return [(enrollment, program, person) for enrollment, program, person in rows]


async def lock(session: AsyncSession, enrollment: Enrollment) -> None:
    """As it is now, and nobody changes it until this transaction is over."""
    await session.refresh(enrollment, with_for_update=True)
