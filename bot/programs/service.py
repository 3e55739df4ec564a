"""Who may do what with a program, and which one they mean."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserFacingError
from bot.programs import lifecycle, lifecycle_store, store
from bot.programs.lifecycle import Verb
from bot.roles import Act, Actor, Caller, require
from bot.views.modals.close_program import Size
from models import Person, Program, ProgramState

AT_WORK = frozenset(ProgramState) - {ProgramState.DRAFT, ProgramState.CLOSED}


async def require_may_open(session: AsyncSession, caller: Caller) -> None:
    """Raises UserFacingError unless the caller may open programs here."""
    actors = [Actor.PARTICIPANT]
    if caller.is_workspace_admin:
        actors.append(Actor.WORKSPACE_ADMIN)
    if await store.managed_by(session, caller.person.id):
        actors.append(Actor.PROGRAM_MANAGER)
    require(Act.OPEN_PROGRAM, actors)


async def managed(session: AsyncSession, person: Person, channel_id: str) -> Program:
    """The program a manager means: the one whose admin channel they are in, else their newest that
    is neither a draft nor closed, else their newest.

    Raises UserFacingError for somebody who manages none.
    """
    programs = await store.managed_by(session, person.id)
    if not programs and not await lifecycle_store.exists(session):
        raise UserFacingError("no_program")
    require(Act.MATCH, [Actor.PROGRAM_MANAGER if programs else Actor.PARTICIPANT])
    here = [program for program in programs if program.admin_channel_id == channel_id]
    candidates = here or programs
    at_work = [program for program in candidates if program.state in AT_WORK]
    return (at_work or candidates)[0]


async def meant(
    session: AsyncSession,
    caller: Caller,
    verb: Verb,
    today: date,
    *,
    channel_id: str = "",
    program_id: int | None = None,
) -> Program:
    """The program that somebody wants to do this with: the one named, one whose admin channel they
    are in, or else their newest that it is possible with.

    A program is never left alone: when all its managers have left, a workspace admin may edit it,
    and so say who runs it from now on. Nothing else is theirs to do before that. Raises
    UserFacingError for anybody else, and when it is possible with none.
    """
    programs = list(await store.managed_by(session, caller.person.id))
    if caller.is_workspace_admin and verb is Verb.EDIT:
        programs += await lifecycle_store.without_manager(session)
    if program_id is not None:
        programs = [program for program in programs if program.id == program_id]
    elif not programs and not await lifecycle_store.exists(session):
        raise UserFacingError("no_program")
    require(Act.RUN_PROGRAM, [Actor.PROGRAM_MANAGER if programs else Actor.PARTICIPANT])
    here = [program for program in programs if program.admin_channel_id == channel_id]
    candidates = here or programs
    fitting = [one for one in candidates if verb in lifecycle.verbs(one, today)]
    if not fitting:
        lifecycle.require(candidates[0], verb, today)
    return fitting[0]


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


async def sizes(session: AsyncSession, programs: Sequence[Program]) -> Mapping[int, Size]:
    """How many people and pairs each of these concerns, by its id."""
    return await lifecycle_store.sizes(session, [program.id for program in programs])
