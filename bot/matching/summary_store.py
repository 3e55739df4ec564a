"""The queries of what the admin channel reads of a match run. None asks for a name."""

from collections.abc import Sequence

from sqlalchemy import and_, func, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    Approval,
    Enrollment,
    EnrollmentState,
    Hold,
    HoldKind,
    LeftOver,
    MatchRun,
    Person,
    ProgramManager,
    Proposal,
    Role,
)
from models.match_run import Point

SIDES = (Proposal.mentor_id, Proposal.mentee_id)
BOTH_SAID_YES = and_(Proposal.mentor_says.is_(True), Proposal.mentee_says.is_(True))


async def scores(session: AsyncSession, run_id: int) -> Sequence[float]:
    found = select(Proposal.score).where(Proposal.match_run_id == run_id)
    return (await session.scalars(found)).all()


async def locked(session: AsyncSession, run_id: int) -> int:
    """How many of its pairs managers have locked."""
    found = select(func.count()).where(Proposal.match_run_id == run_id, Proposal.locked)
    return await session.scalar(found) or 0


async def skipped(session: AsyncSession, run: MatchRun) -> int:
    """How many locks of the program the run could not keep."""
    kept = select(Proposal.id).where(
        Proposal.match_run_id == run.id,
        Proposal.mentor_id == Hold.mentor_id,
        Proposal.mentee_id == Hold.mentee_id,
    )
    found = (
        select(func.count())
        .select_from(Hold)
        .where(Hold.program_id == run.program_id, Hold.kind == HoldKind.LOCKED, ~kept.exists())
    )
    return await session.scalar(found) or 0


async def left_over(session: AsyncSession, run_id: int) -> Sequence[tuple[Role, Point]]:
    """The side of each whom it left over, and what would help them."""
    rows = await session.execute(
        select(LeftOver.role, LeftOver.help).where(LeftOver.match_run_id == run_id)
    )
    return [(role, help_) for role, help_ in rows]


async def approvers(session: AsyncSession, run: MatchRun) -> Sequence[Person]:
    """Who manages the program now and has approved the run, the first one first."""
    found = await session.scalars(
        select(Person)
        .join(Approval, Approval.person_id == Person.id)
        .join(ProgramManager, ProgramManager.person_id == Person.id)
        .where(
            Approval.match_run_id == run.id,
            ProgramManager.program_id == run.program_id,
            Person.active,
        )
        .order_by(Approval.approved_at, Approval.id)
    )
    return found.all()


async def asked(session: AsyncSession, run_id: int) -> tuple[int, int]:
    """How many people its pairs are made of, and how many of the pairs came about."""
    of_run = Proposal.match_run_id == run_id
    everybody = union(*(select(side).where(of_run) for side in SIDES)).subquery()
    people = await session.scalar(select(func.count()).select_from(everybody))
    made = await session.scalar(select(func.count()).where(of_run, BOTH_SAID_YES))
    return people or 0, made or 0


async def is_enrolled(session: AsyncSession, program_id: int, ids: Sequence[int]) -> bool:
    """Whether any of these takes part in the program."""
    found = select(Enrollment.id).where(
        Enrollment.program_id == program_id,
        Enrollment.person_id.in_(ids),
        Enrollment.state == EnrollmentState.ENROLLED,
    )
    return await session.scalar(found.limit(1)) is not None
