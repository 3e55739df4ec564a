"""A program's last word to everybody in it: to each what is true of them, and once."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.programs import lifecycle_store, notes
from bot.programs.lifecycle_store import Past
from bot.runtime import Runtime
from bot.views import program_messages
from models import Enrollment, EnrollmentState, Program
from models.enrollment import UNDECIDED


class Fate(StrEnum):
    """How far somebody got; `program.last_…` is said to them."""

    THANKS = "thanks"
    PARTNER_GONE = "partner_gone"
    UNANSWERED = "unanswered"
    NO_SEAT = "no_seat"
    ASIDE = "aside"
    LESSON_OPEN = "lesson_open"
    NEVER_MATCHED = "never_matched"


def fate(program: Program, enrolled: Enrollment, past: Past | None) -> Fate | None:
    """`past` is what became of their pairs. None for somebody who was told of the program's end
    when their pair ended with it."""
    match past:
        case Past.TOLD:
            return None
        case Past.PARTNER:
            return Fate.THANKS
        case Past.GONE:
            return Fate.PARTNER_GONE
        case _:
            return _without_pair(program, enrolled)


def _without_pair(program: Program, enrolled: Enrollment) -> Fate:
    if enrolled.state in UNDECIDED:
        return Fate.UNANSWERED
    if enrolled.state is EnrollmentState.WAITLISTED:
        return Fate.NO_SEAT
    if enrolled.paused_since is not None or enrolled.skips_match:
        return Fate.ASIDE
    if program.training_required and enrolled.lesson_done_at is None:
        return Fate.LESSON_OPEN
    return Fate.NEVER_MATCHED


async def tell_those_without_partner(
    session: AsyncSession, runtime: Runtime, program: Program
) -> None:
    """The program begins to close: for whoever has no partner there is nothing more to come."""
    await _tell(session, runtime, program, but=Fate.THANKS)


async def tell_everybody(session: AsyncSession, runtime: Runtime, program: Program) -> None:
    """The program is over. Whoever has had its last word does not hear it again. To be called
    before its pairs end: those who still have a partner are thanked."""
    await _tell(session, runtime, program, but=None)


async def _tell(
    session: AsyncSession, runtime: Runtime, program: Program, *, but: Fate | None
) -> None:
    pasts: Mapping[int, Past] = await lifecycle_store.pasts(session, program.id)
    now, told = runtime.clock(), []
    for enrolled, person in await lifecycle_store.taking_part(session, program.id):
        found = fate(program, enrolled, pasts.get(person.id))
        if found is None or found is but:
            continue
        said = program_messages.last_word(runtime.library, program, found.value)
        told.append(notes.to_person(program, "closed", "once", person, said, now))
    await delivery.queue(session, runtime, told)
