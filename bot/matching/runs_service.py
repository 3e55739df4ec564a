"""Match runs are worked out beside everything else: claimed with a lease, computed with no
transaction open, kept with all that can be said of them, and announced in the admin channel.

A copy that dies leaves its run to the others: when the lease has run out, one of them begins anew;
one that is stopped hands it back. Each beginning is an attempt with a number of its own, and only
the copy with the latest one writes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.log import get_logger
from bot.matching import conditions_service as conditions
from bot.matching import decisions_service as decisions
from bot.matching import proof, runs_store, sides_service, store, worker
from bot.matching import publishing_service as publishing
from bot.matching import summary_service as summary
from bot.matching.explanations import Point
from bot.matching.pairwise import Two
from bot.matching.sides_service import Sides
from bot.matching.task import Task, Worked
from bot.programs import notes as program_notes
from bot.programs import store as programs
from bot.runtime import Runtime
from bot.views import match_asking
from models import DecisionKind, MatchRun, MatchRunState, Person, Program, Role

LEASE = timedelta(minutes=10)
"""Begins anew whenever the work says how far it is, which it does every minute at least."""
TOLD_EVERY = timedelta(seconds=2)
MOST_TRIES = 3
"""So often a run is worked out where people in it change meanwhile."""
MOST_ATTEMPTS = 3
"""So often a run is begun that fails, or whose copy dies."""
PAUSE = timedelta(seconds=30)
"""Between an attempt that failed and the next one."""
LARGE = 400
"""People in a program, from which on its run is worked out beside those of others: two sides of
half as many have `worker.LARGE` possible pairs."""
LOOK_EVERY = 2.0
"""Seconds between two looks for small runs while a large one is at work."""


class _LostError(Exception):
    """Another copy has the run by now, or it is over."""


@dataclass(frozen=True)
class _Reading:
    """What a run is worked out from."""

    sides: Sides
    task: Task


async def work_off(runtime: Runtime) -> int:
    """Works out the runs that were asked for, small ones first and one after the other; returns how
    many. A large one is at work beside them, so that none waits for it but other large ones."""
    done, large = 0, None
    try:
        while True:
            if large is not None and large.done():
                await large
                done, large = done + 1, None
            run, size = await _claim(runtime, with_large=large is None)
            if run is not None and size >= LARGE:
                large = asyncio.create_task(_attempt(runtime, run))
            elif run is not None:
                await _attempt(runtime, run)
                done += 1
            elif large is not None:
                await asyncio.wait([large], timeout=LOOK_EVERY)
            else:
                return done
    finally:
        if large is not None:
            large.cancel()
            await asyncio.wait([large])


async def _claim(runtime: Runtime, *, with_large: bool) -> tuple[MatchRun | None, int]:
    """With how many people are enrolled in its program."""
    now, below = runtime.clock(), None if with_large else LARGE
    async with runtime.database.transaction_across_workspaces() as session:
        return await runs_store.claim(session, now, now + LEASE, below=below)


async def _attempt(runtime: Runtime, run: MatchRun) -> None:
    """What goes wrong with one run keeps no other from its turn."""
    try:
        await _try(runtime, run)
    except _LostError:
        return
    except asyncio.CancelledError:
        await _hand_back(runtime, run, run.attempts - 1, None)
        raise
    except Exception as error:
        get_logger().error("match_not_ended", run=run.id, exc_info=error)


async def _try(runtime: Runtime, run: MatchRun) -> None:
    """The run is given up where nothing can come of it, and after too many attempts."""
    try:
        if run.attempts > MOST_ATTEMPTS:
            raise RuntimeError("Each copy of the app that worked on this run has died.")
        await _work(runtime, run)
    except UserFacingError as error:
        await _give_up(runtime, run, error)
    except _LostError:
        raise
    except Exception as error:
        reference = runtime.new_key()[:8]
        get_logger().error("match_failed", run=run.id, reference=reference, exc_info=error)
        if run.attempts < MOST_ATTEMPTS and not isinstance(error, ValueError):
            await _hand_back(runtime, run, run.attempts, runtime.clock() + PAUSE)
        else:
            await _give_up(runtime, run, UserFacingError("match_failed", reference=reference))


async def _hand_back(
    runtime: Runtime, run: MatchRun, attempts: int, until: datetime | None
) -> None:
    async with runtime.database.transaction(run.workspace_id) as session:
        await runs_store.hand_back(session, run, attempts, until)


async def _work(runtime: Runtime, run: MatchRun) -> None:
    """Raises UserFacingError where nothing can come of the run."""
    told = _teller(runtime, run)
    for _ in range(MOST_TRIES):
        async with runtime.database.transaction(run.workspace_id) as session:
            reading = await _read(session, runtime, run)
        worked = await worker.work_out(reading.task, told)
        if not worked.pairs:
            raise UserFacingError("no_possible_pair")
        async with runtime.database.transaction(run.workspace_id) as session:
            replaced = await _keep(session, runtime, run, reading, worked)
        if replaced is not None:
            for run_id in replaced:
                await summary.redraw(runtime, run.workspace_id, run_id)
            return
    raise UserFacingError("match_people_changed")


async def _read(session: AsyncSession, runtime: Runtime, attempt: MatchRun) -> _Reading:
    """Raises UserFacingError when the program makes no pairs any more, or one side is empty by
    now."""
    run = await session.get_one(MatchRun, attempt.id)
    _require_own(run, attempt)
    program = await session.get_one(Program, run.program_id)
    conditions.require_makes_pairs(program)
    weights = sides_service.weights_of(program)
    waiting = await programs.waiting(session, program.id)
    left_out = await conditions.kept_out(session, program, run)
    others = [found for found in waiting if found[1].id not in left_out]
    without_runner = len(others) < len(waiting)
    sides = await sides_service.sides(session, runtime, program, others)
    sizes = {Role.MENTOR: len(sides.mentors), Role.MENTEE: len(sides.mentees)}
    await conditions.require_both_sides(
        session, runtime.library, program, sizes, without_runner=without_runner
    )
    return _Reading(sides, sides_service.task_of(sides, weights))


def _require_own(run: MatchRun, attempt: MatchRun) -> None:
    if run.state is not MatchRunState.REQUESTED or run.attempts != attempt.attempts:
        raise _LostError


def _teller(runtime: Runtime, run: MatchRun) -> Callable[[int], Awaitable[None]]:
    """Writes down how far the run is, not too often."""
    last: datetime | None = None

    async def told(percent: int) -> None:
        nonlocal last
        now = runtime.clock()
        if last is not None and now < last + TOLD_EVERY:
            return
        last = now
        async with runtime.database.transaction(run.workspace_id) as session:
            if not await runs_store.renew(session, run, now + LEASE, percent):
                raise _LostError
            program = await session.get_one(Program, run.program_id)
            await publishing.outdate_homes(session, runtime, program)

    return told


async def _keep(
    session: AsyncSession, runtime: Runtime, attempt: MatchRun, reading: _Reading, worked: Worked
) -> Sequence[int] | None:
    """Keeps what was worked out, in place of earlier proposals, and announces it; returns the runs
    whose place it takes. None when people it proposes are not there any more: it has to be worked
    out again."""
    found = await store.locked_run(session, attempt.id)
    assert found is not None, "a run stays as long as its program"
    program, run = found
    _require_own(run, attempt)
    conditions.require_makes_pairs(program)
    there = await store.waiting(session, program.id)
    if any(id_ not in there for pair in worked.pairs for id_ in (pair.mentor_id, pair.mentee_id)):
        return None
    sides = reading.sides
    run.state = MatchRunState.PROPOSED
    run.lease_until = None
    run.progress = 100
    run.weights = dict(reading.task.weights.by_name())
    run.mentors, run.mentees = len(sides.mentors), len(sides.mentees)
    run.verdict = asdict(worked.verdict)
    run.certificate = proof.sealed(runtime.vault, run.id, worked.certificate)
    await session.flush()
    by_hand = await store.made_by_hand(session, program.id)
    await runs_store.keep(session, run, _proposals(worked, by_hand), _left_over(sides, worked))
    replaced = await runs_store.replace_proposed(session, run)
    if run.requested_by_id is None:
        await decisions.decided(session, runtime, program, None, DecisionKind.REQUESTED)
    await summary.announce(session, runtime, program, run)
    await publishing.outdate_homes(session, runtime, program)
    return replaced


def _proposals(worked: Worked, by_hand: Collection[Two]) -> Iterator[Mapping[str, object]]:
    for pair in worked.pairs:
        yield {
            "mentor_id": pair.mentor_id,
            "mentee_id": pair.mentee_id,
            "score": pair.score,
            "reasons": [reason.as_json() for reason in pair.reasons],
            "to_know": pair.to_know.as_json() if pair.to_know else None,
            "shared_topics": list(pair.shared_topics),
            "locked": pair.locked,
            "by_hand": pair.locked and (pair.mentor_id, pair.mentee_id) in by_hand,
        }


def _left_over(sides: Sides, worked: Worked) -> Iterator[Mapping[str, object]]:
    for left in worked.left_over:
        yield {
            "person_id": left.person_id,
            "role": left.role,
            "reason": left.reason.as_json(),
            "help": left.help.as_json(),
        }
    for person_id, role in sides.asked_often.items():
        yield {
            "person_id": person_id,
            "role": role,
            "reason": Point("asked_often").as_json(),
            "help": Point("left_in_peace").as_json(),
        }


async def _give_up(runtime: Runtime, attempt: MatchRun, error: UserFacingError) -> None:
    """Nothing comes of the run, and whoever asked for it reads why; of one that the app asked for
    nobody hears."""
    async with runtime.database.transaction(attempt.workspace_id) as session:
        found = await store.locked_run(session, attempt.id)
        assert found is not None, "a run stays as long as its program"
        program, run = found
        _require_own(run, attempt)
        run.state = MatchRunState.DROPPED
        run.lease_until = None
        await publishing.outdate_homes(session, runtime, program)
        if run.requested_by_id is None:
            return
        person = await session.get_one(Person, run.requested_by_id)
        why = runtime.library.say(f"errors.{error.key}", **error.values)
        said = match_asking.refused(runtime.library, program, why)
        note = program_notes.to_person(program, "match_refused", str(run.id), person, said, None)
        await delivery.queue(session, runtime, [note])
