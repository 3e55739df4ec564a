"""The queries of who changes a match run by hand."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Approval, Hold, LeftOver, Proposal


async def proposal(
    session: AsyncSession, run_id: int, mentor_id: int, mentee_id: int
) -> Proposal | None:
    return await session.scalar(
        select(Proposal).where(
            Proposal.match_run_id == run_id,
            Proposal.mentor_id == mentor_id,
            Proposal.mentee_id == mentee_id,
        )
    )


async def of_people(
    session: AsyncSession, run_id: int, person_ids: Collection[int]
) -> Sequence[Proposal]:
    """The pairs with any of these people, the weakest first."""
    found = await session.scalars(
        select(Proposal)
        .where(
            Proposal.match_run_id == run_id,
            or_(Proposal.mentor_id.in_(person_ids), Proposal.mentee_id.in_(person_ids)),
        )
        .order_by(Proposal.score, Proposal.id)
    )
    return found.all()


async def not_left_over(session: AsyncSession, run_id: int, person_ids: Collection[int]) -> None:
    await session.execute(
        delete(LeftOver)
        .where(LeftOver.match_run_id == run_id, LeftOver.person_id.in_(person_ids))
        .execution_options(synchronize_session=False)
    )


async def hold(
    session: AsyncSession, program_id: int, mentor_id: int, mentee_id: int
) -> Hold | None:
    return await session.scalar(
        select(Hold).where(
            Hold.program_id == program_id,
            Hold.mentor_id == mentor_id,
            Hold.mentee_id == mentee_id,
        )
    )


async def forget_approvals(session: AsyncSession, run_id: int) -> bool:
    """Whether there were any."""
    gone = await session.scalars(
        delete(Approval)
        .where(Approval.match_run_id == run_id)
        .returning(Approval.id)
        .execution_options(synchronize_session=False)
    )
    return bool(gone.all())
