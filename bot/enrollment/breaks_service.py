"""Breaks, and what is skipped: people rest and come back without asking anybody."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cadence import service as cadence
from bot.clock import BEST_HOUR, at_local_hour
from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.delivery.service import Outgoing
from bot.enrollment import admission_service as admission
from bot.enrollment import store
from bot.errors import UserFacingError
from bot.pairs import service as pairs
from bot.pairs import store as pairs_store
from bot.pairs.store import Partnership
from bot.roles import Act, Actor, require
from bot.runtime import Runtime
from bot.views import enrollment_messages
from bot.views.enrollment_messages import Skipped
from models import Enrollment, EnrollmentState, IfInDoubt, PairState, Person, Program
from models.enrollment import TAKING_PART
from models.pair import UNENDED


async def under_way(session: AsyncSession, person: Person) -> date | None:
    """The day on which the person's break ends. Raises UserFacingError when they are in no program
    that they could take a break from; None when there is no break or it has no end."""
    taking_part = await _taking_part(session, person)
    if not taking_part:
        raise UserFacingError("nothing_to_pause")
    return next(
        (enrolled.paused_until for enrolled, _ in taking_part if enrolled.paused_since), None
    )


async def pause(
    session: AsyncSession, runtime: Runtime, person: Person, until: date | None
) -> None:
    """Begins a break in all the person's programs, or changes until when it lasts. Everything goes
    on by itself on the day `until`; None: when they say so. Raises UserFacingError."""
    require(Act.JOIN, [Actor.PARTICIPANT])
    today = runtime.clock().date()
    if until is not None and until <= today:
        raise UserFacingError("pause_day_past", field="until")
    await store.lock_person(session, person.id)
    taking_part = await _taking_part(session, person)
    if not taking_part:
        raise UserFacingError("nothing_to_pause")
    for enrolled, _ in taking_part:
        enrolled.paused_since = enrolled.paused_since or today
        enrolled.paused_until = until
    await delivery_store.let_go_of(session, _back(person))
    await _follow(session, runtime, person, taking_part)


async def resume(session: AsyncSession, runtime: Runtime, person: Person) -> Sequence[Program]:
    """Ends the break, and puts somebody back who skips the next match. Returns the programs in
    which there is another break yet. Raises UserFacingError when they have neither."""
    require(Act.JOIN, [Actor.PARTICIPANT])
    await store.lock_person(session, person.id)
    taking_part = await _taking_part(session, person)
    if not any(enrolled.paused_since or enrolled.skips_match for enrolled, _ in taking_part):
        raise UserFacingError("not_on_break")
    for enrolled, _ in taking_part:
        enrolled.skips_match = False
    return await _come_back(session, runtime, person, taking_part, runtime.clock())


async def resume_due(runtime: Runtime) -> int:
    """Ends the breaks whose day has come; returns how many people are back."""
    today = runtime.clock().date()
    async with runtime.database.transaction_across_workspaces() as session:
        found = await store.breaks_over(session, today)
    back = 0
    for workspace_id, person_id in found:
        async with runtime.database.transaction(workspace_id) as session:
            back += await _end(session, runtime, person_id, today)
    return back


async def skip(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    *,
    program_id: int | None = None,
    channel_id: str = "",
) -> Skipped:
    """Leaves the person out of this round: of the next match, where they wait for one; or what is
    still to come in their pair's period, in the pair's own channel or where there is only one.

    Raises UserFacingError when there is nothing to skip, or more than one thing.
    """
    require(Act.JOIN, [Actor.PARTICIPANT])
    await store.lock_person(session, person.id)
    found = [
        one
        for one in await pairs_store.of_person(session, person.id)
        if one.pair.state in UNENDED and program_id in (None, one.program.id)
    ]
    paired = {one.program.id for one in found}
    waiting = [
        (enrolled, program)
        for enrolled, program in await _taking_part(session, person)
        if enrolled.state is EnrollmentState.ENROLLED
        and program.id not in paired
        and program_id in (None, program.id)
        and program.state in store.FILLED
    ]
    if (pair := _the_one(found, channel_id, alone=not waiting)) is not None:
        await cadence.skip(session, runtime, pair.pair.id)
        return Skipped([pair.program], in_pair=True)
    if not waiting:
        raise UserFacingError("nothing_to_skip")
    for enrolled, program in waiting:
        enrolled.skips_match = True
        await admission.outdate_homes(session, runtime, program, person)
    return Skipped([program for _, program in waiting], in_pair=False)


def _the_one(found: list[Partnership], channel_id: str, *, alone: bool) -> Partnership | None:
    """The pair whose channel it is, else the only thing that could be meant; None where no pair
    could be. Raises UserFacingError when the one that is meant is not active, and when it cannot be
    told which one that is."""
    here = [one for one in found if channel_id and one.pair.channel_id == channel_id]
    meant = here or found
    active = [one for one in meant if one.pair.state is PairState.ACTIVE]
    if meant and not active and (here or alone):
        pairs.refuse_inactive([one.pair.state for one in meant])
    if len(active) > 1 or (active and not here and not alone):
        raise UserFacingError("skip_which")
    return active[0] if active else None


async def _end(session: AsyncSession, runtime: Runtime, person_id: int, today: date) -> bool:
    """Whether they are back by this. Looks again: they may have come back, or changed the day, a
    moment ago."""
    await store.lock_person(session, person_id)
    person = await session.get_one(Person, person_id)
    over = [
        (enrolled, program)
        for enrolled, program in await _taking_part(session, person)
        if enrolled.paused_until is not None and enrolled.paused_until <= today
    ]
    if not over:
        return False
    morning = max(at_local_hour(today, BEST_HOUR, 0, person.time_zone), runtime.clock())
    resting = await _come_back(session, runtime, person, over, morning)
    note = Outgoing(
        dedupe_key=f"{_back(person)}{today}",
        kind="back",
        recipient=person.slack_user_id or "",
        message=enrollment_messages.back(runtime.library, resting),
        if_in_doubt=IfInDoubt.LET_GO,
        workspace_id=person.workspace_id,
        not_before=morning,
    )
    await delivery.queue(session, runtime, [note])
    return True


def _back(person: Person) -> str:
    """How the dedupe keys begin of what tells them that they are back."""
    return f"back:{person.id}:"


async def _come_back(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    taking_part: list[tuple[Enrollment, Program]],
    told_from: datetime,
) -> Sequence[Program]:
    """Returns the programs in which there is another break: of the whole program, or of the
    partner, which are not told apart. The channels hear of it from `told_from` on."""
    for enrolled, _ in taking_part:
        enrolled.paused_since = enrolled.paused_until = None
    await _follow(session, runtime, person, taking_part, told_from)
    found = await pairs_store.of_person(session, person.id)
    resting = {one.program.id for one in found if one.pair.state is PairState.RESTING}
    return [
        program
        for _, program in taking_part
        if program.paused_at is not None or program.id in resting
    ]


async def _follow(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    taking_part: list[tuple[Enrollment, Program]],
    told_from: datetime | None = None,
) -> None:
    await session.flush()
    await pairs.follow_breaks(session, runtime, person_id=person.id, told_from=told_from)
    for _, program in taking_part:
        await admission.outdate_homes(session, runtime, program, person)


async def _taking_part(session: AsyncSession, person: Person) -> list[tuple[Enrollment, Program]]:
    found = await store.of_person(session, person.id)
    return [(one, program) for one, program in found if one.state in TAKING_PART]
