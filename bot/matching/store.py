"""The match runs' queries. What a match is made from is in `sides_store`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import insert_new
from bot.pairs import store as pair_store
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
    taken = pair_store.taken([program_id])
    rows = await session.execute(
        select(Enrollment.person_id, Enrollment.role)
        .join(Person, Person.id == Enrollment.person_id)
        .join(Program, Program.id == Enrollment.program_id)
        .outerjoin(taken, pair_store.of_enrollment(taken))
        .where(Enrollment.program_id == program_id, programs.is_waiting(taken))
    )
    return dict(rows.all())


async def is_being_approved(session: AsyncSession, program_id: int) -> bool:
    """Whether somebody has said yes to a run that waits for the yes of others."""
    found = (
        select(Approval.id)
        .join(MatchRun, MatchRun.id == Approval.match_run_id)
        .where(MatchRun.program_id == program_id, MatchRun.state == MatchRunState.PROPOSED)
    )
    return await session.scalar(found.limit(1)) is not None


async def claim(session: AsyncSession, now: datetime, lease_until: datetime) -> MatchRun | None:
    """Takes the run that waits longest to be worked out, or whose copy died; other copies leave it
    alone for the lease. Across workspaces."""
    free = or_(MatchRun.lease_until.is_(None), MatchRun.lease_until <= now)
    found = await session.scalar(
        select(MatchRun)
        .where(MatchRun.state == MatchRunState.REQUESTED, free)
        .order_by(MatchRun.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is not None:
        found.lease_until = lease_until
    return found


async def note_progress(
    session: AsyncSession, run_id: int, percent: int, lease_until: datetime
) -> None:
    await session.execute(
        update(MatchRun)
        .where(MatchRun.id == run_id, MatchRun.state == MatchRunState.REQUESTED)
        .values(progress=percent, lease_until=lease_until)
        .execution_options(synchronize_session=False)
    )


async def keep(
    session: AsyncSession,
    run: MatchRun,
    proposals: Iterable[Mapping[str, object]],
    left_over: Iterable[Mapping[str, object]],
) -> None:
    """What a run has come to, by the names of the columns."""
    owner = {"workspace_id": run.workspace_id, "match_run_id": run.id}
    for model, rows in ((Proposal, iter(proposals)), (LeftOver, iter(left_over))):
        while some := [{**owner, **row} for row in islice(rows, AT_ONCE)]:
            await insert_new(session, model, some)


async def replace_proposed(session: AsyncSession, run: MatchRun) -> None:
    """The program's earlier proposals make way for this one. The caller holds the program."""
    await session.execute(
        update(MatchRun)
        .where(
            MatchRun.program_id == run.program_id,
            MatchRun.state == MatchRunState.PROPOSED,
            MatchRun.id != run.id,
        )
        .values(state=MatchRunState.DROPPED)
        .execution_options(synchronize_session="fetch")
    )


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


async def is_unanswered(session: AsyncSession, run_id: int) -> bool:
    """Whether somebody has still to say yes or no."""
    open_ = or_(Proposal.mentor_says.is_(None), Proposal.mentee_says.is_(None))
    found = select(Proposal.id).where(Proposal.match_run_id == run_id, open_)
    return await session.scalar(found.limit(1)) is not None


async def due(session: AsyncSession, now: datetime) -> Sequence[tuple[int, int]]:
    """(workspace, run) of those whose people have had their time to answer. Those of a program that
    has a break wait until it goes on. Across workspaces."""
    rows = await session.execute(
        select(MatchRun.workspace_id, MatchRun.id)
        .join(Program, Program.id == MatchRun.program_id)
        .where(
            MatchRun.state == MatchRunState.ASKING,
            MatchRun.answer_by <= now,
            Program.paused_at.is_(None),
        )
        .order_by(MatchRun.id)
    )
    return [(workspace_id, run_id) for workspace_id, run_id in rows]


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
