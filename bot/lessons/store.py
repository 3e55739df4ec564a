"""The lessons' queries."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Enrollment, EnrollmentState, Program


async def of_person(session: AsyncSession, person_id: int) -> Sequence[tuple[Enrollment, Program]]:
    """Where the person takes part, the newest program first. Their rows are locked: of two windows
    in which somebody turns a page at once, the second waits for the first."""
    rows = await session.execute(
        select(Enrollment, Program)
        .join(Program, Program.id == Enrollment.program_id)
        .where(
            Enrollment.person_id == person_id,
            Enrollment.state == EnrollmentState.ENROLLED,
        )
        .order_by(Program.id.desc())
        .with_for_update(of=Enrollment)
    )
    return [(enrollment, program) for enrollment, program in rows]
