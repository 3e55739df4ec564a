"""Whoever has lost a partner is looked after: where somebody has become free for them, the app asks
for a match by itself.

Nothing has to be remembered for that. A match leaves nobody over who could be paired with somebody
else it left over, so whatever pair is possible after it has become so since; and while a match
waits for approval, those who are in it have had their turn.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.log import get_logger
from bot.matching import conditions_service as conditions
from bot.matching import rematch_store, scores, sides_service, store
from bot.matching import service as matching
from bot.matching.candidates import Candidate
from bot.matching.sides_service import Sides
from bot.programs import store as programs
from bot.runtime import Runtime
from models import Program

TOGETHER = 64
"""So many people are looked at at once, with everybody on the other side."""


@dataclass(frozen=True)
class _Search:
    """`fresh` have lost a partner and are in no run that waits for approval: anybody will do.
    `left` were left over by one: for them somebody must have come who is not among those `known`
    to it."""

    sides: Sides
    fresh: frozenset[int]
    left: frozenset[int]
    known: frozenset[int]


async def look_again(runtime: Runtime) -> int:
    """Asks for a match in each program where somebody waits who has lost a partner, and a pair of
    theirs has become possible; returns in how many."""
    async with runtime.database.transaction_across_workspaces() as session:
        found = await rematch_store.programs(session)
    asked = 0
    for workspace_id, program_id in found:
        try:
            asked += await _look(runtime, workspace_id, program_id)
        except Exception as error:
            get_logger().error("rematch_failed", program=program_id, exc_info=error)
    return asked


async def _look(runtime: Runtime, workspace_id: int, program_id: int) -> bool:
    async with runtime.database.transaction(workspace_id) as session:
        search = await _search(session, runtime, await session.get_one(Program, program_id))
    if search is None or not await asyncio.to_thread(_is_possible, search):
        return False
    async with runtime.database.transaction(workspace_id) as session:
        program = await session.get_one(Program, program_id)
        return await matching.request_rematch(session, runtime, program)


async def _search(session: AsyncSession, runtime: Runtime, program: Program) -> _Search | None:
    """None where there is nobody to search for, or no match may be asked for."""
    if not await conditions.can_rematch(session, program):
        return None
    paired, left_over = await rematch_store.proposed(session, program.id)
    parted = await rematch_store.parted(session, program.id)
    left_out = await conditions.kept_out(session, program, None)
    lost = parted.intersection(await store.waiting(session, program.id)) - paired - left_out
    if not lost:
        return None
    waiting = await programs.waiting(session, program.id)
    others = [found for found in waiting if found[1].id not in left_out]
    sides = await sides_service.sides(session, runtime, program, others)
    return _Search(sides, lost - left_over, lost & left_over, paired | left_over)


def _is_possible(search: _Search) -> bool:
    """Whether the rules allow any pair of those who are searched for."""
    sides, known = search.sides, search.known
    for lost, taken in ((search.fresh, frozenset[int]()), (search.left, known)):
        if _any(sides, _of(sides.mentors, lost), _but(sides.mentees, taken)):
            return True
        if _any(sides, _but(sides.mentors, taken), _of(sides.mentees, lost)):
            return True
    return False


def _any(sides: Sides, mentors: Sequence[Candidate], mentees: Sequence[Candidate]) -> bool:
    if not mentors or not mentees:
        return False
    one_by_one = len(mentors) <= len(mentees)
    for start in range(0, min(len(mentors), len(mentees)), TOGETHER):
        some = slice(start, start + TOGETHER)
        below, above = (mentors[some], mentees) if one_by_one else (mentors, mentees[some])
        if scores.feasible(below, above, sides.gap, sides.excluded).any():
            return True
    return False


def _of(people: Sequence[Candidate], ids: Collection[int]) -> Sequence[Candidate]:
    return [one for one in people if one.person_id in ids]


def _but(people: Sequence[Candidate], ids: Collection[int]) -> Sequence[Candidate]:
    return [one for one in people if one.person_id not in ids]
