"""Matches are proposed by the solver and published by a program manager."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.enrollment import service as enrollment
from bot.errors import UserFacingError
from bot.matching import engine, scores, store
from bot.matching.candidates import Candidate
from bot.matching.engine import Matching
from bot.pairs import service as pairs
from bot.pairs import store as pair_store
from bot.programs import lifecycle
from bot.programs import service as program_service
from bot.programs import store as programs
from bot.programs.lifecycle import Move
from bot.roles import Act
from bot.runtime import Runtime
from bot.slack import installations
from bot.views import messages
from models import (
    Enrollment,
    IfInDoubt,
    MatchRun,
    MatchRunState,
    Pair,
    PairState,
    Person,
    Program,
    Proposal,
    Role,
)

Waiting = Sequence[tuple[Enrollment, Person]]


@dataclass(frozen=True)
class Sides:
    """The two sides of a match, as the engine knows them; `gap` is the program's smallest, and
    `excluded` the two (mentor's and mentee's id) who are not to be paired: why is nobody's
    business, and not kept."""

    mentors: list[Candidate]
    mentees: list[Candidate]
    gap: int
    excluded: frozenset[tuple[int, int]]


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
    pairs: Sequence[Pair] | None


async def candidates(
    session: AsyncSession, runtime: Runtime, person: Person, program: Program, channel_id: str
) -> Sides:
    """The people to be matched. Raises UserFacingError when one side is empty, for somebody who
    does not manage the program, and where several managers have to approve the pairs and would not
    see them in this channel."""
    await program_service.require_manager(session, person, Act.MATCH, program.id)
    if program.approvals_needed > 1 and channel_id != program.admin_channel_id:
        raise UserFacingError("match_needs_admin_channel")
    sides = await _sides(session, runtime, program, await programs.waiting(session, program.id))
    if not sides.mentors and not sides.mentees:
        raise UserFacingError("nobody_to_match")
    if not sides.mentors:
        raise UserFacingError("no_mentor_waiting")
    if not sides.mentees:
        raise UserFacingError("no_mentee_waiting")
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
    """Keeps a matching as a run that waits to be published; nobody but the manager is told."""
    run = MatchRun(program_id=program.id, state=MatchRunState.PROPOSED, created_at=runtime.clock())
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
    return Proposed(best, await store.people(session, ids), not_ready)


async def approve(session: AsyncSession, runtime: Runtime, person: Person, run_id: int) -> Outcome:
    """A manager's yes to a run: with the last one that the program asks for, its proposals become
    pairs, once, and those who are still waiting are told.

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
    if run.state is MatchRunState.PUBLISHED:
        raise UserFacingError("match_already_published")
    waiting = await programs.waiting(session, program.id)
    proposals = await store.proposals(session, run_id)
    if any(person.id in (found.mentor_id, found.mentee_id) for found in proposals):
        raise UserFacingError("match_not_your_own")
    if not _still_holds(proposals, await _sides(session, runtime, program, waiting)):
        raise UserFacingError("match_out_of_date")
    is_news = await store.approve(session, run, person.id, runtime.clock())
    approvals = await store.approvals(session, run)
    if approvals >= program.approvals_needed:
        made = await _publish(session, runtime, program, run, waiting)
        return Outcome(program, approvals, made)
    if not is_news:
        raise UserFacingError("match_approved_already")
    return Outcome(program, approvals, None)


async def _publish(
    session: AsyncSession, runtime: Runtime, program: Program, run: MatchRun, waiting: Waiting
) -> list[Pair]:
    run.state = MatchRunState.PUBLISHED
    lifecycle.advance(program, Move.PUBLISH)
    have_partners = _partners(await store.pairs(session, program.id))
    made = await pairs.create(session, runtime, program, await store.proposals(session, run.id))
    have_partners.update(id_ for pair in made for id_ in (pair.mentor_id, pair.mentee_id))
    await delivery.queue(
        session,
        runtime,
        [
            _still_waiting(runtime, program, run, waits)
            for _, waits in waiting
            if waits.id not in have_partners
        ],
    )
    await programs.clear_skips(session, program.id)
    managers = await pair_store.managers(session, program.id)
    concerned = [*(waits for _, waits in waiting), *managers]
    await delivery.outdate_homes(session, runtime, [person.id for person in concerned])
    return made


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
                topics=frozenset(enrolled.topics) - frozenset(enrolled.refused_topics),
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


def _still_waiting(runtime: Runtime, program: Program, run: MatchRun, person: Person) -> Outgoing:
    return Outgoing(
        dedupe_key=f"waiting:{run.id}:{person.id}",
        kind="waiting",
        recipient=person.slack_user_id or "",
        message=messages.waiting(runtime.library, program),
        if_in_doubt=IfInDoubt.LET_GO,
        workspace_id=program.workspace_id,
    )
