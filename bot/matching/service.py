"""Matches are proposed by the solver and published by a program manager."""

import asyncio
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cadence.topics import usable
from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.enrollment import service as enrollment
from bot.errors import UserFacingError
from bot.matching import engine, scores, store
from bot.matching.candidates import Candidate
from bot.matching.engine import Matching
from bot.pairs import service as pairs
from bot.pairs import store as pair_store
from bot.programs import lifecycle
from bot.programs import notes as program_notes
from bot.programs import service as program_service
from bot.programs import store as programs
from bot.programs.lifecycle import Move
from bot.roles import Act
from bot.runtime import Runtime
from bot.slack import installations
from bot.views import match_proposal, messages
from bot.views.blocks import Message
from models import (
    Enrollment,
    MatchRun,
    MatchRunState,
    Pair,
    PairState,
    Person,
    Program,
    Proposal,
    Role,
)
from prompts.library import Library, Mrkdwn

Waiting = Sequence[tuple[Enrollment, Person]]
NotReady = Sequence[tuple[Enrollment, Person, str]]
"""With what keeps them out of a match."""


@dataclass(frozen=True)
class Sides:
    """The two sides of a match, as the engine knows them; `gap` is the program's smallest, and
    `excluded` the two (mentor's and mentee's id) who are not to be paired: why is nobody's
    business, and not kept."""

    mentors: list[Candidate]
    mentees: list[Candidate]
    gap: int
    excluded: frozenset[tuple[int, int]]
    without_runner: bool = False
    """Whoever runs this match takes part in the program, and is not in it."""


@dataclass(frozen=True)
class Proposed:
    """A match run, ready to be shown. `best` are its proposals, the highest score first;
    `not_ready` says how many wait who could not be in it, by reason."""

    best: Sequence[Proposal]
    people: dict[int, Person]
    not_ready: Mapping[str, int]


@dataclass(frozen=True)
class Outcome:
    """What an approval has led to: `pairs` are made by the last one that is needed."""

    program: Program
    approvals: int
    needed: int
    pairs: Sequence[Pair] | None


async def candidates(
    session: AsyncSession, runtime: Runtime, person: Person, program: Program
) -> Sides:
    """The people to be matched. Raises UserFacingError when one side is empty, for somebody who
    does not manage the program, while it has a break, and for somebody who could be in the match
    themselves where another manager can run it. They could find out by it who would rather not be
    paired with them; where there is nobody else to run it, they are left out of it."""
    await program_service.require_manager(session, person, Act.MATCH, program.id)
    _require_no_break(program)
    waiting = await programs.waiting(session, program.id)
    others = [found for found in waiting if found[1].id != person.id]
    without_runner = len(others) < len(waiting)
    if without_runner and await _can_see(session, program, waiting):
        raise UserFacingError("match_another_manager")
    sides = await _sides(session, runtime, program, others)
    sides = replace(sides, without_runner=without_runner)
    if not sides.mentors or not sides.mentees:
        if without_runner:
            raise UserFacingError("match_without_you")
        not_ready = await programs.not_ready(session, program.id)
        raise _nobody(runtime.library, sides, not_ready)
    return sides


async def solve(sides: Sides) -> Matching:
    """Runs in a thread, so that the app goes on answering. Raises UserFacingError when the rules
    allow no pair at all."""
    matching = await asyncio.to_thread(
        engine.match, sides.mentors, sides.mentees, sides.gap, excluded=sides.excluded
    )
    if not matching.pairs:
        raise UserFacingError("no_possible_pair")
    return matching


async def propose(
    session: AsyncSession, runtime: Runtime, program: Program, matching: Matching
) -> Proposed:
    """Keeps a matching as a run that waits to be published; nobody is told."""
    run = MatchRun(
        program_id=program.id,
        state=MatchRunState.PROPOSED,
        approvals_needed=program.approvals_needed,
        created_at=runtime.clock(),
    )
    session.add(run)
    await session.flush()
    proposals = [
        Proposal(
            match_run_id=run.id,
            mentor_id=pair.mentor_id,
            mentee_id=pair.mentee_id,
            score=pair.score,
            reasons=list(pair.reasons),
            shared_topics=list(pair.shared_topics),
        )
        for pair in matching.pairs
    ]
    session.add_all(proposals)
    await session.flush()
    best = sorted(proposals, key=lambda proposal: (-proposal.score, proposal.id))
    ids = [person_id for found in best for person_id in (found.mentor_id, found.mentee_id)]
    not_ready = await programs.not_ready(session, program.id)
    reasons = Counter(reason for *_, reason in not_ready)
    return Proposed(best, await store.people(session, ids), reasons)


async def show(
    session: AsyncSession, runtime: Runtime, runner: Person, program: Program, said: Message
) -> int:
    """Sends the proposal to each who may approve it, in a DM: nobody else is to read names before
    anything is decided. Returns to how many. A manager who could be in the match does not see it,
    unless they run it. Raises UserFacingError when these are too few to publish it."""
    waiting = await programs.waiting(session, program.id)
    shown_to = {one.id: one for one in (runner, *await _can_see(session, program, waiting))}
    count, needed = len(shown_to), program.approvals_needed
    if count < needed:
        raise UserFacingError("match_too_few_to_approve", count=count, needed=needed)
    occasion = runtime.new_key()
    await delivery.queue(
        session,
        runtime,
        [
            program_notes.to_person(program, "proposal", occasion, one, said, None)
            for one in shown_to.values()
        ],
    )
    return count


async def approve(session: AsyncSession, runtime: Runtime, person: Person, run_id: int) -> Outcome:
    """A manager's yes to a run: with the last one that was asked for when it was proposed, its
    proposals become pairs, once, and those who are still waiting are told. Where several approve,
    the admin channel reads how many have.

    Everybody proposed must still be waiting, every pair still allowed, and what they share still
    shared, else UserFacingError and nothing happens; as for somebody who is in one of the pairs.
    Whoever joined since goes on waiting. The program is locked: of two of its runs published at
    once, the second finds out who is waiting after the first.
    """
    await installations.lock(session)
    run = await store.run_to_publish(session, run_id)
    if run is None:
        raise UserFacingError("match_out_of_date")
    program = await session.get_one(Program, run.program_id, with_for_update=True)
    await program_service.require_manager(session, person, Act.MATCH, program.id)
    _require_no_break(program)
    if run.state is MatchRunState.PUBLISHED:
        raise UserFacingError("match_already_published")
    waiting = await programs.waiting(session, program.id)
    if run.approvals_needed < program.approvals_needed:
        raise UserFacingError("match_out_of_date")
    proposals = await store.proposals(session, run_id)
    if any(person.id in (found.mentor_id, found.mentee_id) for found in proposals):
        raise UserFacingError("match_not_your_own")
    if not _still_holds(proposals, await _sides(session, runtime, program, waiting)):
        raise UserFacingError("match_out_of_date")
    is_news = await store.approve(session, run, person.id, runtime.clock())
    approvals, needed = await store.approvals(session, run), run.approvals_needed
    made = None
    if approvals >= needed:
        made = await _publish(session, runtime, program, run, waiting)
    elif not is_news:
        raise UserFacingError("match_approved_already")
    outcome = Outcome(program, approvals, needed, made)
    if needed > 1:
        said = match_proposal.outcome(runtime.library, person, approvals, needed, made)
        occasion, channel = f"{run.id}:{approvals}", program.admin_channel_id
        note = program_notes.to_channel(program, "match_approved", occasion, channel, said)
        await delivery.queue(session, runtime, [note])
    return outcome


async def _publish(
    session: AsyncSession, runtime: Runtime, program: Program, run: MatchRun, waiting: Waiting
) -> list[Pair]:
    run.state = MatchRunState.PUBLISHED
    lifecycle.advance(program, Move.PUBLISH)
    have_partners = _partners(await store.pairs(session, program.id))
    made = await pairs.create(session, runtime, program, await store.proposals(session, run.id))
    have_partners.update(id_ for pair in made for id_ in (pair.mentor_id, pair.mentee_id))
    left_out = await programs.not_ready(session, program.id)
    await _tell_the_others(session, runtime, run, program, waiting, left_out, have_partners)
    await programs.clear_skips(session, program.id)
    managers = await pair_store.managers(session, program.id)
    concerned = [*(waits for _, waits in waiting), *(one for _, one, _ in left_out), *managers]
    await delivery.outdate_homes(session, runtime, [person.id for person in concerned])
    return made


async def _tell_the_others(
    session: AsyncSession,
    runtime: Runtime,
    run: MatchRun,
    program: Program,
    waiting: Waiting,
    left_out: NotReady,
    have_partners: Container[int],
) -> None:
    """Whoever has no partner after the match, in place of what they have not read yet of the time
    before it."""
    library, now, occasion = runtime.library, runtime.clock(), str(run.id)
    still_waiting = messages.waiting(library, program)
    told = [(waits, "waiting", still_waiting) for _, waits in waiting]
    told += [
        (person, "left_out", match_proposal.left_out(library, program, enrolled, reason))
        for enrolled, person, reason in left_out
    ]
    overtaken = program_notes.keys(program, program_notes.BEFORE_MATCH)
    await delivery_store.let_go_of(session, *overtaken)
    notes = [
        program_notes.to_person(program, kind, occasion, person, said, now)
        for person, kind, said in told
        if person.id not in have_partners and person.slack_user_id
    ]
    await delivery.queue(session, runtime, notes)


async def _sides(
    session: AsyncSession, runtime: Runtime, program: Program, waiting: Waiting
) -> Sides:
    paired = await store.pairs(session, program.id)
    partners = _partners(paired)
    by_role: dict[Role, list[Candidate]] = {Role.MENTOR: [], Role.MENTEE: []}
    for enrolled, person in waiting:
        assert person.level is not None, "only people with a level wait for a match"
        by_role[enrolled.role].append(
            Candidate(
                person_id=person.id,
                level=person.level,
                department=person.department,
                topics=usable(runtime.library, program, enrolled),
                reporting_path=person.reporting_path,
                partners=partners[person.id],
            )
        )
    avoided = await enrollment.avoided_by(session, runtime, [person.id for _, person in waiting])
    rather_not = {(one, other) for one, others in avoided.items() for other in others}
    before = {(mentor_id, mentee_id) for mentor_id, mentee_id, _ in paired}
    either_way = rather_not | {(other, one) for one, other in rather_not}
    excluded = frozenset(before | either_way)
    return Sides(by_role[Role.MENTOR], by_role[Role.MENTEE], program.level_gap, excluded)


def _partners(paired: Sequence[tuple[int, int, PairState]]) -> Counter[int]:
    """How many partners each person has in the program, or has had to the end."""
    return Counter(
        person_id for *two, state in paired if state is not PairState.ENDED for person_id in two
    )


def _still_holds(proposals: Sequence[Proposal], sides: Sides) -> bool:
    mentors = {mentor.person_id: mentor for mentor in sides.mentors}
    mentees = {mentee.person_id: mentee for mentee in sides.mentees}
    return all(
        found.mentor_id in mentors
        and found.mentee_id in mentees
        and set(found.shared_topics)
        <= mentors[found.mentor_id].topics & mentees[found.mentee_id].topics
        and (found.mentor_id, found.mentee_id) not in sides.excluded
        and scores.feasible([mentors[found.mentor_id]], [mentees[found.mentee_id]], sides.gap)[0, 0]
        for found in proposals
    )


async def _can_see(session: AsyncSession, program: Program, waiting: Waiting) -> list[Person]:
    """The managers who could not be in a match of those who wait."""
    waiting_ids = {person.id for _, person in waiting}
    managers = await pair_store.managers(session, program.id)
    return [one for one in managers if one.id not in waiting_ids]


def _require_no_break(program: Program) -> None:
    if program.paused_at is not None:
        raise UserFacingError("program_is_paused", program=program.name)


def _nobody(library: Library, sides: Sides, not_ready: NotReady) -> UserFacingError:
    """Says of the side, or sides, on which nobody can be matched, what keeps people there."""

    def why(else_: str, *roles: Role) -> Mrkdwn:
        reasons = Counter(reason for enrolled, _, reason in not_ready if enrolled.role in roles)
        return match_proposal.why_nobody(library, reasons, else_)

    if sides.mentors:
        invite = library.say("match.invite_mentees")
        return UserFacingError("no_mentee_waiting", why=why(invite, Role.MENTEE))
    if sides.mentees:
        invite = library.say("match.invite_mentors")
        return UserFacingError("no_mentor_waiting", why=why(invite, Role.MENTOR))
    return UserFacingError("nobody_to_match", why=why(library.say("match.invite_anybody"), *Role))
