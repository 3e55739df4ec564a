"""The queries of support."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.support import quiet
from models import Cadence, Goal, Meeting, Pair, PairState, Person, Program

MENTOR, MENTEE = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Quiet:
    """An active pair of which nothing has been heard by the calendar. `last_met` is the last period
    it met in."""

    pair: Pair
    program: Program
    mentor: Person
    mentee: Person
    last_met: int | None


async def quiet_pairs(
    session: AsyncSession, now: datetime, after_id: int, limit: int
) -> Sequence[Quiet]:
    """The next ones in the order of their ids that no meeting and no goal has been heard of for as
    long as `quiet.after` says, nor been asked of late. Across workspaces; locked, and another copy
    leaves them alone."""
    last_met = select(func.max(Meeting.number)).where(_of_pair(Meeting)).scalar_subquery()
    asked_before = now.date() - quiet.ASKED_AGAIN
    rows = await session.execute(
        select(Pair, Program, MENTOR, MENTEE, last_met)
        .join(Program, Program.id == Pair.program_id)
        .join(MENTOR, MENTOR.id == Pair.mentor_id)
        .join(MENTEE, MENTEE.id == Pair.mentee_id)
        .where(
            Pair.id > after_id,
            Pair.state == PairState.ACTIVE,
            or_(Pair.asked_on.is_(None), Pair.asked_on <= asked_before),
            or_(*(_silent(cadence, now) for cadence in Cadence)),
        )
        .order_by(Pair.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Pair)
    )
    return [Quiet(*row) for row in rows]


def _silent(cadence: Cadence, now: datetime) -> ColumnElement[bool]:
    since = now - quiet.after(cadence)
    met = select(Meeting.id).where(_of_pair(Meeting), Meeting.reported_at > since)
    aims = select(Goal.id).where(_of_pair(Goal), Goal.created_at > since)
    return and_(
        Program.cadence == cadence,
        Pair.first_week_on <= since.date(),
        ~met.exists(),
        ~aims.exists(),
    )


def _of_pair(table: type[Meeting] | type[Goal]) -> ColumnElement[bool]:
    """With the workspace, which their indexes begin with."""
    return and_(table.workspace_id == Pair.workspace_id, table.pair_id == Pair.id)
