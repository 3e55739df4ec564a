"""Matches are proposed by the solver and published by a program manager."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.errors import UserFacingError
from bot.matching import engine, scores, store
from bot.matching.candidates import Candidate
from bot.matching.engine import Matching
from bot.pairs import service as pairs
from bot.programs import service as program_service
from bot.programs import store as programs
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
    Person,
    Program,
    ProgramState,
    Proposal,
    Role,
)

Waiting = Sequence[tuple[Enrollment, Person]]


@dataclass(frozen=True)
class Sides:
    """The two sides of a match, as the engine knows them."""

    mentors: list[Candidate]
    mentees: list[Candidate]


@dataclass(frozen=True)
class Proposed:
    """A match run, ready to be shown. `best` are its proposals, the highest score first."""

    best: Sequence[Proposal]
    people: dict[int, Person]


async def candidates(session: AsyncSession, person: Person, program: Program) -> Sides:
    """The people to be matched. Raises UserFacingError when one side is empty, and for somebody
    who does not manage the program."""
    await program_service.require_manager(session, person, Act.MATCH, program.id)
    sides = _sides(await programs.waiting(session, program.id))
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
    matching = await asyncio.to_thread(engine.match, sides.mentors, sides.mentees)
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
    return Proposed(best, await store.people(session, ids))


async def publish(
    session: AsyncSession, runtime: Runtime, person: Person, run_id: int
) -> tuple[Program, list[Pair]]:
    """Makes a run's proposals into pairs, once, and tells those who are still waiting.

    Everybody proposed must still be waiting, every pair still allowed, and what they share still
    shared, else UserFacingError and nothing is published. Whoever joined since goes on waiting.
    The program is locked: of two of its runs published at once, the second finds out who is
    waiting after the first.
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
    if not _still_holds(proposals, _sides(waiting)):
        raise UserFacingError("match_out_of_date")
    run.state = MatchRunState.PUBLISHED
    program.state = ProgramState.RUNNING
    made = await pairs.create(session, runtime, program, proposals)
    paired = {pair.mentor_id for pair in made} | {pair.mentee_id for pair in made}
    left_over = [waits for _, waits in waiting if waits.id not in paired]
    await delivery.queue(
        session, runtime, [_still_waiting(runtime, program, run, waits) for waits in left_over]
    )
    return program, made


def _sides(waiting: Waiting) -> Sides:
    by_role: dict[Role, list[Candidate]] = {Role.MENTOR: [], Role.MENTEE: []}
    for enrolled, person in waiting:
        assert person.level is not None, "only people with a level wait for a match"
        by_role[enrolled.role].append(
            Candidate(
                person_id=person.id,
                level=person.level,
                department=person.department,
                topics=frozenset(enrolled.topics),
                reporting_path=person.reporting_path,
            )
        )
    return Sides(by_role[Role.MENTOR], by_role[Role.MENTEE])


def _still_holds(proposals: Sequence[Proposal], sides: Sides) -> bool:
    mentors = {mentor.person_id: mentor for mentor in sides.mentors}
    mentees = {mentee.person_id: mentee for mentee in sides.mentees}
    return all(
        found.mentor_id in mentors
        and found.mentee_id in mentees
        and set(found.shared_topics)
        <= mentors[found.mentor_id].topics & mentees[found.mentee_id].topics
        and scores.feasible([mentors[found.mentor_id]], [mentees[found.mentee_id]])[0, 0]
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
