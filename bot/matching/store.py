"""The match runs' queries."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import MatchRun, Person, Proposal


async def run_to_publish(session: AsyncSession, run_id: int) -> MatchRun | None:
    """Locked, so that of two managers publishing at once one waits for the other."""
    return await session.get(MatchRun, run_id, with_for_update=True)


async def proposals(session: AsyncSession, run_id: int) -> Sequence[Proposal]:
    """The best first."""
    found = await session.scalars(
        select(Proposal)
        .where(Proposal.match_run_id == run_id)
        .order_by(Proposal.score.desc(), Proposal.id)
    )
    return found.all()


async def people(session: AsyncSession, ids: Sequence[int]) -> dict[int, Person]:
    found = await session.scalars(select(Person).where(Person.id.in_(ids)))
    return {person.id: person for person in found}
