"""The match runs' queries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import insert_new
from models import Approval, MatchRun, Pair, PairState, Person, ProgramManager, Proposal


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


async def pairs(session: AsyncSession, program_id: int) -> Sequence[tuple[int, int, PairState]]:
    """Mentor, mentee and state of every pair there is or was in the program."""
    rows = await session.execute(
        select(Pair.mentor_id, Pair.mentee_id, Pair.state).where(Pair.program_id == program_id)
    )
    return [(mentor_id, mentee_id, state) for mentor_id, mentee_id, state in rows]


async def approve(session: AsyncSession, run: MatchRun, person_id: int, now: datetime) -> bool:
    """False when this person has approved the run before."""
    row = {
        "workspace_id": run.workspace_id,
        "match_run_id": run.id,
        "person_id": person_id,
        "approved_at": now,
    }
    return await insert_new(session, Approval, [row]) == 1


async def approvals(session: AsyncSession, run: MatchRun) -> int:
    """How many who manage the program now, and have not left, have approved the run."""
    found = await session.scalars(
        select(func.count())
        .select_from(Approval)
        .join(ProgramManager, ProgramManager.person_id == Approval.person_id)
        .join(Person, Person.id == Approval.person_id)
        .where(
            Approval.match_run_id == run.id,
            ProgramManager.program_id == run.program_id,
            Person.active,
        )
    )
    return found.one()
