"""A program's days come by themselves: the reminder, the end of joining, the end, the closing."""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.pairs import endings_service as endings
from bot.pairs import store as pairs
from bot.programs import lifecycle, lifecycle_store, moves_service, notes
from bot.programs import partings_service as partings
from bot.programs.lifecycle import Move
from bot.runtime import Runtime
from bot.views import lesson_messages, program_messages
from bot.views.blocks import Message
from models import EnrollmentState, Program, ProgramManager, ProgramState, Role
from models.enrollment import UNDECIDED

TIME_TO_CLOSE = timedelta(days=14)
"""Between the end of a program's last pair and its closing."""

TIME_TO_DECIDE = timedelta(days=7)
"""So long before the end of a program its managers hear of applications without an answer."""


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
        case ProgramState.RUNNING if not resting:
            outgoing = await _before_the_end(session, runtime, program, today)
            if not outgoing:
                return managed
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
    """Everybody who has joined, applied or waits is told what that means for them, and whose lesson
    stands between them and a match, that it does."""
    program.reminded_for = join_by
    now, outgoing = runtime.clock(), []
    for enrolled, person in await lifecycle_store.taking_part(session, program.id):
        is_open = enrolled.state is EnrollmentState.ENROLLED and enrolled.lesson_done_at is None
        message = program_messages.deadline(runtime.library, program, join_by, enrolled)
        if program.training_required and is_open:
            message = lesson_messages.still_open(runtime.library, enrolled, message)
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
        counts["applications"] += enrolled.state in UNDECIDED
    said = program_messages.enrollment_over(runtime.library, program, counts)
    occasion = program.join_by.isoformat()
    return await _to_managers(session, runtime, program, "enrollment_over", occasion, said)


async def _is_over(session: AsyncSession, program: Program, today: date) -> bool:
    """Its weeks have passed, nobody new can join, and no pair lives any more. It does not wait for
    the decision on a paused one, which ends with it at the latest."""
    ended = program.starts_on + timedelta(weeks=program.weeks) <= today
    joinable = program.join_by is not None and program.join_by >= today
    return (
        ended and not joinable and not await lifecycle_store.has_living_pairs(session, program.id)
    )


async def _before_the_end(
    session: AsyncSession, runtime: Runtime, program: Program, today: date
) -> list[Outgoing]:
    """In the last week, while applications wait for an answer, the managers are told once that the
    end of the program would be the end of them."""
    ends_on = program.starts_on + timedelta(weeks=program.weeks)
    if today < ends_on - TIME_TO_DECIDE:
        return []
    found = await lifecycle_store.sizes(session, [program.id])
    if not (count := found[program.id].applications):
        return []
    said = program_messages.undecided(runtime.library, program, max(ends_on, today), count)
    posts = await _to_managers(session, runtime, program, "undecided", ends_on.isoformat(), said)
    return [post for post in posts if not await delivery.is_queued(session, post.dedupe_key)]


async def _wind_down(
    session: AsyncSession, runtime: Runtime, program: Program, today: date
) -> list[Outgoing]:
    lifecycle.advance(program, Move.WIND_DOWN)
    program.closes_on = today + TIME_TO_CLOSE
    await partings.tell_those_without_partner(session, runtime, program)
    said = program_messages.closing(runtime.library, program, program.closes_on)
    return await _to_managers(session, runtime, program, "closing", "once", said)


async def _finish(session: AsyncSession, runtime: Runtime, program: Program) -> list[Outgoing]:
    await partings.tell_everybody(session, runtime, program)
    await endings.finish(session, runtime, program)
    lifecycle.advance(program, Move.FINISH)
    return []


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
