"""People join programs, wait for a seat or an answer, and leave. Nobody is enrolled by somebody
else: whoever is in a program has sent the form."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import store as delivery_store
from bot.enrollment import admission_service as admission
from bot.enrollment import audience, profile_service, store
from bot.enrollment.admission_service import admit, fill_seats
from bot.enrollment.profile_service import avoided_by
from bot.errors import UserFacingError
from bot.pairs import service as pairs
from bot.pairs import store as pairs_store
from bot.people.sides import changed_side
from bot.programs import lifecycle
from bot.programs import lifecycle_store as programs
from bot.programs import notes as program_notes
from bot.roles import Act, Actor, require
from bot.runtime import Runtime
from bot.views import enrollment_messages
from bot.views.enrollment_messages import Choice
from bot.views.modals.join import Asked, Join
from models import Enrollment, EnrollmentState, Person, Program, Role
from models.enrollment import TAKING_PART
from models.pair import LIVING
from models.program import OVER
from prompts.library import Library

__all__ = ["admit", "avoided_by", "choices", "fill_seats", "join", "joining", "leavable", "leave"]


async def choices(session: AsyncSession, runtime: Runtime, person: Person) -> Sequence[Choice]:
    """The programs that the person may join today or is in already, the newest first; one at least.

    Raises UserFacingError when there is none. Where only one program is open at all, it says why
    that one is not for them.
    """
    today = runtime.clock().date()
    enrolled = await store.of_person(session, person.id)
    own = {program.id: one for one, program in enrolled}
    found = [
        Choice(program, is_in=True)
        for one, program in enrolled
        if one.state in TAKING_PART and program.state not in OVER
    ]
    taken = {choice.program.id for choice in found}
    refusals = []
    for program in await store.joinable(session, today):
        if program.id in taken:
            continue
        try:
            await _require_may_join(session, runtime, program, person, own.get(program.id))
        except UserFacingError as refusal:
            refusals.append(refusal)
        else:
            found.append(Choice(program, is_in=False))
    if not found:
        raise refusals[0] if len(refusals) == 1 else UserFacingError("no_program_open")
    return sorted(found, key=lambda choice: -choice.program.id)


async def joining(
    session: AsyncSession, runtime: Runtime, person: Person, program_id: int
) -> Asked:
    """What the form for this program has to ask. Raises UserFacingError when the person may not
    join it."""
    program = await session.get(Program, program_id)
    if program is None:
        raise UserFacingError("no_program_open")
    before = await store.enrollment(session, program.id, person.id)
    await _require_may_join(session, runtime, program, person, before)
    manager = None
    if before is not None and before.stated_manager_id is not None:
        manager = await session.get(Person, before.stated_manager_id)
    return Asked(
        program=program,
        role=await _side(session, program, person, before, person.level),
        about=await profile_service.about(session, runtime, person),
        before=before if _takes_part(before) else None,
        asks_manager=person.manager_id is None,
        stated_manager=(manager and manager.slack_user_id) or "",
    )


async def join(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    wanted: Join,
    stated_manager: Person | None = None,
) -> None:
    """Takes the person into the program, or on its waiting list, or before its managers; of
    somebody who takes part already, the answers are changed and nothing else.

    The program is locked, so that the last seat is given once, and the person, so that a form that
    is sent twice enrols once.
    """
    require(Act.JOIN, [Actor.PARTICIPANT])
    program = await programs.locked(session, wanted.program_id)
    if program is None:
        raise UserFacingError("no_program_open")
    await store.lock_person(session, person.id)
    person = await session.get_one(Person, person.id)
    enrolled = await store.enrollment(session, program.id, person.id)
    level = person.level if person.level is not None else wanted.stated_level
    role = await _side(session, program, person, enrolled, level)
    if role is None:
        raise UserFacingError("join_ask_again")
    await _require_may_join(session, runtime, program, person, enrolled, level)
    _check_topics(runtime.library, program, wanted)
    takes_part = _takes_part(enrolled)
    has_seat = takes_part or await admission.has_seat(session, program, role)
    enrolled = enrolled or _newcomer(session, runtime, program, person)
    _answer(runtime, enrolled, wanted, role)
    enrolled.stated_level = wanted.stated_level if person.level is None else None
    if wanted.stated_level is not None and person.manager_id is None:
        enrolled.stated_manager_id = stated_manager.id if stated_manager else None
    await profile_service.keep(session, runtime, person, wanted.about)
    if takes_part:
        message = enrollment_messages.answers_changed(runtime.library, program, wanted.topics)
        await admission.tell(session, runtime, person, "answers", message)
        await admission.outdate_homes(session, runtime, program, person)
    else:
        await admission.enter(session, runtime, program, enrolled, person, has_seat=has_seat)


async def leavable(session: AsyncSession, person: Person) -> Sequence[Program]:
    """The programs that the person can leave. Raises UserFacingError when there is none."""
    found = [
        program
        for enrolled, program in await store.of_person(session, person.id)
        if enrolled.state in TAKING_PART
    ]
    if not found:
        raise UserFacingError("nothing_to_leave_at_all")
    return found


async def leave(
    session: AsyncSession, runtime: Runtime, person: Person, program_id: int
) -> tuple[Program, bool]:
    """Takes the person out of the program and ends their pairs there; their seat is free. Says
    whether they could join again today. Nobody is told a reason, for there is none to tell."""
    require(Act.JOIN, [Actor.PARTICIPANT])
    program = await programs.locked(session, program_id)
    await store.lock_person(session, person.id)
    if program is None:
        raise UserFacingError("nothing_to_leave")
    enrolled = await store.enrollment(session, program.id, person.id)
    if enrolled is None or enrolled.state not in TAKING_PART:
        raise UserFacingError("nothing_to_leave")
    enrolled.state = EnrollmentState.LEFT
    enrolled.paused_since = enrolled.paused_until = None
    enrolled.skips_match = False
    await session.flush()
    overtaken = program_notes.keys(program, program_notes.BEFORE_LEAVING)
    overtaken += [f"other_side:{enrolled.id}:", f"lesson_open:{enrolled.id}:"]
    await delivery_store.let_go_of(session, *overtaken, recipient=person.slack_user_id)
    await pairs.end_of(session, runtime, program, person)
    await admission.outdate_homes(session, runtime, program, person)
    return program, lifecycle.is_joinable(program, runtime.clock().date())


async def _require_may_join(
    session: AsyncSession,
    runtime: Runtime,
    program: Program,
    person: Person,
    before: Enrollment | None,
    level: int | None = None,
) -> None:
    """`level` is what they say of themselves, where HR says nothing. Whoever takes part may change
    their answers whatever HR says by now, but not go where the program's levels let nobody in."""
    people = await pairs_store.managers(session, program.id)
    managers = enrollment_messages.managers(runtime.library, people)
    if _takes_part(before):
        audience.require_not_over(program)
        if person.level is None:
            audience.require_fitting(program, level, managers)
        return
    audience.require_open(program, runtime.clock().date(), managers)
    if before is not None and before.state is EnrollmentState.DECLINED:
        raise UserFacingError("join_declined", program=program.name, managers=managers)
    known = person.level if person.level is not None else level
    invited = program.id in await store.invited_to(session, person.id)
    audience.require_admissible(program, person, known, invited=invited, managers=managers)


def _check_topics(library: Library, program: Program, wanted: Join) -> None:
    if not set(wanted.topics) <= set(program.topics):
        raise UserFacingError("topic_unknown", field="topics")
    touching = library.identity_topics.intersection(wanted.topics)
    if not touching <= set(wanted.identity_topics):
        raise UserFacingError("identity_yes_missing", field="identity_topics")


def _newcomer(
    session: AsyncSession, runtime: Runtime, program: Program, person: Person
) -> Enrollment:
    enrolled = Enrollment(
        program_id=program.id,
        person_id=person.id,
        joined_at=runtime.clock(),
        state=EnrollmentState.WAITLISTED,
    )
    session.add(enrolled)
    return enrolled


def _answer(runtime: Runtime, enrolled: Enrollment, wanted: Join, role: Role) -> None:
    library = runtime.library
    if enrolled.role is not role:
        for name, value in changed_side(role).items():
            setattr(enrolled, name, value)
    enrolled.topics = list(wanted.topics)
    enrolled.main_topic = wanted.main_topic
    enrolled.refused_topics = [one for one in wanted.refused_topics if one in library.topics]
    enrolled.identity_topics = [one for one in wanted.topics if one in library.identity_topics]
    enrolled.agreed_at = enrolled.agreed_at or runtime.clock()


async def _side(
    session: AsyncSession,
    program: Program,
    person: Person,
    enrolled: Enrollment | None,
    level: int | None,
) -> Role | None:
    """That of their level, None where nobody knows it. While a pair of theirs lives in the program,
    they stay on the side that they have in it."""
    if enrolled is not None:
        theirs = pairs_store.which(program_id=program.id, person_id=person.id)
        if await pairs_store.in_states(session, theirs, LIVING):
            return enrolled.role
    if level is None:
        return None
    return Role.MENTEE if level >= program.mentee_from_level else Role.MENTOR


def _takes_part(enrolled: Enrollment | None) -> bool:
    return enrolled is not None and enrolled.state in TAKING_PART
