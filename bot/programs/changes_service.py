"""What those who take part in a program are told when its settings change under them."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.programs import lifecycle_store, notes
from bot.programs.lifecycle_store import Past
from bot.runtime import Runtime
from bot.views import lesson_messages, program_messages
from bot.views.blocks import Message
from bot.views.modals.program_settings import ProgramSettings
from models import Enrollment, EnrollmentState, Person, Program, ProgramManager, ProgramState


async def tell(
    session: AsyncSession, runtime: Runtime, program: Program, before: ProgramSettings
) -> None:
    """One message for all that was changed at once, to those whose plans it changes. For whoever
    has a partner, nothing does: their pair goes on as it was made."""
    if program.state is ProgramState.DRAFT:
        return
    pasts = await lifecycle_store.pasts(session, program.id)
    told: list[Outgoing] = []
    occasion, now = runtime.new_key(), runtime.clock()
    for enrolled, person in await lifecycle_store.taking_part(session, program.id):
        if pasts.get(person.id) is Past.PARTNER:
            continue
        if (said := _said(runtime, program, before, enrolled)) is not None:
            told.append(notes.to_person(program, "program_changed", occasion, person, said, now))
    await delivery.queue(session, runtime, told)


async def tell_removed(
    session: AsyncSession,
    runtime: Runtime,
    program: Program,
    by: Person,
    manager_ids: Collection[int],
) -> None:
    """Nobody stops running a program without hearing of it, and of who has seen to it; but for
    whoever did it themselves, and of a draft."""
    if program.state is ProgramState.DRAFT:
        return
    said = program_messages.runs_it_no_more(runtime.library, program, by)
    occasion, now = runtime.new_key(), runtime.clock()
    await delivery.queue(
        session,
        runtime,
        [
            notes.to_person(program, "manager_removed", occasion, person, said, now)
            for person in await lifecycle_store.people(session, manager_ids)
            if person.id != by.id
        ],
    )


async def tell_of_approvals(
    session: AsyncSession, runtime: Runtime, program: Program, by: Person, before: ProgramSettings
) -> None:
    """Nobody lowers the number of approvals, to publish with fewer or alone, without the other
    managers' hearing of it at once."""
    lowered = program.approvals_needed < before.approvals_needed
    if program.state is ProgramState.DRAFT or not lowered:
        return
    said = program_messages.fewer_approvals(runtime.library, program, by, before.approvals_needed)
    occasion = runtime.new_key()
    await delivery.queue(
        session,
        runtime,
        [
            notes.to_person(program, "fewer_approvals", occasion, person, said, None)
            for person in await lifecycle_store.team(session, ProgramManager, program.id)
            if person.id != by.id
        ],
    )


def _said(
    runtime: Runtime, program: Program, before: ProgramSettings, enrolled: Enrollment
) -> Message | None:
    is_moved = program.starts_on != before.starts_on
    gone = set(before.topics) - set(program.topics)
    lost = [topic for topic in enrolled.topics if topic in gone]
    lesson = (
        program.training_required
        and not before.training_required
        and enrolled.state is EnrollmentState.ENROLLED
        and enrolled.lesson_done_at is None
    )
    if not (is_moved or lost or lesson):
        return None
    said = program_messages.changed(
        runtime.library,
        program,
        is_moved=is_moved,
        lost=lost,
        has_topics=not set(program.topics).isdisjoint(enrolled.topics),
    )
    return lesson_messages.still_open(runtime.library, enrolled, said) if lesson else said
