"""The way into a program: a seat, a program manager's yes where one is needed, a welcome."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.enrollment import seats, store
from bot.pairs import store as pairs_store
from bot.programs import lifecycle_store as programs
from bot.runtime import Runtime
from bot.views import enrollment_messages, lesson_messages
from bot.views.blocks import Message
from bot.views.modals.queue import NOTHING, to_confirm
from models import Enrollment, EnrollmentState, IfInDoubt, Person, Program, Role
from models.enrollment import TAKING_PART


async def admit(
    session: AsyncSession, runtime: Runtime, program: Program, enrolled: Enrollment, person: Person
) -> None:
    """The one way in: from the form, from the waiting list, and by a program manager's yes."""
    enrolled.state = EnrollmentState.ENROLLED
    await session.flush()
    library = runtime.library
    welcome = enrollment_messages.joined(library, program, enrolled)
    await tell(session, runtime, person, "joined", welcome)
    if enrolled.lesson_done_at is None:
        lesson = lesson_messages.invitation(library, program, enrolled)
        await tell(session, runtime, person, "lesson", lesson)
    await outdate_homes(session, runtime, program, person)


async def fill_seats(runtime: Runtime) -> int:
    """Gives the seats that have become free to those who have waited longest; returns how many.
    They are let in, or come before the program's managers."""
    async with runtime.database.transaction_across_workspaces() as session:
        found = await store.with_waitlist(session)
    filled = 0
    for workspace_id, program_id in found:
        async with runtime.database.transaction(workspace_id) as session:
            filled += await _fill(session, runtime, program_id)
    return filled


async def has_seat(session: AsyncSession, program: Program, role: Role) -> bool:
    """Whether there is one for somebody new: never before those who wait already."""
    if program.seats is None:
        return True
    if await store.waitlist(session, program.id, role, 1):
        return False
    return await _free(session, program, role) != 0


async def enter(
    session: AsyncSession,
    runtime: Runtime,
    program: Program,
    enrolled: Enrollment,
    person: Person,
    *,
    has_seat: bool,
) -> None:
    """Somebody new, or back again after they had left. A break they are on goes on here too."""
    enrolled.joined_at = enrolled.agreed_at = runtime.clock()
    enrolled.state = EnrollmentState.WAITLISTED
    enrolled.decided_by_id = enrolled.decided_at = None
    for other, _ in await store.of_person(session, person.id):
        if other.paused_since is not None and other.state in TAKING_PART:
            enrolled.paused_since, enrolled.paused_until = other.paused_since, other.paused_until
    await session.flush()
    if has_seat:
        await _take_seat(session, runtime, program, enrolled, person)
        return
    place = await store.place(session, enrolled)
    message = enrollment_messages.waitlisted(runtime.library, program, enrolled.role, place)
    await tell(session, runtime, person, "waitlisted", message)
    await outdate_homes(session, runtime, program, person)


async def _take_seat(
    session: AsyncSession, runtime: Runtime, program: Program, enrolled: Enrollment, person: Person
) -> None:
    """In, unless a program manager has to look at it first: at everybody where the program is
    vetted, and at a level or a manager that is somebody's own word."""
    is_known = person.level is not None and to_confirm(enrolled, person) == NOTHING
    if is_known and not program.vetted:
        await admit(session, runtime, program, enrolled, person)
        return
    enrolled.state = EnrollmentState.APPLIED
    await session.flush()
    message = enrollment_messages.applied(runtime.library, program, enrolled)
    await tell(session, runtime, person, "applied", message)
    await _tell_managers(session, runtime, program)
    await outdate_homes(session, runtime, program, person)


async def _tell_managers(session: AsyncSession, runtime: Runtime, program: Program) -> None:
    """That there are applications: once a day, and again when those are looked at that they have
    heard of."""
    first = await store.first_applied(session, program.id)
    waiting_since = int(first.joined_at.timestamp())
    notice = enrollment_messages.applications(runtime.library, program)
    occasion = f"{runtime.clock().date()}:{first.id}:{waiting_since}"
    notes = [
        _outgoing(manager, f"applications:{program.id}:{occasion}:{manager.id}", notice)
        for manager in await pairs_store.managers(session, program.id)
    ]
    await delivery.queue(session, runtime, notes)


async def _fill(session: AsyncSession, runtime: Runtime, program_id: int) -> int:
    """Looks again: the program may have been paused or closed a moment ago."""
    program = await programs.locked(session, program_id)
    if program is None or program.paused_at is not None or program.state not in store.FILLED:
        return 0
    filled = 0
    for role in Role:
        free = await _free(session, program, role)
        for enrolled, person in await store.waitlist(session, program.id, role, free):
            await _take_seat(session, runtime, program, enrolled, person)
            filled += 1
    return filled


async def _free(session: AsyncSession, program: Program, role: Role) -> int | None:
    """How many seats are free on this side; None where there is no cap."""
    if program.seats is None:
        return None
    share = seats.shares(program.seats, program.mentor_capacity, program.mentee_capacity)[role]
    return seats.free(share, (await store.taken(session, program.id))[role])


async def tell(
    session: AsyncSession, runtime: Runtime, person: Person, kind: str, message: Message
) -> None:
    """Writes to somebody about a step that they have just taken, or that was taken for them."""
    await delivery.queue(
        session, runtime, [_outgoing(person, f"{kind}:{runtime.new_key()}", message)]
    )


async def outdate_homes(
    session: AsyncSession, runtime: Runtime, program: Program, person: Person
) -> None:
    """Of the person, and of those who run the program."""
    managers = await pairs_store.managers(session, program.id)
    people = [person.id, *(manager.id for manager in managers)]
    await delivery.outdate_homes(session, runtime, people)


def _outgoing(person: Person, dedupe_key: str, message: Message) -> Outgoing:
    return Outgoing(
        dedupe_key=dedupe_key,
        kind=dedupe_key.partition(":")[0],
        recipient=person.slack_user_id or "",
        message=message,
        if_in_doubt=IfInDoubt.SEND_AGAIN,
        workspace_id=person.workspace_id,
    )
