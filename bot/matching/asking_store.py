"""The queries of who is asked for their yes to a match."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.matching.store import AT_ONCE
from models import (
    Enrollment,
    EnrollmentState,
    MatchRun,
    MatchRunState,
    Person,
    Program,
    Proposal,
)


async def proposal(session: AsyncSession, proposal_id: int) -> Proposal | None:
    """As it is now: another transaction may have written to it."""
    return await session.scalar(
        select(Proposal).where(Proposal.id == proposal_id).execution_options(populate_existing=True)
    )


async def takes_part(session: AsyncSession, program_id: int, person_id: int) -> bool:
    """Whether somebody is enrolled in the program, and still works here."""
    found = (
        select(Enrollment.id)
        .join(Person, Person.id == Enrollment.person_id)
        .where(
            Enrollment.program_id == program_id,
            Enrollment.person_id == person_id,
            Enrollment.state == EnrollmentState.ENROLLED,
            Person.active,
        )
    )
    return await session.scalar(found) is not None


async def is_settled(session: AsyncSession, run_id: int) -> bool:
    """Whether all have said yes whose answer is needed."""
    found = select(MatchRun.id).where(MatchRun.id == run_id, _is_settled())
    return await session.scalar(found) is not None


async def due(session: AsyncSession, now: datetime) -> Sequence[tuple[int, int]]:
    """(workspace, run) of those whose people have had their time to answer, or have all said yes.
    Those of a program that has a break wait until it goes on. Across workspaces."""
    rows = await session.execute(
        select(MatchRun.workspace_id, MatchRun.id)
        .join(Program, Program.id == MatchRun.program_id)
        .where(
            MatchRun.state == MatchRunState.ASKING,
            Program.paused_at.is_(None),
            or_(MatchRun.answer_by <= now, _is_settled()),
        )
        .order_by(MatchRun.id)
    )
    return [(workspace_id, run_id) for workspace_id, run_id in rows]


async def lengthen(session: AsyncSession, until: datetime) -> None:
    """People of a program that has a break can answer until then at least. Across workspaces."""
    paused = select(Program.id).where(Program.paused_at.is_not(None))
    await session.execute(
        update(MatchRun)
        .where(
            MatchRun.state == MatchRunState.ASKING,
            MatchRun.answer_by < until,
            MatchRun.program_id.in_(paused),
        )
        .values(answer_by=until)
        .execution_options(synchronize_session=False)
    )


async def forget_answers(session: AsyncSession, run_id: int, made: Collection[int] = ()) -> None:
    """What remains is which of its proposals have come about: these."""
    of_run = update(Proposal).where(Proposal.match_run_id == run_id)
    await session.execute(
        of_run.values(mentor_says=None, mentee_says=None).execution_options(
            synchronize_session=False
        )
    )
    ids = sorted(made)
    for start in range(0, len(ids), AT_ONCE):
        await session.execute(
            of_run.where(Proposal.id.in_(ids[start : start + AT_ONCE]))
            .values(mentor_says=True, mentee_says=True)
            .execution_options(synchronize_session=False)
        )


def _is_settled() -> ColumnElement[bool]:
    """Whether no pair of the run is without two yeses. Of a pair that can't come about, as one of
    the two has left, has a break or sits this match out, no answer is needed."""
    two = []
    for person_id in (Proposal.mentor_id, Proposal.mentee_id):
        enrolled, person = aliased(Enrollment), aliased(Person)
        there = and_(
            enrolled.program_id == MatchRun.program_id,
            enrolled.person_id == person_id,
            enrolled.state == EnrollmentState.ENROLLED,
            enrolled.paused_since.is_(None),
            enrolled.skips_match.is_(False),
            person.active,
        )
        two.append(
            select(enrolled.id)
            .join(person, person.id == enrolled.person_id)
            .where(there)
            .correlate(MatchRun, Proposal)
            .exists()
        )
    yes = and_(Proposal.mentor_says.is_(True), Proposal.mentee_says.is_(True))
    still_open = select(Proposal.id).where(Proposal.match_run_id == MatchRun.id, *two, not_(yes))
    return not_(still_open.correlate(MatchRun).exists())
