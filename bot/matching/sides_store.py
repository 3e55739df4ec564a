"""The queries of what a program's match is made from."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    Enrollment,
    Hold,
    HoldKind,
    MatchRun,
    MatchRunState,
    Pair,
    PairState,
    Profile,
    Proposal,
)


async def pairs(session: AsyncSession, program_id: int) -> Sequence[tuple[int, int, PairState]]:
    """Mentor, mentee and state of every pair there is or was in the program."""
    rows = await session.execute(
        select(Pair.mentor_id, Pair.mentee_id, Pair.state).where(Pair.program_id == program_id)
    )
    return [(mentor_id, mentee_id, state) for mentor_id, mentee_id, state in rows]


async def acquaintances(session: AsyncSession, program_id: int) -> Sequence[tuple[int, int]]:
    """Mentor and mentee of every pair there is or was, in any program, of somebody in this one."""
    in_it = and_(Enrollment.program_id == program_id, Enrollment.person_id == Pair.mentor_id)
    rows = await session.execute(
        select(Pair.mentor_id, Pair.mentee_id).join(Enrollment, in_it).distinct()
    )
    return [(mentor_id, mentee_id) for mentor_id, mentee_id in rows]


async def profiles(session: AsyncSession, program_id: int) -> Mapping[int, Profile]:
    """Of everybody in the program, by person."""
    found = await session.scalars(
        select(Profile)
        .join(Enrollment, Enrollment.person_id == Profile.person_id)
        .where(Enrollment.program_id == program_id)
    )
    return {profile.person_id: profile for profile in found}


async def holds(session: AsyncSession, program_id: int) -> Mapping[tuple[int, int], HoldKind]:
    """By mentor's and mentee's id."""
    rows = await session.execute(
        select(Hold.mentor_id, Hold.mentee_id, Hold.kind).where(Hold.program_id == program_id)
    )
    return {(mentor_id, mentee_id): kind for mentor_id, mentee_id, kind in rows}


async def declined(session: AsyncSession, program_id: int) -> frozenset[tuple[int, int]]:
    """Mentor and mentee of whom one said no to the other when they were asked: which of the two is
    nobody's business."""
    rows = await session.execute(
        select(Proposal.mentor_id, Proposal.mentee_id)
        .join(MatchRun, MatchRun.id == Proposal.match_run_id)
        .where(
            MatchRun.program_id == program_id,
            or_(Proposal.mentor_says.is_(False), Proposal.mentee_says.is_(False)),
        )
    )
    return frozenset((mentor_id, mentee_id) for mentor_id, mentee_id in rows)


async def asked_about(
    session: AsyncSession, program_id: int, since: datetime
) -> Sequence[tuple[int, int, int]]:
    """(run, mentor, mentee) of all who were asked for their yes, in runs that are over."""
    rows = await session.execute(
        select(MatchRun.id, Proposal.mentor_id, Proposal.mentee_id)
        .join(Proposal, Proposal.match_run_id == MatchRun.id)
        .where(
            MatchRun.program_id == program_id,
            MatchRun.answer_by.is_not(None),
            MatchRun.answer_by >= since,
            MatchRun.state.in_((MatchRunState.PUBLISHED, MatchRunState.DROPPED)),
        )
    )
    return [(run_id, mentor_id, mentee_id) for run_id, mentor_id, mentee_id in rows]
