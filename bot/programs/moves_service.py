"""What managers do with a program as a whole: launch and announce it, pause, resume, close it."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.errors import UserFacingError
from bot.pairs import breaks_service as breaks
from bot.pairs import endings_service as endings
from bot.pairs import store as pairs
from bot.people import store as people_store
from bot.programs import lifecycle, lifecycle_store, notes, rules, service, settings_service
from bot.programs import partings_service as partings
from bot.programs.lifecycle import Move, Verb
from bot.roles import Caller
from bot.runtime import Runtime
from bot.slack import installations
from bot.views import program_messages
from bot.views.blocks import Message
from bot.views.modals.announce import Announce
from bot.views.modals.launch import Launch
from models import Enrollment, Invitation, PairState, Person, Program, ProgramManager, ProgramState

TIME_TO_SAY_GOODBYE = timedelta(days=7)


def proposed_join_by(program: Program, today: date) -> date:
    """What the form to launch begins with: the draft's day, if that has not passed."""
    if program.join_by is not None and program.join_by >= today:
        return program.join_by
    return max(today, program.starts_on - settings_service.TIME_TO_MATCH)


async def invited(session: AsyncSession, program: Program) -> int:
    """How many people are asked to join when the program is launched."""
    return len(await lifecycle_store.team(session, Invitation, program.id))


async def launch(
    session: AsyncSession, runtime: Runtime, person: Person, wanted: Launch
) -> Program:
    """Opens a draft for people to join, announces it and asks those who are invited. Sent twice, it
    is done once. Raises UserFacingError when the draft cannot be launched as it is."""
    program = await _held(session, runtime, person, Verb.LAUNCH, wanted.program_id)
    today = runtime.clock().date()
    if program.starts_on < today:
        raise UserFacingError("start_has_passed", program=program.name)
    rules.check_join_by(wanted.join_by, program.starts_on, today)
    managers = await lifecycle_store.team(session, ProgramManager, program.id)
    if program.approvals_needed > len(managers):
        raise UserFacingError("approvals_out_of_reach", program=program.name)
    program.join_by = wanted.join_by
    lifecycle.advance(program, Move.LAUNCH)
    await _announce(session, runtime, program, [program.admin_channel_id, *wanted.channels])
    asked = await lifecycle_store.team(session, Invitation, program.id)
    await settings_service.invite(session, runtime, program, {one.id for one in asked})
    knows_levels = bool(await people_store.levels(session))
    said = program_messages.launched(runtime.library, program, knows_levels=knows_levels)
    await delivery.queue(
        session, runtime, [notes.to_person(program, "launched", "once", person, said, None)]
    )
    await delivery.outdate_homes(session, runtime, [manager.id for manager in managers])
    return program


async def announce(
    session: AsyncSession, runtime: Runtime, person: Person, wanted: Announce
) -> None:
    """Posts the announcement in further channels, in each once a day at most."""
    program = await _held(session, runtime, person, Verb.ANNOUNCE, wanted.program_id)
    if not await _announce(session, runtime, program, wanted.channels):
        raise UserFacingError("announced_today", field="channels")


async def pause(session: AsyncSession, runtime: Runtime, person: Person, program_id: int) -> None:
    """The whole program rests; everybody in it is told."""
    program = await _held(session, runtime, person, Verb.PAUSE, program_id)
    program.paused_at = runtime.clock()
    await session.flush()
    await breaks.follow_breaks(session, runtime, program_id=program.id)
    await delivery_store.let_go_of(session, *notes.keys(program, ["program_resumed"]))
    said = program_messages.paused(runtime.library, program)
    occasion = f"{program.paused_at:%Y%m%d%H%M%S}"
    await _tell_everybody(session, runtime, program, "program_paused", occasion, lambda _: said)


async def resume(session: AsyncSession, runtime: Runtime, person: Person, program_id: int) -> None:
    """The program goes on; everybody in it is told. Whoever has not heard of its break yet, because
    they were not at work, does not hear of that any more."""
    program = await _held(session, runtime, person, Verb.RESUME, program_id)
    assert program.paused_at is not None, "only a paused program is resumed"
    notes_of_break = f"program_paused:{program.id}:{program.paused_at:%Y%m%d%H%M%S}:"
    await delivery_store.let_go_of(session, notes_of_break)
    program.paused_at = None
    await session.flush()
    await breaks.follow_breaks(session, runtime, program_id=program.id)
    of_program = pairs.which(program_id=program.id)
    resting = await pairs.in_states(session, of_program, (PairState.RESTING,))
    still_resting = {id_ for one in resting for id_ in (one.pair.mentor_id, one.pair.mentee_id)}

    def said(enrolled: Enrollment) -> Message:
        pair_rests = enrolled.person_id in still_resting
        return program_messages.resumed(runtime.library, program, enrolled, pair_rests=pair_rests)

    occasion = f"{runtime.clock():%Y%m%d%H%M%S}"
    await _tell_everybody(session, runtime, program, "program_resumed", occasion, said)


async def close(session: AsyncSession, runtime: Runtime, person: Person, program_id: int) -> None:
    """Discards what has not begun, and tells those who have joined. The pairs of a program that
    runs say goodbye first: `bot.programs.dates_service` closes it when their time is over."""
    program = await _held(session, runtime, person, Verb.CLOSE, program_id)
    await delivery_store.let_go_of(session, *notes.keys(program, notes.BEFORE_END))
    if program.state is ProgramState.RUNNING:
        program.closes_on = runtime.clock().date() + TIME_TO_SAY_GOODBYE
        lifecycle.advance(program, Move.WIND_DOWN)
        await session.flush()
        await endings.wind_down(session, runtime, program)
        await partings.tell_those_without_partner(session, runtime, program)
        await outdate(session, runtime, program)
    else:
        lifecycle.advance(program, Move.DISCARD)
        said = program_messages.not_taking_place(runtime.library, program)
        await _tell_everybody(session, runtime, program, "not_taking_place", "once", lambda _: said)


async def _held(
    session: AsyncSession, runtime: Runtime, person: Person, verb: Verb, program_id: int
) -> Program:
    """The manager's program, locked, and able to be moved so. People do not change meanwhile: some
    moves wake pairs, which have to be power-safe then."""
    await installations.lock(session)
    await lifecycle_store.locked(session, program_id)
    today = runtime.clock().date()
    return await service.meant(session, Caller(person), verb, today, program_id=program_id)


async def _announce(
    session: AsyncSession, runtime: Runtime, program: Program, channels: Iterable[str]
) -> bool:
    """Whether there was a channel that has not had it today."""
    said = program_messages.announcement(runtime.library, program)
    occasion = f"{runtime.clock():%Y%m%d}"
    posts = [
        notes.to_channel(program, "announcement", occasion, channel, said)
        for channel in dict.fromkeys(channels)
    ]
    new = [post for post in posts if not await delivery.is_queued(session, post.dedupe_key)]
    await delivery.queue(session, runtime, new)
    return bool(new)


async def _tell_everybody(
    session: AsyncSession,
    runtime: Runtime,
    program: Program,
    kind: str,
    occasion: str,
    said: Callable[[Enrollment], Message],
) -> None:
    """Everybody who has joined, applied or waits."""
    now = runtime.clock()
    joined = await lifecycle_store.taking_part(session, program.id)
    await delivery.queue(
        session,
        runtime,
        [
            notes.to_person(program, kind, occasion, person, said(enrolled), now)
            for enrolled, person in joined
        ],
    )
    await outdate(session, runtime, program)


async def outdate(session: AsyncSession, runtime: Runtime, program: Program) -> None:
    """What everybody sees of the program, who takes part in it or runs it, has changed."""
    joined = await lifecycle_store.ids_taking_part(session, program.id)
    managers = await lifecycle_store.team(session, ProgramManager, program.id)
    concerned = {*joined, *(manager.id for manager in managers)}
    await delivery.outdate_homes(session, runtime, concerned)
