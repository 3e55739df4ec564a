"""The people in a match are asked for their yes before it is published.

What somebody answers is between them and us: no manager reads it, and neither learns what the other
said. A pair with two yeses is made; in all other cases both read the same words at the same time,
whoever said no, or said nothing, or could not be in it any more: an asking ends early only when all
have said yes. Afterwards nothing remains of what anybody said, and no pair that did not come about
is proposed again.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import ending_day
from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.log import get_logger
from bot.matching import answer_time, asking_store, sides_service, store, summary_service
from bot.matching import conditions_service as conditions
from bot.matching import decisions_service as decisions
from bot.matching import publishing_service as publishing
from bot.matching import service as matching
from bot.programs import notes as program_notes
from bot.programs import store as programs
from bot.roles import Act, Actor, require
from bot.runtime import Runtime
from bot.slack import installations
from bot.views import match_asking
from bot.views.blocks import Message
from models import DecisionKind, MatchRun, MatchRunState, Person, Program, Proposal

QUESTION = "match_question"
"""The kind of the message that asks somebody."""


async def ask(session: AsyncSession, runtime: Runtime, program: Program, run: MatchRun) -> int:
    """Asks both people of every pair of a run that is approved, each in a direct message at their
    next working hour; returns how many people. The caller holds program and run."""
    now = runtime.clock()
    proposals = await store.proposals(session, run.id)
    people = await store.people(session, sorted(_people(proposals)))
    run.state = MatchRunState.ASKING
    run.answer_by = answer_time.answer_by(now, {one.time_zone for one in people.values()})
    day = ending_day(run.answer_by)
    notes = []
    for one in proposals:
        two = people[one.mentor_id], people[one.mentee_id]
        for person, partner in (two, two[::-1]):
            said = match_asking.question(runtime.library, program, one, person, partner, day)
            occasion = f"{run.id}:{one.id}"
            notes.append(program_notes.to_person(program, QUESTION, occasion, person, said, now))
    await delivery.queue(session, runtime, notes)
    await publishing.outdate_homes(session, runtime, program, list(people.values()))
    return len(people)


async def answer(
    session: AsyncSession, runtime: Runtime, person: Person, proposal_id: int, *, yes: bool
) -> int | None:
    """Keeps what one of the two says. With the last yes of all, the pairs are published together;
    returns the run of which that is so.

    Raises UserFacingError for anybody else, for a second answer, and when there is nothing to
    answer any more: the time is over, or they take no part in the program by now.
    """
    await installations.lock(session)
    proposal = await asking_store.proposal(session, proposal_id)
    theirs = proposal is not None and person.id in (proposal.mentor_id, proposal.mentee_id)
    require(Act.ANSWER_MATCH, [Actor.PARTNER if theirs else Actor.PARTICIPANT])
    assert proposal is not None, "nobody else may"
    found = await store.locked_run(session, proposal.match_run_id)
    assert found is not None, "a proposal has its run"
    program, run = found
    if run.state is not MatchRunState.ASKING or _is_over(program, run, runtime.clock()):
        raise UserFacingError("match_answer_late", program=program.name)
    if not await asking_store.takes_part(session, program.id, person.id):
        raise UserFacingError("match_answer_left", program=program.name)
    await session.refresh(proposal)
    says = "mentor_says" if person.id == proposal.mentor_id else "mentee_says"
    if getattr(proposal, says) is not None:
        raise UserFacingError("match_answered")
    setattr(proposal, says, yes)
    await session.flush()
    if yes and await asking_store.is_settled(session, run.id) and _makes_pairs(program):
        await _conclude(session, runtime, program, run)
        return run.id
    return None


async def stop(session: AsyncSession, runtime: Runtime, person: Person, run_id: int) -> Message:
    """A manager ends the asking now: the pairs with two yeses by then are published. Returns what
    the admin channel reads of it. Raises UserFacingError for who may not see the run's names, when
    nobody is asked any more, and while the program has a break."""
    await installations.lock(session)
    await store.locked_run(session, run_id)
    program, run = await matching.reviewer(session, person, run_id)
    if run.state is not MatchRunState.ASKING:
        raise UserFacingError("match_asks_nobody")
    conditions.require_makes_pairs(program)
    return await _conclude(session, runtime, program, run, by=person)


async def close_due(runtime: Runtime) -> int:
    """Publishes what has two yeses where the time to answer is over, or all whose answer is needed
    have said yes; returns of how many runs. Where one fails, the others go on. A break of the
    program lengthens the time: there is a working day left when it ends."""
    now = runtime.clock()
    async with runtime.database.transaction_across_workspaces() as session:
        await asking_store.lengthen(session, answer_time.answer_by(now, (), days=1))
        due = await asking_store.due(session, now)
    closed = 0
    for workspace_id, run_id in due:
        try:
            if await _close(runtime, workspace_id, run_id):
                closed += 1
                await summary_service.redraw(runtime, workspace_id, run_id)
        except Exception as error:
            get_logger().error("asking_not_closed", run=run_id, exc_info=error)
    return closed


async def _close(runtime: Runtime, workspace_id: int, run_id: int) -> bool:
    async with runtime.database.transaction(workspace_id) as session:
        await installations.lock(session)
        found = await store.locked_run(session, run_id)
        if found is None:
            return False
        program, run = found
        if run.state is not MatchRunState.ASKING or program.paused_at is not None:
            return False
        is_over = _is_over(program, run, runtime.clock())
        if not is_over and not await asking_store.is_settled(session, run.id):
            return False
        if _makes_pairs(program):
            await _conclude(session, runtime, program, run)
        else:
            await _drop(session, runtime, program, run)
        return True


async def _conclude(
    session: AsyncSession,
    runtime: Runtime,
    program: Program,
    run: MatchRun,
    by: Person | None = None,
) -> Message:
    """Publishes what has two yeses and still holds; returns what the admin channel reads of it. The
    caller holds workspace, program and run."""
    proposals = await store.proposals(session, run.id)
    # A lock that was left would tell that its pair was asked about and did not come about.
    await store.unlock(session, program.id, [(one.mentor_id, one.mentee_id) for one in proposals])
    waiting = await programs.waiting(session, program.id)
    sides = await sides_service.sides(session, runtime, program, waiting)
    asked = _people(proposals)
    wanted = [one for one in proposals if one.mentor_says and one.mentee_says]
    good = publishing.holding(wanted, sides)
    if good:
        await publishing.publish(session, runtime, program, run, good, waiting, sides, asked)
        await decisions.decided(session, runtime, program, by, DecisionKind.PUBLISHED)
    else:
        await publishing.publish_nothing(session, runtime, program, run, waiting, asked)
    await asking_store.forget_answers(session, run.id, [one.id for one in good])
    said = match_asking.concluded(runtime.library, program, len(good), by)
    channel = program.admin_channel_id
    note = program_notes.to_channel(program, "match_concluded", str(run.id), channel, said)
    await delivery.queue(session, runtime, [note])
    return said


async def _drop(session: AsyncSession, runtime: Runtime, program: Program, run: MatchRun) -> None:
    """Where the program makes no pairs any more: its people hear of that from the program."""
    run.state, run.certificate = MatchRunState.DROPPED, None
    await asking_store.forget_answers(session, run.id)
    await publishing.outdate_homes(session, runtime, program)


def _makes_pairs(program: Program) -> bool:
    try:
        conditions.require_makes_pairs(program)
    except UserFacingError:
        return False
    return True


def _is_over(program: Program, run: MatchRun, now: datetime) -> bool:
    """While the program has a break, it is not."""
    return program.paused_at is None and run.answer_by is not None and run.answer_by <= now


def _people(proposals: Collection[Proposal]) -> frozenset[int]:
    return frozenset(id_ for one in proposals for id_ in (one.mentor_id, one.mentee_id))
