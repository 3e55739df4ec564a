"""Lessons: a few cards for each role, read before the first meeting and whenever one likes.

How far somebody has come is kept, so that they can go on later. What they think about the cards'
questions is asked for nowhere.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import working_hour
from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.enrollment.store import lock_person
from bot.errors import UserFacingError
from bot.lessons import store
from bot.pairs import store as pairs
from bot.runtime import Runtime
from bot.views import lesson_messages
from bot.views.modals.lesson import Place
from models import Enrollment, IfInDoubt, Person, Program
from models.program import OVER

TIME_TO_READ = timedelta(days=3)
"""After so long, somebody who joins a running program is reminded of their lesson."""


@dataclass(frozen=True)
class Lesson:
    """Somebody's lesson for a program, open at the card `number`, counted from 0: as many as there
    are cards when the last one has just been read."""

    program: Program
    enrollment: Enrollment
    number: int


async def resume(
    session: AsyncSession, runtime: Runtime, person: Person, enrollment_id: int | None = None
) -> Lesson:
    """The lesson named, else the first that is not done, else the newest, at the first card that
    has not been read; one that is done begins anew.

    Raises UserFacingError where there is none, or not any more.
    """
    program, enrollment = await _own(session, person, enrollment_id)
    unread = enrollment.lesson_cards if enrollment.lesson_done_at is None else 0
    return Lesson(program, enrollment, min(unread, _count(runtime, enrollment) - 1))


async def turn_back(
    session: AsyncSession, runtime: Runtime, person: Person, place: Place
) -> Lesson:
    """The card named, as it was read before."""
    program, enrollment = await _own(session, person, place.enrollment_id)
    return Lesson(program, enrollment, min(place.number, _count(runtime, enrollment) - 1))


async def finish_card(
    session: AsyncSession, runtime: Runtime, person: Person, place: Place
) -> Lesson:
    """Notes that the card was read, and opens the next one. An older window takes nothing back.

    Of two windows in which somebody turns a page at once, the second waits for the first. The
    person is locked before the enrollment, as for whatever else they do.
    """
    await lock_person(session, person.id)
    program, enrollment = await _own(session, person, place.enrollment_id)
    await store.lock(session, enrollment)
    count = _count(runtime, enrollment)
    read = min(place.number + 1, count)
    enrollment.lesson_cards = max(read, enrollment.lesson_cards)
    if read == count and enrollment.lesson_done_at is None:
        enrollment.lesson_done_at = runtime.clock()
    managers = await pairs.managers(session, program.id)
    concerned = [person.id, *(manager.id for manager in managers)]
    await delivery.outdate_homes(session, runtime, concerned)
    return Lesson(program, enrollment, read)


async def remind_due(runtime: Runtime) -> int:
    """Reminds those once who have joined a running program and whose lesson is all that is missing:
    no last day to join does it for them. Returns how many."""
    now = runtime.clock()
    async with runtime.database.transaction_across_workspaces() as session:
        found = await store.to_remind(session, now - TIME_TO_READ)
        notes = [_reminder(runtime, *one, now) for one in found]
        await delivery.queue(session, runtime, notes)
    return len(found)


def _reminder(
    runtime: Runtime, enrollment: Enrollment, program: Program, person: Person, now: datetime
) -> Outgoing:
    return Outgoing(
        dedupe_key=f"{store.REMINDER}:{enrollment.id}:once",
        kind=store.REMINDER,
        recipient=person.slack_user_id or "",
        message=lesson_messages.reminder(runtime.library, program, enrollment),
        if_in_doubt=IfInDoubt.LET_GO,
        workspace_id=program.workspace_id,
        not_before=working_hour(now, person.time_zone),
    )


def _count(runtime: Runtime, enrollment: Enrollment) -> int:
    return len(runtime.library.lessons[enrollment.role.value])


async def _own(
    session: AsyncSession, person: Person, enrollment_id: int | None
) -> tuple[Program, Enrollment]:
    mine = await store.of_person(session, person.id)
    if enrollment_id is not None:
        mine = [found for found in mine if found[0].id == enrollment_id]
    going_on = [found for found in mine if found[1].state not in OVER]
    if not going_on:
        raise UserFacingError("lesson_over" if mine else "no_lesson")
    unfinished = [found for found in going_on if found[0].lesson_done_at is None]
    enrollment, program = (unfinished or going_on)[0]
    return program, enrollment
