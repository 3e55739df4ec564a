"""How much each part of a match's score counts in a program: managers see it, try it and set it."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserFacingError
from bot.matching import comparison, store, worker
from bot.matching import conditions_service as conditions
from bot.matching import decisions_service as decisions
from bot.matching import sides_service as sides
from bot.matching.scores import DEFAULT_WEIGHTS, Weights
from bot.matching.task import Task
from bot.programs import lifecycle, lifecycle_store
from bot.programs import service as program_service
from bot.programs import store as programs
from bot.programs.lifecycle import Verb
from bot.roles import Act
from bot.runtime import Runtime
from bot.views.modals import weights as form
from bot.views.modals.weights import Preview, Weighing
from models import DecisionKind, Person, Program


@dataclass(frozen=True)
class Compared:
    """The same people's match by the weights that are kept and by those that were filled in."""

    program: Program
    before: Task
    after: Task


async def opened(session: AsyncSession, person: Person, program: Program) -> Weighing:
    """What the form begins with. Raises UserFacingError for somebody who does not manage the
    program."""
    await program_service.require_manager(session, person, Act.MATCH, program.id)
    kept = _kept(program).by_name()
    return Weighing(program.id, kept, kept)


async def to_compare(
    session: AsyncSession, runtime: Runtime, person: Person, wanted: Weighing
) -> Compared:
    """What a preview is worked out from. Nothing is kept of it.

    Raises UserFacingError when nothing is changed or one side is empty, and for somebody who takes
    part in the program where another manager can look: how many pairs change, and how, might tell
    them who would rather not be paired with them.
    """
    program = await _managed(session, runtime, person, wanted.program_id)
    kept = _kept(program)
    weights = _merged(program, wanted)
    if weights == kept:
        raise UserFacingError("weights_unchanged")
    waiting = await programs.waiting(session, program.id)
    others = [found for found in waiting if found[1].id != person.id]
    takes_part = await store.enrolled(session, program.id, [person.id])
    if takes_part and await conditions.can_see(session, program):
        raise UserFacingError("weights_another_manager")
    sizes = Counter(enrolled.role for enrolled, _ in others)
    await conditions.require_both_sides(
        session, runtime.library, program, sizes, without_runner=len(others) < len(waiting)
    )
    people = await sides.sides(session, runtime, program, others)
    return Compared(program, sides.task_of(people, kept), sides.task_of(people, weights))


async def preview(compared: Compared) -> Preview:
    """Takes as long as two matches: with no transaction open, and not while Slack waits."""
    worked = [await worker.work_out(task, _nobody) for task in (compared.before, compared.after)]
    return comparison.compare(compared.before, compared.after, (worked[0], worked[1]))


async def keep(
    session: AsyncSession, runtime: Runtime, person: Person, wanted: Weighing
) -> tuple[Program, bool]:
    """Keeps what this form has changed, and nothing else: of two managers who change different
    parts at once, neither undoes the other's. True when that changed anything. Raises
    UserFacingError with a field as `form.check` does."""
    await lifecycle_store.locked(session, wanted.program_id)
    program = await _managed(session, runtime, person, wanted.program_id)
    weights = _merged(program, wanted)
    if weights == _kept(program):
        return program, False
    program.weights = weights.by_name()
    await decisions.decided(session, runtime, program, person, DecisionKind.WEIGHED)
    return program, True


async def _managed(
    session: AsyncSession, runtime: Runtime, person: Person, program_id: int
) -> Program:
    program = await program_service.require_manager(session, person, Act.MATCH, program_id)
    lifecycle.require(program, Verb.EDIT, runtime.clock().date())
    return program


def _kept(program: Program) -> Weights:
    """A new program's where those that are kept could not be used: they can be mended here."""
    try:
        return Weights.of(program.weights)
    except ValueError:
        return DEFAULT_WEIGHTS


def _merged(program: Program, wanted: Weighing) -> Weights:
    merged = _kept(program).by_name() | wanted.changed
    form.check(merged)
    return Weights.of(merged)


async def _nobody(percent: int) -> None:
    """Is told how far a preview is: it comes when it is there."""
