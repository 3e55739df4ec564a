"""The queries of who works match runs out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    ScalarSelect,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.database import insert_new
from models import (
    Approval,
    Enrollment,
    EnrollmentState,
    LeftOver,
    MatchRun,
    MatchRunState,
    Proposal,
)

PORTION = 250
"""Rows in one statement: nobody else should have to wait until very many are written down."""


async def claim(
    session: AsyncSession, now: datetime, lease_until: datetime, *, below: int | None = None
) -> tuple[MatchRun | None, int]:
    """Takes a run that waits to be worked out, or whose copy died, of the program with the fewest
    people enrolled, and says how many they are; other copies leave it alone for the lease. `below`:
    only of one with fewer than so many. Across workspaces."""
    free = or_(MatchRun.lease_until.is_(None), MatchRun.lease_until <= now)
    size = _enrolled_in(MatchRun.program_id)
    found = await session.execute(
        select(MatchRun, size)
        .where(
            MatchRun.state == MatchRunState.REQUESTED,
            free,
            *(() if below is None else (size < below,)),
        )
        .order_by(size, MatchRun.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=MatchRun)
    )
    for run, people in found:
        run.lease_until = lease_until
        run.attempts += 1
        return run, people
    return None, 0


def _enrolled_in(program_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """How many people are enrolled in a program, with a partner or without."""
    return (
        select(func.count())
        .select_from(Enrollment)
        .where(Enrollment.program_id == program_id, Enrollment.state == EnrollmentState.ENROLLED)
        .scalar_subquery()
    )


async def renew(session: AsyncSession, run: MatchRun, lease_until: datetime, percent: int) -> bool:
    """Notes how far the run is. False when it is not this copy's any more: each attempt has its
    own number, and another copy has begun the next one."""
    return await _write(session, run, progress=percent, lease_until=lease_until)


async def hand_back(
    session: AsyncSession, run: MatchRun, attempts: int, until: datetime | None
) -> bool:
    """Leaves the run to whoever claims it first, from `until` on. False as `renew`."""
    return await _write(session, run, attempts=attempts, lease_until=until)


async def _write(session: AsyncSession, run: MatchRun, **columns: object) -> bool:
    result = await session.execute(
        update(MatchRun)
        .where(
            MatchRun.id == run.id,
            MatchRun.state == MatchRunState.REQUESTED,
            MatchRun.attempts == run.attempts,
        )
        .values(**columns)
        .execution_options(synchronize_session=False)
    )
    return bool(cast("CursorResult[Any]", result).rowcount)


async def keep(
    session: AsyncSession,
    run: MatchRun,
    proposals: Iterable[Mapping[str, object]],
    left_over: Iterable[Mapping[str, object]],
) -> None:
    """What a run has come to, by the names of the columns."""
    owner = {"workspace_id": run.workspace_id, "match_run_id": run.id}
    for model, rows in ((Proposal, iter(proposals)), (LeftOver, iter(left_over))):
        while some := [{**owner, **row} for row in islice(rows, PORTION)]:
            await insert_new(session, model, some)


async def replace_proposed(session: AsyncSession, run: MatchRun) -> Sequence[int]:
    """The program's earlier proposals make way for this one: nothing is kept of them but that they
    were there. Returns their ids. The caller holds the program."""
    replaced = (
        await session.scalars(
            select(MatchRun.id).where(
                MatchRun.program_id == run.program_id,
                MatchRun.state == MatchRunState.PROPOSED,
                MatchRun.id != run.id,
            )
        )
    ).all()
    for model in (Proposal, LeftOver, Approval):
        await session.execute(
            delete(model)
            .where(model.match_run_id.in_(replaced))
            .execution_options(synchronize_session=False)
        )
    await session.execute(
        update(MatchRun)
        .where(MatchRun.id.in_(replaced))
        .values(state=MatchRunState.DROPPED, certificate=None)
        .execution_options(synchronize_session="fetch")
    )
    return replaced
