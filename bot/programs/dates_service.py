"""A program's days come by themselves: the reminder, the end of joining, the end, the closing."""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.pairs import endings_service as endings
from bot.pairs import store as pairs
from bot.programs import lifecycle, lifecycle_store, moves_service, notes
from bot.programs.lifecycle import Move
from bot.runtime import Runtime
from bot.views import lesson_messages, program_messages
from bot.views.blocks import Message
from models import EnrollmentState, Program, ProgramManager, ProgramState, Role

TIME_TO_CLOSE = timedelta(days=14)
"""Between the end of a program's last pair and its closing."""
WAITING_FOR_AN_ANSWER = (EnrollmentState.APPLIED, EnrollmentState.TALKING)


async def follow_dates(runtime: Runtime) -> int:
    """Does what the day (in UTC) asks for in every program; returns for how many there was
    something. Repeated, it does nothing twice."""
    today = runtime.clock().date()
    async with runtime.database.transaction_across_workspaces() as session:
        found = await lifecycle_store.of_the_day(session, today)
    followed = 0
    for workspace_id, program_id in found:
        async with runtime.database.transaction(workspace_id) as session:
            program = await lifecycle_store.locked(session, program_id)
            if program is not None:
                followed += await _follow(session, runtime, program, today)
    return followed


async def _follow(session: AsyncSession, runtime: Runtime, program: Program, today: date) -> bool:
    """Whether there was something to do."""
    managed = await _watch_managers(session, runtime, program)
    resting = program.paused_at is not None
    match program.state:
        case ProgramState.ENROLLING if not resting and program.join_by is not None:
            if program.join_by < today:
                outgoing = await _end_enrollment(session, runtime, program)
            elif _is_reminder_due(program, program.join_by, today):
                outgoing = await _remind(session, runtime, program, program.join_by)
            else:
                return managed
        case ProgramState.RUNNING if not resting and await _is_over(session, program, today):
            outgoing = await _wind_down(session, runtime, program, today)
        case ProgramState.CLOSING if program.closes_on is not None and program.closes_on < today:
            outgoing = await _finish(session, runtime, program)
        case _:
            return managed
    await delivery.queue(session, runtime, outgoing)
    await moves_service.outdate(session, runtime, program)
    return True


def _is_reminder_due(program: Program, join_by: date, today: date) -> bool:
    return program.reminded_for != join_by and join_by - lifecycle_store.REMINDED_BEFORE <= today


async def _remind(
    session: AsyncSession, runtime: Runtime, program: Program, join_by: date
) -> list[Outgoing]:
    """Everybody who has joined, applied or waits is told that they can still step out, and whose
    lesson stands between them and a match, that it does."""
    program.reminded_for = join_by
    said = program_messages.deadline(runtime.library, program, join_by)
    now, outgoing = runtime.clock(), []
    for enrolled, person in await lifecycle_store.taking_part(session, program.id):
        is_open = enrolled.state is EnrollmentState.ENROLLED and enrolled.lesson_done_at is None
        message = said
        if program.training_required and is_open:
            message = lesson_messages.still_open(runtime.library, enrolled, said)
        occasion = join_by.isoformat()
        outgoing.append(notes.to_person(program, "deadline", occasion, person, message, now))
    return outgoing


async def _end_enrollment(
    session: AsyncSession, runtime: Runtime, program: Program
) -> list[Outgoing]:
    assert program.join_by is not None, "without a last day, nothing ends"
    lifecycle.advance(program, Move.ENROLLMENT_OVER)
    counts: Counter[str] = Counter()
    for enrolled, _ in await lifecycle_store.taking_part(session, program.id):
        if enrolled.state is EnrollmentState.ENROLLED:
            counts["mentors" if enrolled.role is Role.MENTOR else "mentees"] += 1
        counts["applications"] += enrolled.state in WAITING_FOR_AN_ANSWER
    said = program_messages.enrollment_over(runtime.library, program, counts)
    occasion = program.join_by.isoformat()
    return await _to_managers(session, runtime, program, "enrollment_over", occasion, said)


async def _is_over(session: AsyncSession, program: Program, today: date) -> bool:
    """Its weeks have passed, nobody new can join, and no pair is on its way any more."""
    ended = program.starts_on + timedelta(weeks=program.weeks) <= today
    joinable = program.join_by is not None and program.join_by >= today
    return (
        ended
        and not joinable
        and not await lifecycle_store.has_pairs_on_their_way(session, program.id)
    )


async def _wind_down(
    session: AsyncSession, runtime: Runtime, program: Program, today: date
) -> list[Outgoing]:
    lifecycle.advance(program, Move.WIND_DOWN)
    program.closes_on = today + TIME_TO_CLOSE
    said = program_messages.closing(runtime.library, program, program.closes_on)
    return await _to_managers(session, runtime, program, "closing", "once", said)


async def _finish(session: AsyncSession, runtime: Runtime, program: Program) -> list[Outgoing]:
    """Whoever had a partner is thanked, and whoever had none is told so kindly."""
    await endings.finish(session, runtime, program)
    lifecycle.advance(program, Move.FINISH)
    thanks = program_messages.thanks(runtime.library, program)
    sorry = program_messages.never_matched(runtime.library, program)
    paired = await lifecycle_store.were_paired(session, program.id)
    now = runtime.clock()
    return [
        notes.to_person(
            program, "closed", "once", person, thanks if person.id in paired else sorry, now
        )
        for _, person in await lifecycle_store.taking_part(session, program.id)
    ]


async def _watch_managers(session: AsyncSession, runtime: Runtime, program: Program) -> bool:
    """When the last manager has left, the admin channel is told how somebody can take over: once,
    and again each month. Whether it was told now."""
    if program.state is ProgramState.CLOSED:
        return False
    if await pairs.managers(session, program.id):
        return False
    said = program_messages.without_manager(runtime.library, program)
    occasion = f"{runtime.clock():%Y%m}"
    channel = program.admin_channel_id
    post = notes.to_channel(program, "without_manager", occasion, channel, said)
    if await delivery.is_queued(session, post.dedupe_key):
        return False
    await delivery.queue(session, runtime, [post])
    return True


async def _to_managers(
    session: AsyncSession,
    runtime: Runtime,
    program: Program,
    kind: str,
    occasion: str,
    said: Message,
) -> list[Outgoing]:
    now = runtime.clock()
    return [
        notes.to_person(program, kind, occasion, manager, said, now)
        for manager in await lifecycle_store.team(session, ProgramManager, program.id)
    ]
