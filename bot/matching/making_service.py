"""A pair that a manager makes by hand in a proposal, with what that costs.

The rules of a match are kept here, too. Nobody gets more pairs than they have room for: their
weakest pair goes, but none that is locked.

Of two who must not be a pair nobody learns why, but that they must not is something to learn, too:
who tries it is written down, and cannot do it often.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserFacingError
from bot.matching import conditions_service as conditions
from bot.matching import decisions_service as decisions
from bot.matching import decisions_store, holds_service, holds_store, sides_service, store, task
from bot.matching import service as matching
from bot.matching.candidates import Candidate
from bot.matching.scores import Weights
from bot.matching.sides_service import Sides
from bot.matching.task import Found
from bot.programs import store as programs
from bot.runtime import Runtime
from bot.views.modals.make_pair import Cost
from models import DecisionKind, HoldKind, MatchRun, Person, Program, Proposal, Role

MOST_TRIES = 10
"""So many pairs that must not be a manager may want to make in a program and day (in UTC)."""
KEPT_APART = "pair_kept_apart"


@dataclass(frozen=True)
class _Change:
    """What becomes of a run with the pair: `gone` are those that make room for it, `swapped` the
    two set free who become a pair instead, `alone` whoever is set free without another."""

    made: Found
    gone: Sequence[Proposal]
    swapped: Found | None
    alone: Sequence[tuple[int, Role]]


@dataclass(frozen=True)
class _Around:
    """Those concerned, as the rules see them, and the run's `pairs` with one of the two."""

    mentors: dict[int, Candidate]
    mentees: dict[int, Candidate]
    sides: Sides
    pairs: Sequence[Proposal]

    def hindrance(self, mentor_id: int, mentee_id: int) -> str | None:
        mentor, mentee = self.mentors[mentor_id], self.mentees[mentee_id]
        return task.hindrance(mentor, mentee, self.sides.gap, self.sides.excluded)


async def chosen(
    session: AsyncSession, person: Person, run_id: int, ids: Collection[int]
) -> dict[int, Person]:
    """Those that a pair is to be made of, by id. Raises UserFacingError for who may not see the
    run's names."""
    await matching.reviewer(session, person, run_id)
    return await store.people(session, list(ids))


async def make(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    run_id: int,
    mentor_id: int,
    mentee_id: int,
    told: str,
) -> Cost | None:
    """Brings the two together, locked. `told` is the cost, as text, that the manager knows of;
    where it is another one, nothing happens, and that is returned.

    Raises UserFacingError, about the field of the form, when one of them cannot be matched on their
    side, when the two must not be a pair (of the rules only that about levels is named), when they
    are one already, and when somebody's places are all taken by locked pairs; as all do that change
    a run; and after MOST_TRIES that were refused. The caller keeps those of KEPT_APART (`tried`).
    """
    program, run = await holds_service.to_change(session, person, run_id)
    today = runtime.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    if await decisions_store.tries_since(session, program.id, person.id, today) >= MOST_TRIES:
        raise UserFacingError("pair_tries_over", count=MOST_TRIES)
    change = await _change(session, runtime, person, program, run, (mentor_id, mentee_id))
    now = await _cost(session, run, change)
    if str(now) != told:
        return now
    for one in change.gone:
        await session.delete(one)
    made = _proposal(run, change.made, locked=True)
    session.add_all([made, *([_proposal(run, change.swapped)] if change.swapped else [])])
    await holds_store.not_left_over(session, run.id, [mentor_id, mentee_id])
    holds_service.leave_over(session, run, change.alone)
    await holds_service.hold(session, program, made, HoldKind.LOCKED)
    kind = DecisionKind.MADE
    await decisions.decided(session, runtime, program, person, kind, mentor_id, mentee_id)
    await holds_service.changed(session, runtime, program, run, person)
    return None


async def tried(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    run_id: int,
    mentor_id: int,
    mentee_id: int,
) -> None:
    """Writes down that they wanted to make this pair, and that it could not be: in a transaction of
    its own, as the one that refused it leaves nothing behind."""
    program, _ = await matching.reviewer(session, person, run_id)
    kind = DecisionKind.TRIED
    await decisions.decided(session, runtime, program, person, kind, mentor_id, mentee_id)


async def _change(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    program: Program,
    run: MatchRun,
    two: tuple[int, int],
) -> _Change:
    around = await _around(session, runtime, program, run, two)
    _require_may_be(around, person, two)
    mentor, mentee = around.mentors[two[0]], around.mentees[two[1]]
    weights = Weights.of(run.weights)
    gone = [
        *_to_go([one for one in around.pairs if one.mentor_id == two[0]], mentor, "mentor"),
        *_to_go([one for one in around.pairs if one.mentee_id == two[1]], mentee, "mentee"),
    ]
    swapped = await _swapped(session, run, around, weights, two, gone)
    kept = {*two, *((swapped.mentor_id, swapped.mentee_id) if swapped else ())}
    alone = await holds_service.alone_without(session, run, gone, kept)
    return _Change(task.found(mentor, mentee, weights), gone, swapped, alone)


async def _around(
    session: AsyncSession, runtime: Runtime, program: Program, run: MatchRun, two: tuple[int, int]
) -> _Around:
    """Nobody else is read: of some thousand people that would take a while."""
    pairs = await holds_store.of_people(session, run.id, two)
    ids = {*two, *(id_ for one in pairs for id_ in (one.mentor_id, one.mentee_id))}
    ids -= await conditions.kept_out(session, program, run)
    concerned = await programs.waiting(session, program.id, among=ids)
    sides = await sides_service.sides(session, runtime, program, concerned, only=ids)
    return _Around(
        mentors={one.person_id: one for one in sides.mentors},
        mentees={one.person_id: one for one in sides.mentees},
        sides=sides,
        pairs=pairs,
    )


def _require_may_be(around: _Around, person: Person, two: tuple[int, int]) -> None:
    fields = ("mentor", "mentee")
    for one, field in zip(two, fields, strict=True):
        if one == person.id:
            raise UserFacingError("pair_your_own", field=field)
    for one, side, field in zip(two, (around.mentors, around.mentees), fields, strict=True):
        if one not in side:
            raise UserFacingError("pair_not_in_match", field=field)
    if any((one.mentor_id, one.mentee_id) == two for one in around.pairs):
        raise UserFacingError("pair_there_already", field="mentee")
    against = around.hindrance(*two)
    if against == "level":
        raise UserFacingError("pair_levels", field="mentee", count=around.sides.gap)
    if against is not None:
        raise UserFacingError("pair_kept_apart", field="mentee")


def _to_go(theirs: Sequence[Proposal], person: Candidate, field: str) -> Sequence[Proposal]:
    """Of somebody's pairs, the weakest first, those that make room for another."""
    too_many = max(0, len(theirs) + 1 - person.capacity)
    free = [one for one in theirs if not one.locked]
    if len(free) < too_many:
        raise UserFacingError("pair_room_locked", field=field)
    return free[:too_many]


async def _swapped(
    session: AsyncSession,
    run: MatchRun,
    around: _Around,
    weights: Weights,
    two: tuple[int, int],
    gone: Collection[Proposal],
) -> Found | None:
    """The two set free as a pair, where it is a mentor and a mentee, and nothing stands against
    it."""
    mentors = {one.mentor_id for one in gone} - {two[0]}
    mentees = {one.mentee_id for one in gone} - {two[1]}
    if len(mentors) != 1 or len(mentees) != 1:
        return None
    [mentor_id], [mentee_id] = mentors, mentees
    if mentor_id not in around.mentors or mentee_id not in around.mentees:
        return None
    is_there = await holds_store.proposal(session, run.id, mentor_id, mentee_id)
    if is_there or around.hindrance(mentor_id, mentee_id) is not None:
        return None
    return task.found(around.mentors[mentor_id], around.mentees[mentee_id], weights)


async def _cost(session: AsyncSession, run: MatchRun, change: _Change) -> Cost:
    made, swapped = change.made, change.swapped
    ids = [made.mentor_id, made.mentee_id, *(person_id for person_id, _ in change.alone)]
    ids += [swapped.mentor_id, swapped.mentee_id] if swapped else []
    people = await store.people(session, ids)
    gained = made.score + (swapped.score if swapped else 0.0)
    return Cost(
        mentor=people[made.mentor_id],
        mentee=people[made.mentee_id],
        score=made.score,
        lost=sum(one.score for one in change.gone) - gained,
        changes=run.changes,
        gone=[one.id for one in change.gone],
        alone=[people[person_id] for person_id, _ in change.alone],
        swapped=(people[swapped.mentor_id], people[swapped.mentee_id]) if swapped else None,
    )


def _proposal(run: MatchRun, found: Found, *, locked: bool = False) -> Proposal:
    return Proposal(
        match_run_id=run.id,
        mentor_id=found.mentor_id,
        mentee_id=found.mentee_id,
        score=found.score,
        reasons=[one.as_json() for one in found.reasons],
        to_know=found.to_know and found.to_know.as_json(),
        shared_topics=list(found.shared_topics),
        by_hand=True,
        locked=locked,
    )
