"""What managers hold a program's matches to: these two stay a pair, those are never to be one. The
proposal that waits for approval changes at once, and the next match goes by it.

Whoever changes something holds the program and the run, so that of two managers at once the second
finds what the first has done. When other pairs are proposed than those that managers approved,
approvals start again. All of these raise UserFacingError for who may not see the run's names, about
a pair of their own, and when the run is not to be changed any more.
"""

from collections.abc import Collection, Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.matching import decisions_service as decisions
from bot.matching import holds_store, store
from bot.matching import publishing_service as publishing
from bot.matching import service as matching
from bot.matching.explanations import SET_FREE, Point
from bot.programs import notes as program_notes
from bot.runtime import Runtime
from bot.views import review_messages
from bot.views.modals.never_pair import Parted
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

ALONE = Point(SET_FREE).as_json()
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
    require_of_others(person, mentor_id, mentee_id)
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
    """They may have other partners when the match is run again. Also of a lock that the run could
    not keep, and whose two it does not propose."""
    program, run = await to_change(session, person, run_id)
    require_of_others(person, mentor_id, mentee_id)
    found = await holds_store.proposal(session, run.id, mentor_id, mentee_id)
    was_held = await _let_go(session, program, HoldKind.LOCKED, mentor_id, mentee_id)
    if found is None and not was_held:
        raise UserFacingError("pair_not_proposed")
    if found is not None:
        found.locked = False
    if not was_held:
        return
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
    require_of_others(person, mentor_id, mentee_id)
    found = await _proposed(session, run, mentor_id, mentee_id)
    await hold(session, program, found, HoldKind.FORBIDDEN)
    alone = await alone_without(session, run, [found])
    await session.delete(found)
    leave_over(session, run, alone)
    kind = DecisionKind.FORBIDDEN
    await decisions.decided(session, runtime, program, person, kind, mentor_id, mentee_id)
    await changed(session, runtime, program, run, person)


async def without(
    session: AsyncSession, person: Person, run_id: int, mentor_id: int, mentee_id: int
) -> Parted:
    """What it would cost to `forbid` them; changes nothing."""
    _, run = await to_change(session, person, run_id)
    require_of_others(person, mentor_id, mentee_id)
    found = await _proposed(session, run, mentor_id, mentee_id)
    alone = {person_id for person_id, _ in await alone_without(session, run, [found])}
    people = await store.people(session, [mentor_id, mentee_id])
    return Parted(
        mentor=people[mentor_id],
        mentee=people[mentee_id],
        score=found.score,
        alone=[one for one in people.values() if one.id in alone],
        locked=found.locked,
    )


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
    await store.locked_run(session, run_id)
    program, _ = await matching.reviewer(session, person, run_id)
    require_of_others(person, mentor_id, mentee_id)
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
    held = await holds_store.hold(session, program.id, two.mentor_id, two.mentee_id)
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
    others = [one for one in await holds_store.of_people(session, run.id, roles) if one not in gone]
    have = {*kept, *(id_ for one in others for id_ in (one.mentor_id, one.mentee_id))}
    return [(person_id, role) for person_id, role in sorted(roles.items()) if person_id not in have]


def leave_over(session: AsyncSession, run: MatchRun, alone: Iterable[tuple[int, Role]]) -> None:
    session.add_all(
        LeftOver(match_run_id=run.id, person_id=person_id, role=role, reason=ALONE, help=ALONE)
        for person_id, role in alone
    )


async def changed(
    session: AsyncSession, runtime: Runtime, program: Program, run: MatchRun, person: Person
) -> None:
    """The run has other pairs now; whoever has approved those before hears of it."""
    run.changes += 1
    if not await holds_store.forget_approvals(session, run.id):
        return
    said = review_messages.approvals_again(runtime.library, program, person)
    occasion, channel = f"{run.id}:{runtime.new_key()}", program.admin_channel_id
    note = program_notes.to_channel(program, "match_changed", occasion, channel, said)
    await delivery.queue(session, runtime, [note])
    await publishing.outdate_homes(session, runtime, program)


def require_of_others(person: Person, mentor_id: int, mentee_id: int) -> None:
    """Raises UserFacingError where it is about a pair of their own."""
    if person.id in (mentor_id, mentee_id):
        raise UserFacingError("pair_your_own")


async def _proposed(
    session: AsyncSession, run: MatchRun, mentor_id: int, mentee_id: int
) -> Proposal:
    found = await holds_store.proposal(session, run.id, mentor_id, mentee_id)
    if found is None:
        raise UserFacingError("pair_not_proposed")
    return found


async def _let_go(
    session: AsyncSession, program: Program, kind: HoldKind, mentor_id: int, mentee_id: int
) -> bool:
    """Whether there was such a hold."""
    held = await holds_store.hold(session, program.id, mentor_id, mentee_id)
    if held is None or held.kind is not kind:
        return False
    await session.delete(held)
    return True
