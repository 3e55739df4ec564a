"""The queries of who looks at a match run and changes it by hand. Of a big one nothing reads more
than a page, but what says so."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.views.modals.match_decisions import Decided
from bot.views.modals.match_run import Counts, LeftAlone, Listed, Two
from models import (
    Approval,
    Decision,
    Hold,
    HoldKind,
    LeftOver,
    MatchRun,
    MatchRunState,
    Person,
    Proposal,
)

MENTOR, MENTEE, WHO = aliased(Person), aliased(Person), aliased(Person)


async def counts(session: AsyncSession, run: MatchRun) -> Counts:
    pairs = select(func.count(), func.count().filter(Proposal.locked)).where(
        Proposal.match_run_id == run.id
    )
    [(all_pairs, locked)] = await session.execute(pairs)
    left_over = await session.execute(
        select(LeftOver.role, func.count())
        .where(LeftOver.match_run_id == run.id)
        .group_by(LeftOver.role)
    )
    never = await session.scalar(
        select(func.count())
        .select_from(Hold)
        .where(Hold.program_id == run.program_id, Hold.kind == HoldKind.FORBIDDEN)
    )
    by_role = {role: int(count) for role, count in left_over}
    return Counts(all_pairs, locked, by_role, never or 0)


async def listed(
    session: AsyncSession, run: MatchRun, what: Listed, *, skip: int, limit: int
) -> Sequence[Two | LeftAlone]:
    if what is Listed.LEFT_OVER:
        return await _left_over(session, run, skip, limit)
    if what is Listed.NEVER:
        return await _never(session, run, skip, limit)
    score = Proposal.score.asc() if what is Listed.WEAKEST else Proposal.score.desc()
    rows = await session.execute(
        select(MENTOR, MENTEE, Proposal)
        .join(MENTOR, MENTOR.id == Proposal.mentor_id)
        .join(MENTEE, MENTEE.id == Proposal.mentee_id)
        .where(
            Proposal.match_run_id == run.id,
            *([Proposal.locked] if what is Listed.LOCKED else []),
        )
        .order_by(score, Proposal.id)
        .offset(skip)
        .limit(limit)
    )
    return [Two(*row) for row in rows]


async def _left_over(
    session: AsyncSession, run: MatchRun, skip: int, limit: int
) -> Sequence[LeftAlone]:
    rows = await session.execute(
        select(Person, LeftOver)
        .join(LeftOver, LeftOver.person_id == Person.id)
        .where(LeftOver.match_run_id == run.id)
        .order_by(LeftOver.role, Person.name, Person.id)
        .offset(skip)
        .limit(limit)
    )
    return [LeftAlone(*row) for row in rows]


async def _never(session: AsyncSession, run: MatchRun, skip: int, limit: int) -> Sequence[Two]:
    rows = await session.execute(
        select(MENTOR, MENTEE, Hold)
        .join(MENTOR, MENTOR.id == Hold.mentor_id)
        .join(MENTEE, MENTEE.id == Hold.mentee_id)
        .where(Hold.program_id == run.program_id, Hold.kind == HoldKind.FORBIDDEN)
        .order_by(Hold.id)
        .offset(skip)
        .limit(limit)
    )
    return [Two(*row) for row in rows]


async def newest_after(session: AsyncSession, run_id: int) -> MatchRun | None:
    """The newest run of the same program that is younger than this one, if it has been worked out
    and was not dropped."""
    program_id = select(MatchRun.program_id).where(MatchRun.id == run_id).scalar_subquery()
    found = select(MatchRun).where(
        MatchRun.program_id == program_id,
        MatchRun.id > run_id,
        MatchRun.state.not_in((MatchRunState.REQUESTED, MatchRunState.DROPPED)),
    )
    return await session.scalar(found.order_by(MatchRun.id.desc()).limit(1))


async def total(session: AsyncSession, run_id: int) -> float:
    """All scores of its pairs together."""
    found = await session.scalar(
        select(func.sum(Proposal.score)).where(Proposal.match_run_id == run_id)
    )
    return found or 0.0


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


async def two(session: AsyncSession, run_id: int) -> Sequence[tuple[int, int]]:
    """Mentor and mentee of all its pairs."""
    rows = await session.execute(
        select(Proposal.mentor_id, Proposal.mentee_id)
        .where(Proposal.match_run_id == run_id)
        .order_by(Proposal.id)
    )
    return [(mentor_id, mentee_id) for mentor_id, mentee_id in rows]


async def left_over_ids(session: AsyncSession, run_id: int) -> Sequence[int]:
    """Of all whom it left over."""
    found = select(LeftOver.person_id).where(LeftOver.match_run_id == run_id)
    return (await session.scalars(found)).all()


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


async def count_decisions(session: AsyncSession, program_id: int) -> int:
    found = select(func.count()).select_from(Decision).where(Decision.program_id == program_id)
    return await session.scalar(found) or 0


async def decisions(
    session: AsyncSession, program_id: int, *, skip: int, limit: int
) -> Sequence[Decided]:
    """The newest first."""
    rows = await session.execute(
        select(Decision, WHO, MENTOR, MENTEE)
        .outerjoin(WHO, WHO.id == Decision.person_id)
        .outerjoin(MENTOR, MENTOR.id == Decision.mentor_id)
        .outerjoin(MENTEE, MENTEE.id == Decision.mentee_id)
        .where(Decision.program_id == program_id)
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .offset(skip)
        .limit(limit)
    )
    return [Decided(*row) for row in rows]


async def everybody(
    session: AsyncSession, run_id: int
) -> Sequence[tuple[str, int | None, float | None]]:
    """The department and level of everybody in the run, and the mean score of their pairs, None
    without any."""
    found: list[tuple[str, int | None, float | None]] = []
    for side in (Proposal.mentor_id, Proposal.mentee_id):
        rows = await session.execute(
            select(Person.department, Person.level, func.avg(Proposal.score))
            .join(Proposal, side == Person.id)
            .where(Proposal.match_run_id == run_id)
            .group_by(Person.id, Person.department, Person.level)
        )
        found += [(department, level, score) for department, level, score in rows]
    left_over = await session.execute(
        select(Person.department, Person.level)
        .join(LeftOver, LeftOver.person_id == Person.id)
        .where(LeftOver.match_run_id == run_id)
    )
    return [*found, *((department, level, None) for department, level in left_over)]
