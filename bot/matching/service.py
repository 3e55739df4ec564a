"""Matches are asked for by program managers. `runs_service` works them out, `approving_service`
takes their approvals, `publishing_service` makes them pairs, `asking_service` asks the people in
them."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import ending_day
from bot.errors import UserFacingError
from bot.matching import conditions_service as conditions
from bot.matching import decisions_service as decisions
from bot.matching import publishing_service as publishing
from bot.matching import sides_service, store
from bot.programs import service as program_service
from bot.roles import Act
from bot.runtime import Runtime
from bot.views import messages
from models import DecisionKind, MatchRun, MatchRunState, Person, Program, Role


@dataclass(frozen=True)
class Requested:
    """A run that is going to be worked out, with how many of each side wait. `without_runner`:
    whoever asked for it takes part in the program, and is not in it."""

    run: MatchRun
    mentors: int
    mentees: int
    without_runner: bool


async def request(
    session: AsyncSession, runtime: Runtime, person: Person, program: Program
) -> Requested:
    """A run of the people who wait, in place of one that is proposed already.

    Raises UserFacingError when one side is empty, when a run is under way, for somebody who does
    not manage the program, while it has a break, when too few could approve it, and for somebody
    who takes part in the program where another manager can run it. They could find out by it who
    would rather not be paired with them; where there is nobody else to run it, they are left out of
    it.
    """
    await program_service.require_manager(session, person, Act.MATCH, program.id)
    program = await session.get_one(
        Program, program.id, with_for_update=True, populate_existing=True
    )
    conditions.require_makes_pairs(program)
    await _require_none_under_way(session, runtime, program)
    sides_service.weights_of(program)
    waiting = await store.waiting(session, program.id)
    can_see = await conditions.can_see(session, program)
    takes_part = await store.enrolled(session, program.id, [person.id])
    if takes_part and can_see:
        raise UserFacingError("match_another_manager")
    without_runner = person.id in waiting
    sizes = Counter(role for person_id, role in waiting.items() if person_id != person.id)
    await conditions.require_both_sides(
        session, runtime.library, program, sizes, without_runner=without_runner
    )
    count, needed = len({person.id, *(one.id for one in can_see)}), program.approvals_needed
    if count < needed:
        raise UserFacingError("match_too_few_to_approve", count=count, needed=needed)
    run = await _add(session, runtime, program, person)
    return Requested(run, sizes[Role.MENTOR], sizes[Role.MENTEE], without_runner)


async def request_rematch(session: AsyncSession, runtime: Runtime, program: Program) -> bool:
    """By the app itself, for people who are to have another partner. Whether any pair is possible
    shows when the run is worked out: nothing is said of it if not. Does nothing, and says False,
    while a run is under way or being approved, and where the program makes no pairs just now:
    `rematch_service` looks again later. The caller must not hold a run."""
    program = await session.get_one(
        Program, program.id, with_for_update=True, populate_existing=True
    )
    if not await conditions.can_rematch(session, program):
        return False
    await _add(session, runtime, program, None)
    return True


async def reviewer(
    session: AsyncSession, person: Person, run_id: int, *, to_change: bool = False
) -> tuple[Program, MatchRun]:
    """A run and its program, for a manager who may see its names; `to_change`: both are locked, and
    the run is one that still waits for approval.

    Raises UserFacingError for everybody else (`conditions_service.require_outside`), and for a run
    that has not been worked out, or that nothing comes of.
    """
    if to_change:
        found = await store.locked_run(session, run_id)
    else:
        found = await store.run(session, run_id)
    if found is None:
        raise UserFacingError("match_out_of_date")
    program, run = found
    await program_service.require_manager(session, person, Act.MATCH, program.id)
    if to_change:
        conditions.require_open(run)
    elif run.state in (MatchRunState.REQUESTED, MatchRunState.DROPPED):
        raise UserFacingError("match_replaced")
    await conditions.require_outside(session, program, run, person)
    return program, run


async def _add(
    session: AsyncSession, runtime: Runtime, program: Program, person: Person | None
) -> MatchRun:
    run = MatchRun(
        program_id=program.id,
        requested_by_id=person.id if person else None,
        approvals_needed=program.approvals_needed,
        created_at=runtime.clock(),
    )
    session.add(run)
    await session.flush()
    if person is not None:
        await decisions.decided(session, runtime, program, person, DecisionKind.REQUESTED)
    await publishing.outdate_homes(session, runtime, program)
    return run


async def _require_none_under_way(
    session: AsyncSession, runtime: Runtime, program: Program
) -> None:
    run = await store.under_way(session, program.id)
    if run is None:
        return
    if run.state is MatchRunState.ASKING:
        assert run.answer_by is not None, "whoever is asked is asked until some time"
        day = messages.day(ending_day(run.answer_by))
        raise UserFacingError("match_asks_until", program=program.name, day=day)
    minutes, say = (
        int((runtime.clock() - run.created_at).total_seconds() // 60),
        runtime.library.say,
    )
    since = (
        say("match_asking.minutes_ago", count=minutes) if minutes else say("match_asking.just_now")
    )
    progress = run.progress
    if run.requested_by_id is None:
        raise UserFacingError("match_under_way_by_app", since=since, progress=progress)
    runner = await session.get_one(Person, run.requested_by_id)
    who = messages.person(runner.slack_user_id)
    raise UserFacingError("match_under_way", who=who, since=since, progress=progress)
