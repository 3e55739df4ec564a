"""The queries of who waits for another partner."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    LeftOver,
    MatchRun,
    MatchRunState,
    Pair,
    PairState,
    Program,
    ProgramState,
    Proposal,
)


async def programs(session: AsyncSession) -> Sequence[tuple[int, int]]:
    """(workspace, program) of those that go on and in which a pair has ended early. Across
    workspaces."""
    ended = select(Pair.id).where(Pair.program_id == Program.id, Pair.state == PairState.ENDED)
    rows = await session.execute(
        select(Program.workspace_id, Program.id)
        .where(Program.state == ProgramState.RUNNING, Program.paused_at.is_(None), ended.exists())
        .order_by(Program.id)
    )
    return [(workspace_id, program_id) for workspace_id, program_id in rows]


async def parted(session: AsyncSession, program_id: int) -> frozenset[int]:
    """Whose pair has ended early."""
    rows = await session.execute(
        select(Pair.mentor_id, Pair.mentee_id).where(
            Pair.program_id == program_id, Pair.state == PairState.ENDED
        )
    )
    return frozenset(person_id for two in rows for person_id in two)


async def proposed(session: AsyncSession, program_id: int) -> tuple[frozenset[int], frozenset[int]]:
    """Who is in a pair of a run that waits for approval, and whom it has left over."""
    waits = (MatchRun.program_id == program_id, MatchRun.state == MatchRunState.PROPOSED)
    pairs = await session.execute(
        select(Proposal.mentor_id, Proposal.mentee_id)
        .join(MatchRun, MatchRun.id == Proposal.match_run_id)
        .where(*waits)
    )
    alone = await session.scalars(
        select(LeftOver.person_id)
        .join(MatchRun, MatchRun.id == LeftOver.match_run_id)
        .where(*waits)
    )
    return frozenset(person_id for two in pairs for person_id in two), frozenset(alone)
