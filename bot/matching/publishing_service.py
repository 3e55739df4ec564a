"""Proposals become pairs, once and whole, and everybody is told what is true of them."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.delivery.service import Outgoing
from bot.matching import sides_service, sides_store, store
from bot.matching.pairwise import Pairs
from bot.matching.sides_service import Sides, Waiting
from bot.pairs import service as pairs
from bot.pairs import store as pair_store
from bot.programs import lifecycle
from bot.programs import notes as program_notes
from bot.programs import store as programs
from bot.programs.lifecycle import Move
from bot.runtime import Runtime
from bot.views import match_asking, match_proposal, messages
from bot.views.blocks import Message
from models import MatchRun, MatchRunState, Pair, Person, Program, Proposal


def holding(proposals: Sequence[Proposal], sides: Sides) -> list[Proposal]:
    """Those that are still as they were proposed: both wait, what they share is shared, no rule and
    no wish stands against them, and they have room for them all."""
    mentors = {mentor.person_id: mentor for mentor in sides.mentors}
    mentees = {mentee.person_id: mentee for mentee in sides.mentees}
    there = [
        one
        for one in proposals
        if one.mentor_id in mentors
        and one.mentee_id in mentees
        and set(one.shared_topics) <= mentors[one.mentor_id].topics & mentees[one.mentee_id].topics
    ]
    room = {one.person_id: one.capacity for one in (*sides.mentors, *sides.mentees)}
    twos = [(one.mentor_id, one.mentee_id) for one in there]
    allowed = Pairs(sides.mentors, sides.mentees, twos).allowed(sides.gap, sides.excluded)
    found = []
    for one, two, may_be in zip(there, twos, allowed, strict=True):
        if may_be and all(room[person_id] for person_id in two):
            room.update((person_id, room[person_id] - 1) for person_id in two)
            found.append(one)
    return found


async def publish(
    session: AsyncSession,
    runtime: Runtime,
    program: Program,
    run: MatchRun,
    proposals: Sequence[Proposal],
    waiting: Waiting,
    sides: Sides,
    asked: Collection[int] = (),
) -> list[Pair]:
    """Makes these the program's pairs. `sides` are of those who wait; `asked` are people who were
    asked for their yes to one of the run's pairs. The caller holds workspace, program and run, and
    knows that the proposals still hold. Raises UserFacingError where the program makes no pairs any
    more."""
    lifecycle.advance(program, Move.PUBLISH)
    run.state, run.certificate = MatchRunState.PUBLISHED, None
    have_partners = set(sides_service.partners(await sides_store.pairs(session, program.id)))
    made = await pairs.create(session, runtime, program, proposals)
    have_partners.update(id_ for pair in made for id_ in (pair.mentor_id, pair.mentee_id))
    await store.unlock(session, program.id, [(one.mentor_id, one.mentee_id) for one in made])
    left_out = await programs.not_ready(session, program.id)
    library = runtime.library
    told = {person.id: ("waiting", messages.waiting(library, program)) for _, person in waiting}
    in_peace = match_asking.left_in_peace(library, program)
    told |= dict.fromkeys(sides.asked_often, ("waiting", in_peace))
    told |= _to_the_asked(runtime, program, asked)
    told |= {
        person.id: ("left_out", match_proposal.left_out(library, program, enrolled, reason))
        for enrolled, person, reason in left_out
    }
    people = [*(person for _, person in waiting), *(person for _, person, _ in left_out)]
    without = [person for person in people if person.id not in have_partners]
    await tell(session, runtime, program, run, without, told)
    await programs.clear_skips(session, program.id)
    await outdate_homes(session, runtime, program, people)
    return made


async def publish_nothing(
    session: AsyncSession,
    runtime: Runtime,
    program: Program,
    run: MatchRun,
    waiting: Waiting,
    asked: Collection[int],
) -> None:
    """No pair has come of a run whose people were asked: they go on waiting."""
    run.state, run.certificate = MatchRunState.DROPPED, None
    people = [person for _, person in waiting if person.id in asked]
    have_partners = sides_service.partners(await sides_store.pairs(session, program.id))
    without = [person for person in people if person.id not in have_partners]
    await tell(session, runtime, program, run, without, _to_the_asked(runtime, program, asked))
    await outdate_homes(session, runtime, program, people)


async def tell(
    session: AsyncSession,
    runtime: Runtime,
    program: Program,
    run: MatchRun,
    people: Sequence[Person],
    said: Mapping[int, tuple[str, Message]],
) -> None:
    """Each of these people, who have no partner after the run, in place of what they have not read
    yet of the time before it."""
    overtaken = program_notes.keys(program, program_notes.BEFORE_MATCH)
    await delivery_store.let_go_of(session, *overtaken)
    now, notes = runtime.clock(), list[Outgoing]()
    for person in people:
        if person.slack_user_id and person.id in said:
            kind, message = said[person.id]
            notes.append(program_notes.to_person(program, kind, str(run.id), person, message, now))
    await delivery.queue(session, runtime, notes)


async def outdate_homes(
    session: AsyncSession, runtime: Runtime, program: Program, people: Sequence[Person] = ()
) -> None:
    """Of these people and of the program's managers."""
    managers = await pair_store.managers(session, program.id)
    await delivery.outdate_homes(session, runtime, [one.id for one in (*people, *managers)])


def _to_the_asked(
    runtime: Runtime, program: Program, asked: Collection[int]
) -> dict[int, tuple[str, Message]]:
    """What they read when no pair has come of it: the same words for all, whatever anybody said."""
    said = match_asking.not_this_time(runtime.library, program)
    return dict.fromkeys(asked, ("waiting", said))
