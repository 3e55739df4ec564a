"""Help for somebody whom their pair or their program does no good: another partner, or somebody to
talk to.

Nothing here keeps, or says to anybody, who asked: no column, no line of the log, and no message
but the one that goes to the contact whom the person chose to ask.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import working_hour
from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.enrollment import store as enrollment_store
from bot.errors import UserFacingError
from bot.matching import service as matching
from bot.pairs import notes
from bot.pairs import service as pairs
from bot.pairs import store as pair_store
from bot.programs import lifecycle_store as programs
from bot.roles import Act, Actor, require
from bot.runtime import Runtime
from bot.slack import installations
from bot.support import quiet, store
from bot.support.store import Quiet
from bot.views import support_messages
from bot.views.modals.support import Matter
from models import EnrollmentState, IfInDoubt, Person, Program
from models.enrollment import TAKING_PART

CONCERNED = (*TAKING_PART, EnrollmentState.LEFT)
"""Who has left a program may still have something on their mind."""
TALK = "support_talk"
"""The kind of what a contact is told."""
BATCH = 100


async def matters(session: AsyncSession, person: Person) -> Sequence[Matter]:
    """What the person can ask support for: their pairs first, then the programs in which they have
    none. Raises UserFacingError when there is nothing."""
    require(Act.SEEK_SUPPORT, [Actor.PARTICIPANT])
    found = [
        Matter(one.program, one.pair, one.mentee if person.id == one.mentor.id else one.mentor)
        for one in await pair_store.of_person(session, person.id)
        if one.pair.state in pairs.PARTABLE
    ]
    paired = {one.program.id for one in found}
    found += [
        Matter(program)
        for enrolled, program in await enrollment_store.of_person(session, person.id)
        if enrolled.state in CONCERNED and program.id not in paired
    ]
    if not found:
        raise UserFacingError("support_nothing")
    return found


async def matter(session: AsyncSession, person: Person, value: str) -> Matter:
    """The one with this value, if it is still there."""
    for one in await matters(session, person):
        if one.value == value:
            return one
    raise UserFacingError("support_changed")


async def part(session: AsyncSession, runtime: Runtime, person: Person, pair_id: int) -> Program:
    """Ends a pair of the person's because they would like another partner. Both hear of it alike,
    and nobody hears of who asked. A new match is asked for, and nothing more: whether it leads to
    anything shows later, so that nothing about it can stand in the way of the end. Raises
    UserFacingError when the pair is not theirs, or over."""
    await installations.lock(session)
    found = await pairs.own(session, person, Act.PART, pair_id=pair_id, states=pairs.PARTABLE)
    program = await programs.locked(session, found.program.id)
    assert program is not None, "a pair's program is there as long as the pair"
    if not await pairs.part(session, runtime, pair_id):
        raise UserFacingError("pair_ended")
    await matching.request_rematch(session, runtime, program)
    return program


async def contact(session: AsyncSession, person: Person, program: Program) -> Person | None:
    """Whom the program names for who is afraid of speaking up; None where it names nobody, or
    nobody who stands outside: the person themselves, a partner of theirs, or a program manager."""
    if program.support_contact_id is None:
        return None
    found = await session.get_one(Person, program.support_contact_id)
    involved = {person.id, *await _partners(session, person)}
    involved |= {one.id for one in await pair_store.managers(session, program.id)}
    if found.id in involved or not found.active or not found.slack_user_id:
        return None
    return found


async def ask_contact(
    session: AsyncSession, runtime: Runtime, person: Person, program_id: int, form_id: str
) -> Person:
    """Asks the program's contact to write to the person, at an hour when they work; a form that is
    sent twice asks once. Returns whom. Raises UserFacingError where there is nobody any more."""
    here = [one for one in await matters(session, person) if one.program.id == program_id]
    found = await contact(session, person, here[0].program) if here else None
    if found is None:
        raise UserFacingError("support_changed")
    talk = Outgoing(
        dedupe_key=f"{TALK}:{form_id}",
        kind=TALK,
        recipient=found.slack_user_id or "",
        message=support_messages.talk(runtime.library, person),
        if_in_doubt=IfInDoubt.SEND_AGAIN,
        workspace_id=found.workspace_id,
        not_before=working_hour(runtime.clock(), found.time_zone),
    )
    await delivery.queue(session, runtime, [talk])
    return found


async def managers(session: AsyncSession, person: Person, program: Program) -> Sequence[Person]:
    """Who runs the program, without the person and their partners."""
    involved = {person.id, *await _partners(session, person)}
    found = await pair_store.managers(session, program.id)
    return [one for one in found if one.id not in involved]


async def still_together(session: AsyncSession, person: Person, pair_id: int) -> None:
    """Somebody says that their pair is well. Nothing is kept of it. Raises UserFacingError when the
    pair is not theirs, or over."""
    await pairs.own(session, person, Act.PART, pair_id=pair_id, states=pairs.PARTABLE)


async def ask_quiet(runtime: Runtime) -> int:
    """Asks the two of each active pair of which nothing has been heard for long whether it is still
    good, each on their own. Nobody else hears of it. Returns how many pairs."""
    asked = last = 0
    while True:
        async with runtime.database.transaction_across_workspaces() as session:
            now = runtime.clock()
            batch = await store.quiet_pairs(session, now, last, BATCH)
            for found in batch:
                if _is_to_be_asked(runtime, found):
                    found.pair.asked_on = now.date()
                    await delivery.queue(session, runtime, _questions(runtime, found))
                    asked += 1
        if len(batch) < BATCH:
            return asked
        last = batch[-1].pair.id


def _is_to_be_asked(runtime: Runtime, found: Quiet) -> bool:
    pair, program = found.pair, found.program
    return quiet.is_to_be_asked(
        runtime.clock().date(),
        pair.first_week_on,
        program.weeks,
        program.cadence,
        found.last_met,
        pair.asked_on,
    )


def _questions(runtime: Runtime, found: Quiet) -> list[Outgoing]:
    pair, now = found.pair, runtime.clock()
    key = f"{pair_store.QUIET_NOTE}:{pair.id}:{pair.asked_on}"
    return [
        question
        for one, partner in ((found.mentor, found.mentee), (found.mentee, found.mentor))
        for question in notes.to_people(
            pair,
            key,
            [one],
            support_messages.quiet(runtime.library, found.program, pair, partner),
            lambda asked: quiet.moment(now, asked.time_zone, runtime.random),
        )
    ]


async def _partners(session: AsyncSession, person: Person) -> frozenset[int]:
    """Everybody the person is or was in a pair with."""
    found = await pair_store.of_person(session, person.id)
    return frozenset(id_ for one in found for id_ in (one.mentor.id, one.mentee.id)) - {person.id}
