"""Managers approve a match run: with the last approval its pairs are made, or its people asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.matching import asking_service as asking
from bot.matching import conditions_service as conditions
from bot.matching import decisions_service as decisions
from bot.matching import publishing_service as publishing
from bot.matching import service as matching
from bot.matching import sides_service, store, task
from bot.matching.sides_service import Sides
from bot.programs import notes as program_notes
from bot.programs import store as programs
from bot.runtime import Runtime
from bot.slack import installations
from bot.views import match_asking, match_proposal
from models import DecisionKind, MatchRun, Pair, Person, Program, Proposal


@dataclass(frozen=True)
class Outcome:
    """What an approval has led to. By the last one that is needed `pairs` are made, or else, where
    the program asks them first, so many people are `asked`."""

    approvals: int
    needed: int
    pairs: Sequence[Pair] | None = None
    asked: int = 0


async def approve(
    session: AsyncSession, runtime: Runtime, person: Person, run_id: int, changes: int | None
) -> Outcome:
    """A manager's yes to a run as it was after so many changes by hand; None is never right. With
    the last yes that was asked for when it was requested, its proposals become pairs, once, and
    those who are still waiting are told; or its people are asked. Where several approve, the admin
    channel reads how many have.

    Everybody proposed must still be waiting, every pair still allowed, and what they share still
    shared, else UserFacingError and nothing happens; as for a run that was changed since, beside
    one that is under way, and for who may not see its names. Whoever joined since goes on waiting.
    The program is locked: of two of its runs published at once, the second finds out who is waiting
    after the first.
    """
    await installations.lock(session)
    program, run = await matching.reviewer(session, person, run_id, to_change=True)
    conditions.require_makes_pairs(program)
    if await store.under_way(session, program.id) is not None:
        raise UserFacingError("match_new_under_way")
    _require_as_it_was(program, run, changes)
    waiting = await programs.waiting(session, program.id)
    sides = await sides_service.sides(session, runtime, program, waiting)
    proposals = await store.proposals(session, run_id)
    _require_all_hold(program, proposals, sides)
    is_news = await store.approve(session, run, person.id, runtime.clock())
    if is_news:
        await decisions.decided(session, runtime, program, person, DecisionKind.APPROVED)
    outcome = Outcome(await store.approvals(session, run), run.approvals_needed)
    if outcome.approvals < outcome.needed:
        if not is_news:
            raise UserFacingError("match_approved_already")
        await publishing.outdate_homes(session, runtime, program)
    elif program.asks_participants:
        asked = await asking.ask(session, runtime, program, run)
        outcome = Outcome(outcome.approvals, outcome.needed, asked=asked)
    else:
        made = await publishing.publish(session, runtime, program, run, proposals, waiting, sides)
        await decisions.decided(session, runtime, program, person, DecisionKind.PUBLISHED)
        outcome = Outcome(outcome.approvals, outcome.needed, pairs=made)
    await _tell(session, runtime, person, program, run, outcome)
    return outcome


def _require_as_it_was(program: Program, run: MatchRun, changes: int | None) -> None:
    if run.changes != changes:
        raise UserFacingError("match_changed")
    if run.approvals_needed < program.approvals_needed:
        needed = program.approvals_needed
        raise UserFacingError("match_needs_more_approvals", program=program.name, needed=needed)


def _require_all_hold(program: Program, proposals: Sequence[Proposal], sides: Sides) -> None:
    """Of what is in the way only the rule about levels is told apart, which is nobody's secret."""
    if not proposals:
        raise UserFacingError("match_without_pairs")
    held = {one.id for one in publishing.holding(proposals, sides)}
    mentors = {one.person_id: one for one in sides.mentors}
    mentees = {one.person_id: one for one in sides.mentees}
    for one in proposals:
        mentor, mentee = mentors.get(one.mentor_id), mentees.get(one.mentee_id)
        if one.id in held or mentor is None or mentee is None:
            continue
        if task.hindrance(mentor, mentee, sides.gap, sides.excluded) == "level":
            raise UserFacingError("match_levels_changed", program=program.name)
    if len(held) < len(proposals):
        raise UserFacingError("match_out_of_date")


async def _tell(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    program: Program,
    run: MatchRun,
    outcome: Outcome,
) -> None:
    """The admin channel, of what an approval has led to: of a run that one approval is enough for,
    its message says it."""
    approvals, needed = outcome.approvals, outcome.needed
    if needed == 1:
        return
    if outcome.asked:
        said = match_asking.begun(runtime.library, outcome.asked)
    else:
        said = match_proposal.outcome(runtime.library, person, approvals, needed, outcome.pairs)
    occasion, channel = f"{run.id}:{runtime.new_key()}", program.admin_channel_id
    note = program_notes.to_channel(program, "match_approved", occasion, channel, said)
    await delivery.queue(session, runtime, [note])
