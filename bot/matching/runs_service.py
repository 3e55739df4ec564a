"""Match runs are worked out beside everything else: claimed with a lease, computed with no
transaction open, kept with all that can be said of them, and announced in the admin channel.

A copy that dies leaves its run to the others: when the lease has run out, one of them begins anew.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.log import get_logger
from bot.matching import conditions_service as conditions
from bot.matching import publishing_service as publishing
from bot.matching import sides_service, store, worker
from bot.matching.explanations import Point
from bot.matching.sides_service import Sides
from bot.matching.task import Two, Worked
from bot.programs import notes as program_notes
from bot.programs import store as programs
from bot.runtime import Runtime
from bot.views import match_asking, match_proposal
from bot.views.match_proposal import RunFacts
from models import MatchRun, MatchRunState, Person, Program, Role

LEASE = timedelta(minutes=10)
"""Begins anew whenever the work says how far it is."""
TOLD_EVERY = timedelta(seconds=2)
MOST_TRIES = 3
"""So often a run is worked out where people in it change meanwhile."""


@dataclass(frozen=True)
class _Reading:
    """What a run is worked out from. `without_runner`: somebody who decides on it takes part, and
    is not in it."""

    sides: Sides
    without_runner: bool


async def work_off(runtime: Runtime) -> int:
    """Works out the runs that were asked for, one after the other; returns how many."""
    done = 0
    while (run := await _claim(runtime)) is not None:
        try:
            await _work(runtime, run)
        except UserFacingError as error:
            await _give_up(runtime, run, error)
        except Exception as error:
            reference = runtime.new_key()[:8]
            get_logger().error("match_failed", run=run.id, reference=reference, exc_info=error)
            await _give_up(runtime, run, UserFacingError("match_failed", reference=reference))
        done += 1
    return done


async def _claim(runtime: Runtime) -> MatchRun | None:
    now = runtime.clock()
    async with runtime.database.transaction_across_workspaces() as session:
        return await store.claim(session, now, now + LEASE)


async def _work(runtime: Runtime, run: MatchRun) -> None:
    """Raises UserFacingError where nothing can come of the run."""
    told = _teller(runtime, run)
    for _ in range(MOST_TRIES):
        async with runtime.database.transaction(run.workspace_id) as session:
            reading = await _read(session, runtime, run.id)
        if reading is None:
            return
        worked = await worker.work_out(sides_service.task_of(reading.sides), told)
        if not worked.pairs:
            raise UserFacingError("no_possible_pair")
        async with runtime.database.transaction(run.workspace_id) as session:
            if await _keep(session, runtime, run.id, reading, worked):
                return
    raise UserFacingError("match_people_changed")


async def _read(session: AsyncSession, runtime: Runtime, run_id: int) -> _Reading | None:
    """None when another copy was faster. Raises UserFacingError when the program makes no pairs
    any more, or one side is empty by now."""
    run = await session.get_one(MatchRun, run_id)
    if run.state is not MatchRunState.REQUESTED:
        return None
    program = await session.get_one(Program, run.program_id)
    conditions.require_makes_pairs(program)
    waiting = await programs.waiting(session, program.id)
    left_out = await conditions.kept_out(session, program, run)
    others = [found for found in waiting if found[1].id not in left_out]
    without_runner = len(others) < len(waiting)
    sides = await sides_service.sides(session, runtime, program, others)
    sizes = {Role.MENTOR: len(sides.mentors), Role.MENTEE: len(sides.mentees)}
    await conditions.require_both_sides(
        session, runtime.library, program, sizes, without_runner=without_runner
    )
    return _Reading(sides, without_runner)


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
            await store.note_progress(session, run.id, percent, now + LEASE)
            program = await session.get_one(Program, run.program_id)
            await publishing.outdate_homes(session, runtime, program)

    return told


async def _keep(
    session: AsyncSession, runtime: Runtime, run_id: int, reading: _Reading, worked: Worked
) -> bool:
    """Keeps what was worked out, in place of earlier proposals, and announces it. False when people
    it proposes are not there any more: it has to be worked out again."""
    found = await store.locked_run(session, run_id)
    assert found is not None, "a run stays as long as its program"
    program, run = found
    if run.state is not MatchRunState.REQUESTED:
        return True
    conditions.require_makes_pairs(program)
    there = await store.waiting(session, program.id)
    if any(id_ not in there for pair in worked.pairs for id_ in (pair.mentor_id, pair.mentee_id)):
        return False
    sides = reading.sides
    run.state = MatchRunState.PROPOSED
    run.lease_until = None
    run.progress = 100
    run.weights = dict(sides.weights.by_name())
    run.mentors, run.mentees = len(sides.mentors), len(sides.mentees)
    run.verdict = asdict(worked.verdict)
    run.certificate = {side: dict(prices) for side, prices in worked.certificate.items()}
    await session.flush()
    by_hand = await store.made_by_hand(session, program.id)
    await store.keep(session, run, _proposals(worked, by_hand), _left_over(sides, worked))
    await store.replace_proposed(session, run)
    facts = await _facts(session, program, run, reading, worked)
    said = match_proposal.summary(runtime.library, facts)
    channel = program.admin_channel_id
    note = program_notes.to_channel(program, "match_summary", str(run.id), channel, said)
    await delivery.queue(session, runtime, [note])
    await publishing.outdate_homes(session, runtime, program)
    return True


async def _facts(
    session: AsyncSession, program: Program, run: MatchRun, reading: _Reading, worked: Worked
) -> RunFacts:
    not_ready = await programs.not_ready(session, program.id)
    asked_often = [role for role, _ in reading.sides.asked_often.values()]
    return RunFacts(
        program=program,
        run=run,
        scores=[pair.score for pair in worked.pairs],
        locked=sum(pair.locked for pair in worked.pairs),
        skipped=len(worked.skipped),
        left_over=Counter([*(left.role for left in worked.left_over), *asked_often]),
        wishes=worked.wishes,
        not_ready=Counter(reason for *_, reason in not_ready),
        without_runner=reading.without_runner,
    )


def _proposals(worked: Worked, by_hand: Collection[Two]) -> Iterator[Mapping[str, object]]:
    for pair in worked.pairs:
        yield {
            "mentor_id": pair.mentor_id,
            "mentee_id": pair.mentee_id,
            "score": pair.score,
            "reasons": [_point(reason) for reason in pair.reasons],
            "to_know": _point(pair.to_know) if pair.to_know else None,
            "shared_topics": list(pair.shared_topics),
            "locked": pair.locked,
            "by_hand": pair.locked and (pair.mentor_id, pair.mentee_id) in by_hand,
        }


def _left_over(sides: Sides, worked: Worked) -> Iterator[Mapping[str, object]]:
    for left in worked.left_over:
        yield {
            "person_id": left.person_id,
            "role": left.role,
            "reason": _point(left.reason),
            "help": _point(left.help),
        }
    for person_id, (role, times) in sides.asked_often.items():
        yield {
            "person_id": person_id,
            "role": role,
            "reason": _point(Point("asked_often", {"times": times})),
            "help": _point(Point("left_in_peace")),
        }


def _point(point: Point) -> dict[str, object]:
    return {"key": point.key, "values": dict(point.values)}


async def _give_up(runtime: Runtime, run: MatchRun, error: UserFacingError) -> None:
    """Nothing comes of the run, and whoever asked for it reads why."""
    async with runtime.database.transaction(run.workspace_id) as session:
        found = await store.locked_run(session, run.id)
        assert found is not None, "a run stays as long as its program"
        program, run = found
        if run.state is not MatchRunState.REQUESTED:
            return
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
