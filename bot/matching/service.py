"""Matches are asked for and approved by program managers. `runs_service` works them out,
`publishing_service` makes them pairs, `asking_service` asks the people in them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.matching import asking_service as asking
from bot.matching import conditions_service as conditions
from bot.matching import decisions_service as decisions
from bot.matching import publishing_service as publishing
from bot.matching import scores, sides_service, store
from bot.matching.sides_service import Sides, Waiting
from bot.programs import notes as program_notes
from bot.programs import service as program_service
from bot.programs import store as programs
from bot.roles import Act
from bot.runtime import Runtime
from bot.slack import installations
from bot.views import match_asking, match_proposal, messages
from models import DecisionKind, MatchRun, MatchRunState, Pair, Person, Program, Proposal, Role

FEW = 250_000
"""Up to so many possible pairs it is looked whether one of them is allowed."""


@dataclass(frozen=True)
class Requested:
    """A run that is going to be worked out, with how many of each side wait. `without_runner`:
    whoever asked for it takes part in the program, and is not in it."""

    run: MatchRun
    mentors: int
    mentees: int
    without_runner: bool


@dataclass(frozen=True)
class Outcome:
    """What an approval has led to. By the last one that is needed `pairs` are made, or else, where
    the program asks them first, so many people are `asked`."""

    program: Program
    approvals: int
    needed: int
    pairs: Sequence[Pair] | None = None
    asked: int = 0


async def request(
    session: AsyncSession, runtime: Runtime, person: Person, program: Program
) -> Requested:
    """A run of the people who wait, in place of one that is proposed already.

    Raises UserFacingError when one side is empty, when a run is under way, for somebody who does
    not manage the program, while it has a break, when too few could approve it, and for somebody
    who could be in the match themselves where another manager can run it. They could find out by it
    who would rather not be paired with them; where there is nobody else to run it, they are left
    out of it.
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
    without_runner = person.id in waiting
    if without_runner and can_see:
        raise UserFacingError("match_another_manager")
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
    """By the app itself, for people who are to have another partner. Does nothing, and says False,
    where no pair is possible, where a run is under way or being approved, and where the program
    makes no pairs just now. The caller must not hold a run."""
    program = await session.get_one(
        Program, program.id, with_for_update=True, populate_existing=True
    )
    try:
        conditions.require_makes_pairs(program)
        waiting = await programs.waiting(session, program.id)
        left_out = await conditions.kept_out(session, program, None)
        others = [found for found in waiting if found[1].id not in left_out]
        sides = await sides_service.sides(session, runtime, program, others)
    except UserFacingError:
        return False
    if await store.under_way(session, program.id) is not None:
        return False
    if await store.is_being_approved(session, program.id) or not _is_possible(sides):
        return False
    await _add(session, runtime, program, None)
    return True


async def approve(session: AsyncSession, runtime: Runtime, person: Person, run_id: int) -> Outcome:
    """A manager's yes to a run: with the last one that was asked for when it was requested, its
    proposals become pairs, once, and those who are still waiting are told; or its people are asked.
    Where several approve, the admin channel reads how many have.

    Everybody proposed must still be waiting, every pair still allowed, and what they share still
    shared, else UserFacingError and nothing happens; as for somebody who is in one of the pairs.
    Whoever joined since goes on waiting. The program is locked: of two of its runs published at
    once, the second finds out who is waiting after the first.
    """
    await installations.lock(session)
    found = await store.locked_run(session, run_id)
    if found is None:
        raise UserFacingError("match_out_of_date")
    program, run = found
    await program_service.require_manager(session, person, Act.MATCH, program.id)
    conditions.require_open(run)
    conditions.require_makes_pairs(program)
    waiting = await programs.waiting(session, program.id)
    if run.approvals_needed < program.approvals_needed:
        raise UserFacingError("match_out_of_date")
    proposals = await store.proposals(session, run_id)
    if any(person.id in (one.mentor_id, one.mentee_id) for one in proposals):
        raise UserFacingError("match_not_your_own")
    sides = await sides_service.sides(session, runtime, program, waiting)
    if not proposals or len(publishing.holding(proposals, sides)) < len(proposals):
        raise UserFacingError("match_out_of_date")
    is_news = await store.approve(session, run, person.id, runtime.clock())
    if is_news:
        await decisions.decided(session, runtime, program, person, DecisionKind.APPROVED)
    approvals, needed = await store.approvals(session, run), run.approvals_needed
    outcome = Outcome(program, approvals, needed)
    if approvals >= needed:
        outcome = await _conclude(session, runtime, person, outcome, run, proposals, waiting, sides)
    elif not is_news:
        raise UserFacingError("match_approved_already")
    else:
        await publishing.outdate_homes(session, runtime, program)
    if needed > 1:
        said = match_proposal.outcome(runtime.library, person, approvals, needed, outcome.pairs)
        if outcome.asked:
            said = match_asking.begun(runtime.library, outcome.asked)
        occasion, channel = f"{run.id}:{runtime.new_key()}", program.admin_channel_id
        note = program_notes.to_channel(program, "match_approved", occasion, channel, said)
        await delivery.queue(session, runtime, [note])
    return outcome


async def reviewer(
    session: AsyncSession, person: Person, run_id: int, *, to_change: bool = False
) -> tuple[Program, MatchRun]:
    """A run and its program, for a manager who may see its names; `to_change`: both are locked, and
    the run is one that still waits for approval.

    Raises UserFacingError for everybody else: for managers who could be in a match themselves,
    unless the run has left them out and there is still nobody else to look at it; and for a run
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
    if person.id in await store.waiting(session, program.id):
        left_out = await conditions.kept_out(session, program, run)
        if person.id not in left_out or await conditions.can_see(session, program):
            raise UserFacingError("match_another_manager")
    if to_change:
        conditions.require_open(run)
    elif run.state in (MatchRunState.REQUESTED, MatchRunState.DROPPED):
        raise UserFacingError("match_replaced")
    return program, run


async def _conclude(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    outcome: Outcome,
    run: MatchRun,
    proposals: Sequence[Proposal],
    waiting: Waiting,
    sides: Sides,
) -> Outcome:
    """After the last approval."""
    program, approvals, needed = outcome.program, outcome.approvals, outcome.needed
    if program.asks_participants:
        asked = await asking.ask(session, runtime, program, run)
        return Outcome(program, approvals, needed, asked=asked)
    made = await publishing.publish(session, runtime, program, run, proposals, waiting, sides)
    await decisions.decided(session, runtime, program, person, DecisionKind.PUBLISHED)
    return Outcome(program, approvals, needed, pairs=made)


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
        day = messages.day(run.answer_by.date())
        raise UserFacingError("match_asks_until", program=program.name, day=day)
    minutes = int((runtime.clock() - run.created_at).total_seconds() // 60)
    since = runtime.library.say("match_asking.minutes_ago", count=minutes)
    progress = run.progress
    if run.requested_by_id is None:
        raise UserFacingError("match_under_way_by_app", since=since, progress=progress)
    runner = await session.get_one(Person, run.requested_by_id)
    who = messages.person(runner.slack_user_id)
    raise UserFacingError("match_under_way", who=who, since=since, progress=progress)


def _is_possible(sides: Sides) -> bool:
    """Whether the rules allow any pair at all."""
    if not sides.mentors or not sides.mentees:
        return False
    if len(sides.mentors) * len(sides.mentees) > FEW:
        return True
    allowed = scores.feasible(sides.mentors, sides.mentees, sides.gap, sides.excluded)
    return bool(allowed.any())
