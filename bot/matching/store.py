"""The match runs' queries. What a match is made from is in `sides_store`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    delete,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import insert_new
from bot.programs import store as programs
from models import (
    Approval,
    Enrollment,
    EnrollmentState,
    Hold,
    HoldKind,
    LeftOver,
    MatchRun,
    MatchRunState,
    Person,
    Program,
    ProgramManager,
    Proposal,
    Role,
)

AT_ONCE = 1000
"""Rows in one statement."""
UNDER_WAY = (MatchRunState.REQUESTED, MatchRunState.ASKING)
"""The states of a run beside which there is no other in its program."""


async def locked_run(session: AsyncSession, run_id: int) -> tuple[Program, MatchRun] | None:
    """A run and its program, for whoever changes something about it: of two at once, the second
    waits for the first. Always in this order, so that nobody waits in a circle."""
    program_id = await session.scalar(select(MatchRun.program_id).where(MatchRun.id == run_id))
    if program_id is None:
        return None
    program = await session.get_one(
        Program, program_id, with_for_update=True, populate_existing=True
    )
    run = await session.get_one(MatchRun, run_id, with_for_update=True, populate_existing=True)
    return program, run


async def run(session: AsyncSession, run_id: int) -> tuple[Program, MatchRun] | None:
    found = await session.get(MatchRun, run_id)
    if found is None:
        return None
    return await session.get_one(Program, found.program_id), found


async def under_way(session: AsyncSession, program_id: int) -> MatchRun | None:
    """The run that is being worked out, or whose people are being asked."""
    found = select(MatchRun).where(MatchRun.program_id == program_id, MatchRun.state.in_(UNDER_WAY))
    return await session.scalar(found.order_by(MatchRun.id.desc()).limit(1))


async def waiting(session: AsyncSession, program_id: int) -> Mapping[int, Role]:
    """The sides of all who can be matched (`bot.programs.store.waiting`), and nothing else of
    them: of some thousand people that is soon read."""
    query = programs.of_waiting(program_id, Enrollment.person_id, Enrollment.role)
    return dict((await session.execute(query)).all())


async def enrolled(
    session: AsyncSession, program_id: int, person_ids: Collection[int]
) -> frozenset[int]:
    """Who of these is enrolled in the program, whether they can be matched just now or not."""
    found = await session.scalars(
        select(Enrollment.person_id).where(
            Enrollment.program_id == program_id,
            Enrollment.person_id.in_(person_ids),
            Enrollment.state == EnrollmentState.ENROLLED,
        )
    )
    return frozenset(found)


async def is_in(session: AsyncSession, run_id: int, person_id: int) -> bool:
    """Whether the run proposes a pair of this person, or has left them over."""
    theirs = or_(Proposal.mentor_id == person_id, Proposal.mentee_id == person_id)
    paired = select(Proposal.id).where(Proposal.match_run_id == run_id, theirs)
    if await session.scalar(paired.limit(1)) is not None:
        return True
    alone = (LeftOver.match_run_id == run_id, LeftOver.person_id == person_id)
    return await session.scalar(select(LeftOver.id).where(*alone)) is not None


async def is_being_approved(session: AsyncSession, program_id: int) -> bool:
    """Whether somebody has said yes to a run that waits for the yes of others."""
    found = (
        select(Approval.id)
        .join(MatchRun, MatchRun.id == Approval.match_run_id)
        .where(MatchRun.program_id == program_id, MatchRun.state == MatchRunState.PROPOSED)
    )
    return await session.scalar(found.limit(1)) is not None


async def proposals(session: AsyncSession, run_id: int) -> Sequence[Proposal]:
    """The best first."""
    found = await session.scalars(
        select(Proposal)
        .where(Proposal.match_run_id == run_id)
        .order_by(Proposal.score.desc(), Proposal.id)
    )
    return found.all()


async def people(session: AsyncSession, ids: Sequence[int]) -> dict[int, Person]:
    found: dict[int, Person] = {}
    for start in range(0, len(ids), AT_ONCE):
        some = await session.scalars(
            select(Person).where(Person.id.in_(ids[start : start + AT_ONCE]))
        )
        found |= {person.id: person for person in some}
    return found


async def made_by_hand(session: AsyncSession, program_id: int) -> frozenset[tuple[int, int]]:
    """Mentor and mentee of the locks that a manager made a pair for."""
    rows = await session.execute(
        select(Hold.mentor_id, Hold.mentee_id).where(
            Hold.program_id == program_id, Hold.kind == HoldKind.LOCKED, Hold.by_hand
        )
    )
    return frozenset((mentor_id, mentee_id) for mentor_id, mentee_id in rows)


async def unlock(session: AsyncSession, program_id: int, made: Collection[tuple[int, int]]) -> None:
    """These have become pairs, and need no lock any more."""
    two = tuple_(Hold.mentor_id, Hold.mentee_id)
    these = list(made)
    for start in range(0, len(these), AT_ONCE):
        await session.execute(
            delete(Hold)
            .where(
                Hold.program_id == program_id,
                Hold.kind == HoldKind.LOCKED,
                two.in_(these[start : start + AT_ONCE]),
            )
            .execution_options(synchronize_session=False)
        )


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
