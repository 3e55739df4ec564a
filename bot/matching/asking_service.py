"""The people in a match are asked for their yes before it is published.

What somebody answers is between them and us: no manager reads it, and neither learns what the other
said. A pair with two yeses is made; in all other cases both read the same words, whoever said no,
or said nothing, or could not be in it any more.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.matching import conditions_service as conditions
from bot.matching import publishing_service as publishing
from bot.matching import sides_service, store
from bot.programs import notes as program_notes
from bot.programs import store as programs
from bot.roles import Act, Actor, require
from bot.runtime import Runtime
from bot.slack import installations
from bot.views import match_asking
from models import MatchRun, MatchRunState, Person, Program, Proposal

DAYS_TO_ANSWER = 3
"""Working days."""
QUESTION = "match_question"
"""The kind of the message that asks somebody."""


async def ask(session: AsyncSession, runtime: Runtime, program: Program, run: MatchRun) -> int:
    """Asks both people of every pair of a run that is approved, each in a direct message at their
    next working hour; returns how many people. The caller holds program and run."""
    now = runtime.clock()
    run.state = MatchRunState.ASKING
    run.answer_by = answer_by = working_days_later(now, DAYS_TO_ANSWER)
    proposals = await store.proposals(session, run.id)
    people = await store.people(session, sorted(_people(proposals)))
    notes = []
    for one in proposals:
        two = people[one.mentor_id], people[one.mentee_id]
        for person, partner in (two, two[::-1]):
            said = match_asking.question(
                runtime.library, program, one, person, partner, answer_by.date()
            )
            occasion = f"{run.id}:{one.id}"
            notes.append(program_notes.to_person(program, QUESTION, occasion, person, said, now))
    await delivery.queue(session, runtime, notes)
    await publishing.outdate_homes(session, runtime, program, list(people.values()))
    return len(people)


async def answer(
    session: AsyncSession, runtime: Runtime, person: Person, proposal_id: int, *, yes: bool
) -> None:
    """Keeps what one of the two says. With the last answer of all, the pairs with two yeses are
    published together.

    Raises UserFacingError for anybody else, for a second answer, and when there is nothing to
    answer any more: the time is over, or they take no part in the program by now.
    """
    await installations.lock(session)
    proposal = await store.proposal(session, proposal_id)
    theirs = proposal is not None and person.id in (proposal.mentor_id, proposal.mentee_id)
    require(Act.ANSWER_MATCH, [Actor.PARTNER if theirs else Actor.PARTICIPANT])
    assert proposal is not None, "nobody else may"
    found = await store.locked_run(session, proposal.match_run_id)
    assert found is not None, "a proposal has its run"
    program, run = found
    if run.state is not MatchRunState.ASKING or _is_over(run, runtime.clock()):
        raise UserFacingError("match_answer_late", program=program.name)
    if not await store.takes_part(session, program.id, person.id):
        raise UserFacingError("match_answer_left", program=program.name)
    await session.refresh(proposal)
    says = "mentor_says" if person.id == proposal.mentor_id else "mentee_says"
    if getattr(proposal, says) is not None:
        raise UserFacingError("match_answered")
    setattr(proposal, says, yes)
    await session.flush()
    if program.paused_at is None and not await store.is_unanswered(session, run.id):
        await _conclude(session, runtime, program, run)


async def close_due(runtime: Runtime) -> int:
    """Publishes what has two yeses where the time to answer is over; returns of how many runs."""
    now = runtime.clock()
    async with runtime.database.transaction_across_workspaces() as session:
        due = await store.due(session, now)
    closed = 0
    for workspace_id, run_id in due:
        async with runtime.database.transaction(workspace_id) as session:
            await installations.lock(session)
            found = await store.locked_run(session, run_id)
            if found is None:
                continue
            program, run = found
            if run.state is MatchRunState.ASKING and program.paused_at is None:
                await _conclude(session, runtime, program, run)
                closed += 1
    return closed


def working_days_later(now: datetime, days: int) -> datetime:
    """The same time of day so many working days later (in UTC)."""
    while days:
        now += timedelta(days=1)
        days -= now.weekday() < 5
    return now


async def _conclude(
    session: AsyncSession, runtime: Runtime, program: Program, run: MatchRun
) -> None:
    """Publishes what has two yeses and still holds. Where a program makes no pairs any more, its
    people hear of that from the program itself. The caller holds workspace, program and run."""
    try:
        conditions.require_makes_pairs(program)
    except UserFacingError:
        run.state = MatchRunState.DROPPED
        return
    waiting = await programs.waiting(session, program.id)
    sides = await sides_service.sides(session, runtime, program, waiting)
    proposals = await store.proposals(session, run.id)
    asked = _people(proposals)
    wanted = [one for one in proposals if one.mentor_says and one.mentee_says]
    good = publishing.holding(wanted, sides)
    if good:
        made = await publishing.publish(session, runtime, program, run, good, waiting, sides, asked)
        count = len(made)
    else:
        await publishing.publish_nothing(session, runtime, program, run, waiting, asked)
        count = 0
    said = match_asking.concluded(runtime.library, program, count)
    channel = program.admin_channel_id
    note = program_notes.to_channel(program, "match_concluded", str(run.id), channel, said)
    await delivery.queue(session, runtime, [note])


def _is_over(run: MatchRun, now: datetime) -> bool:
    return run.answer_by is not None and run.answer_by <= now


def _people(proposals: Collection[Proposal]) -> frozenset[int]:
    return frozenset(id_ for one in proposals for id_ in (one.mentor_id, one.mentee_id))
