"""The queries of what a program's match is made from."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
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

PORTION = 250
"""Rows that become objects at once, so that nobody else has to wait for all of some thousand."""

OVER = (MatchRunState.PUBLISHED, MatchRunState.DROPPED)

Only = Collection[int] | None
"""The few people that are asked about; None: everybody in the program."""


async def pairs(
    session: AsyncSession, program_id: int, only: Only = None
) -> Sequence[tuple[int, int, PairState]]:
    """Mentor, mentee and state of every pair there is or was in the program."""
    of_program = (Pair.program_id == program_id, *_of(only))
    rows = await session.execute(
        select(Pair.mentor_id, Pair.mentee_id, Pair.state).where(*of_program)
    )
    return [(mentor_id, mentee_id, state) for mentor_id, mentee_id, state in rows]


async def acquaintances(
    session: AsyncSession, program_id: int, only: Only = None
) -> Sequence[tuple[int, int]]:
    """Mentor and mentee of every pair there is or was, in any program, of somebody in this one."""
    in_it = and_(Enrollment.program_id == program_id, Enrollment.person_id == Pair.mentor_id)
    query = select(Pair.mentor_id, Pair.mentee_id).join(Enrollment, in_it).where(*_of(only))
    rows = await session.execute(query.distinct())
    return [(mentor_id, mentee_id) for mentor_id, mentee_id in rows]


async def profiles(
    session: AsyncSession, program_id: int, only: Only = None
) -> Mapping[int, Profile]:
    """Of everybody in the program, by person."""
    query = (
        select(Profile)
        .join(Enrollment, Enrollment.person_id == Profile.person_id)
        .where(Enrollment.program_id == program_id)
    )
    if only is not None:
        query = query.where(Profile.person_id.in_(only))
    rows = await session.stream_scalars(query.execution_options(yield_per=PORTION))
    found: dict[int, Profile] = {}
    async for some in rows.partitions():
        found |= {profile.person_id: profile for profile in some}
        await asyncio.sleep(0)
    return found


def _of(only: Only) -> Sequence[ColumnElement[bool]]:
    """Only pairs with one of these people in them."""
    if only is None:
        return ()
    return (or_(Pair.mentor_id.in_(only), Pair.mentee_id.in_(only)),)


async def holds(session: AsyncSession, program_id: int) -> Mapping[tuple[int, int], HoldKind]:
    """By mentor's and mentee's id."""
    rows = await session.execute(
        select(Hold.mentor_id, Hold.mentee_id, Hold.kind).where(Hold.program_id == program_id)
    )
    return {(mentor_id, mentee_id): kind for mentor_id, mentee_id, kind in rows}


async def asked_before(session: AsyncSession, program_id: int) -> frozenset[tuple[int, int]]:
    """Mentor and mentee of all who were asked for their yes to one another, in runs that are over.
    Where they are no pair, nothing tells a no from silence."""
    rows = await session.execute(
        select(Proposal.mentor_id, Proposal.mentee_id)
        .join(MatchRun, MatchRun.id == Proposal.match_run_id)
        .where(
            MatchRun.program_id == program_id,
            MatchRun.answer_by.is_not(None),
            MatchRun.state.in_(OVER),
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
            MatchRun.state.in_(OVER),
        )
    )
    return [(run_id, mentor_id, mentee_id) for run_id, mentor_id, mentee_id in rows]
