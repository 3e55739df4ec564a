"""What managers hold a program's matches to: these two stay a pair, those are never to be one. The
proposal that waits for approval changes at once, and the next match goes by it.

Whoever changes something holds the program and the run, so that of two managers at once the second
finds what the first has done. When other pairs are proposed than those that managers approved,
approvals start again. All of these raise UserFacingError for who may not see the run's names, and
when it is not to be changed any more.
"""

from collections.abc import Collection, Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.matching import decisions_service as decisions
from bot.matching import publishing_service as publishing
from bot.matching import review_store, store
from bot.matching import service as matching
from bot.programs import notes as program_notes
from bot.runtime import Runtime
from bot.views import review_messages
from bot.views.modals.match_run import SET_FREE
from models import (
    DecisionKind,
    Hold,
    HoldKind,
    LeftOver,
    MatchRun,
    Person,
    Program,
    Proposal,
    Role,
)

ALONE = {"key": SET_FREE, "values": {}}
"""What is to be said of somebody whose pair was taken apart by hand."""


async def lock(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    run_id: int,
    mentor_id: int,
    mentee_id: int,
) -> None:
    """They stay together when the match is run again."""
    program, run = await to_change(session, person, run_id)
    found = await _proposed(session, run, mentor_id, mentee_id)
    if found.locked:
        return
    found.locked = True
    await hold(session, program, found, HoldKind.LOCKED)
    kind = DecisionKind.LOCKED
    await decisions.decided(session, runtime, program, person, kind, mentor_id, mentee_id)


async def unlock(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    run_id: int,
    mentor_id: int,
    mentee_id: int,
) -> None:
    """They may have other partners when the match is run again."""
    program, run = await to_change(session, person, run_id)
    found = await _proposed(session, run, mentor_id, mentee_id)
    if not found.locked:
        return
    found.locked = False
    await _let_go(session, program, HoldKind.LOCKED, mentor_id, mentee_id)
    kind = DecisionKind.UNLOCKED
    await decisions.decided(session, runtime, program, person, kind, mentor_id, mentee_id)


async def forbid(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    run_id: int,
    mentor_id: int,
    mentee_id: int,
) -> None:
    """They are proposed no more, in this run or a later one."""
    program, run = await to_change(session, person, run_id)
    found = await _proposed(session, run, mentor_id, mentee_id)
    await hold(session, program, found, HoldKind.FORBIDDEN)
    alone = await alone_without(session, run, [found])
    await session.delete(found)
    leave_over(session, run, alone)
    kind = DecisionKind.FORBIDDEN
    await decisions.decided(session, runtime, program, person, kind, mentor_id, mentee_id)
    await approve_again(session, runtime, program, run, person)


async def allow(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    run_id: int,
    mentor_id: int,
    mentee_id: int,
) -> None:
    """Managers have nothing against them any more; the next match finds out about the rules. Also
    when the run is not to be changed any more."""
    program, _ = await matching.reviewer(session, person, run_id)
    if await _let_go(session, program, HoldKind.FORBIDDEN, mentor_id, mentee_id):
        kind = DecisionKind.ALLOWED
        await decisions.decided(session, runtime, program, person, kind, mentor_id, mentee_id)


async def to_change(session: AsyncSession, person: Person, run_id: int) -> tuple[Program, MatchRun]:
    """The run and its program, held until the transaction ends."""
    program, run = await matching.reviewer(session, person, run_id, to_change=True)
    if await store.under_way(session, program.id) is not None:
        raise UserFacingError("match_new_under_way")
    return program, run


async def hold(session: AsyncSession, program: Program, two: Proposal, kind: HoldKind) -> None:
    held = await review_store.hold(session, program.id, two.mentor_id, two.mentee_id)
    if held is None:
        held = Hold(program_id=program.id, mentor_id=two.mentor_id, mentee_id=two.mentee_id)
        session.add(held)
    held.kind = kind
    held.by_hand = two.by_hand


async def alone_without(
    session: AsyncSession, run: MatchRun, gone: Collection[Proposal], kept: Collection[int] = ()
) -> list[tuple[int, Role]]:
    """Who is in no pair of the run without these; whoever is `kept` gets another one."""
    roles = {one.mentor_id: Role.MENTOR for one in gone}
    roles |= {one.mentee_id: Role.MENTEE for one in gone}
    others = [
        one for one in await review_store.of_people(session, run.id, roles) if one not in gone
    ]
    have = {*kept, *(id_ for one in others for id_ in (one.mentor_id, one.mentee_id))}
    return [(person_id, role) for person_id, role in sorted(roles.items()) if person_id not in have]


def leave_over(session: AsyncSession, run: MatchRun, alone: Iterable[tuple[int, Role]]) -> None:
    session.add_all(
        LeftOver(match_run_id=run.id, person_id=person_id, role=role, reason=ALONE, help=ALONE)
        for person_id, role in alone
    )


async def approve_again(
    session: AsyncSession, runtime: Runtime, program: Program, run: MatchRun, person: Person
) -> None:
    """The run has other pairs now; whoever has approved those before hears of it."""
    if not await review_store.forget_approvals(session, run.id):
        return
    said = review_messages.approvals_again(runtime.library, program, person)
    occasion, channel = f"{run.id}:{runtime.new_key()}", program.admin_channel_id
    note = program_notes.to_channel(program, "match_changed", occasion, channel, said)
    await delivery.queue(session, runtime, [note])
    await publishing.outdate_homes(session, runtime, program)


async def _proposed(
    session: AsyncSession, run: MatchRun, mentor_id: int, mentee_id: int
) -> Proposal:
    found = await review_store.proposal(session, run.id, mentor_id, mentee_id)
    if found is None:
        raise UserFacingError("pair_not_proposed")
    return found


async def _let_go(
    session: AsyncSession, program: Program, kind: HoldKind, mentor_id: int, mentee_id: int
) -> bool:
    """Whether there was such a hold."""
    held = await review_store.hold(session, program.id, mentor_id, mentee_id)
    if held is None or held.kind is not kind:
        return False
    await session.delete(held)
    return True
