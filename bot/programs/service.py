"""Programs are opened by workspace admins and their program managers; people join them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.errors import UserFacingError
from bot.people import store as people_store
from bot.programs import store
from bot.roles import Act, Actor, Caller, require
from bot.runtime import Runtime
from bot.views import messages
from bot.views.blocks import Message
from bot.views.modals.join import Join
from bot.views.modals.new_program import NewProgram
from models import (
    Enrollment,
    IfInDoubt,
    Person,
    Program,
    ProgramManager,
    ProgramState,
    Role,
)

SHARE_OF_MENTEES = 1 / 3
"""What the suggested mentee level aims at: enough leaders, and two mentors to choose from."""
DEFAULT_MENTEE_LEVEL = 4


@dataclass(frozen=True)
class Joining:
    """What a person would join, as what, and with which topics if they have joined before."""

    program: Program
    role: Role
    chosen: Sequence[str] | None


async def require_may_open(session: AsyncSession, caller: Caller) -> None:
    """Raises UserFacingError unless the caller may open programs here."""
    actors = [Actor.PARTICIPANT]
    if caller.is_workspace_admin:
        actors.append(Actor.WORKSPACE_ADMIN)
    if await store.managed_by(session, caller.person.id):
        actors.append(Actor.PROGRAM_MANAGER)
    require(Act.OPEN_PROGRAM, actors)


async def suggested_mentee_level(session: AsyncSession) -> int:
    """The level from which up about a third of the people are; mentees begin there."""
    levels = await people_store.levels(session)
    choices = sorted(set(levels))[1:]

    def distance(choice: int) -> float:
        return abs(sum(level >= choice for level in levels) / len(levels) - SHARE_OF_MENTEES)

    return min(choices, key=distance, default=DEFAULT_MENTEE_LEVEL)


async def open_program(
    session: AsyncSession,
    runtime: Runtime,
    caller: Caller,
    wanted: NewProgram,
    team: Sequence[Person],
) -> Program:
    """Opens a program for enrollment and announces it in its admin channel.

    `team` are further program managers beside the caller. Raises UserFacingError with the field
    at fault for a name in use or a first day that has passed.
    """
    await require_may_open(session, caller)
    if await store.named(session, wanted.name):
        raise UserFacingError("program_exists", field="name", program=wanted.name)
    if wanted.starts_on < runtime.clock().date():
        raise UserFacingError("start_in_past", field="starts_on")
    program = Program(
        name=wanted.name,
        purpose=wanted.purpose,
        topics=wanted.topics,
        weeks=wanted.weeks,
        cadence=wanted.cadence,
        starts_on=wanted.starts_on,
        mentee_from_level=wanted.mentee_from_level,
        admin_channel_id=wanted.admin_channel_id,
        state=ProgramState.ENROLLING,
        created_at=runtime.clock(),
    )
    session.add(program)
    await session.flush()
    managers = {caller.person.id, *(person.id for person in team)}
    session.add_all(
        ProgramManager(program_id=program.id, person_id=person_id) for person_id in sorted(managers)
    )
    await delivery.queue(session, runtime, _opening_messages(runtime, program, caller.person))
    return program


async def joining(session: AsyncSession, person: Person, program_id: int | None) -> Joining:
    """What `/mentoring join` is about: the program named, or the newest that is open.

    Raises UserFacingError when there is none or the person's level is not known.
    """
    programs = await store.open_to_join(session)
    if program_id is not None:
        programs = [program for program in programs if program.id == program_id]
    if not programs:
        raise UserFacingError("no_program_open")
    program = programs[0]
    enrolled = await store.enrollment(session, program.id, person.id)
    return Joining(program, _role(program, person), enrolled.topics if enrolled else None)


async def join(session: AsyncSession, runtime: Runtime, person: Person, wanted: Join) -> None:
    """Enrols the person, or updates the topics of somebody who is enrolled already."""
    require(Act.JOIN, [Actor.PARTICIPANT])
    await store.lock_person(session, person.id)
    found = await joining(session, person, wanted.program_id)
    program, role = found.program, found.role
    if not set(wanted.topics) <= set(program.topics):
        raise UserFacingError("topic_unknown", field="topics")
    enrolled = await store.enrollment(session, program.id, person.id)
    if enrolled is None:
        enrolled = Enrollment(program_id=program.id, person_id=person.id, joined_at=runtime.clock())
        session.add(enrolled)
        message = messages.joined(runtime.library, program, role, wanted.topics)
    else:
        message = messages.topics_updated(runtime.library, program, wanted.topics)
    enrolled.role = role
    enrolled.topics = wanted.topics
    note = _note(program, f"joined:{runtime.new_key()}", person.slack_user_id or "", message)
    await delivery.queue(session, runtime, [note])


async def managed(session: AsyncSession, person: Person, channel_id: str) -> Program:
    """The program a manager means: the one whose admin channel they are in, else their newest.

    Raises UserFacingError for somebody who manages none.
    """
    programs = await store.managed_by(session, person.id)
    if not programs and not await store.open_to_join(session):
        raise UserFacingError("no_program")
    require(Act.MATCH, [Actor.PROGRAM_MANAGER if programs else Actor.PARTICIPANT])
    here = [program for program in programs if program.admin_channel_id == channel_id]
    return (here or programs)[0]


async def require_manager(
    session: AsyncSession, person: Person, act: Act, program_id: int
) -> Program:
    """The program, for somebody who manages it. Raises UserFacingError for anybody else."""
    managed = await store.managed_by(session, person.id)
    found = next((program for program in managed if program.id == program_id), None)
    require(act, [Actor.PROGRAM_MANAGER if found else Actor.PARTICIPANT])
    assert found is not None, "nobody else may"
    return found


async def managed_by(session: AsyncSession, person: Person) -> Sequence[Program]:
    """The programs a person manages, the newest first."""
    return await store.managed_by(session, person.id)


async def managed_here(session: AsyncSession, person: Person, channel_id: str) -> Program | None:
    """The newest program that the person manages and whose admin channel this is."""
    programs = await store.managed_by(session, person.id)
    here = (program for program in programs if program.admin_channel_id == channel_id)
    return next(here, None)


def _role(program: Program, person: Person) -> Role:
    if person.level is None:
        raise UserFacingError("unknown_person_level")
    return Role.MENTEE if person.level >= program.mentee_from_level else Role.MENTOR


def _opening_messages(runtime: Runtime, program: Program, opener: Person) -> list[Outgoing]:
    """The announcement to share, in the admin channel, and what comes next, to the opener."""
    announcement = messages.announcement(runtime.library, program)
    created = messages.program_created(runtime.library, program)
    return [
        _note(program, f"created:{program.id}", opener.slack_user_id or "", created),
        _note(program, f"announcement:{program.id}", program.admin_channel_id, announcement),
    ]


def _note(program: Program, dedupe_key: str, recipient: str, message: Message) -> Outgoing:
    return Outgoing(
        dedupe_key=dedupe_key,
        kind=dedupe_key.partition(":")[0],
        recipient=recipient,
        message=message,
        if_in_doubt=IfInDoubt.SEND_AGAIN,
        workspace_id=program.workspace_id,
    )
