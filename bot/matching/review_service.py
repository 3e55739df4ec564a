"""A match run as its managers look at it: page by page, who decided what, how fair it is, and
whether its proof holds. Names are only for who may see them (`service.reviewer`)."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserFacingError
from bot.matching import decisions_store, equity, review_store, sides_service, store, worker
from bot.matching import proof as proofs
from bot.matching import service as matching
from bot.matching.certificate import Certificate
from bot.matching.equity import Fate
from bot.matching.pairwise import Two
from bot.matching.scores import Weights
from bot.matching.task import Task
from bot.programs import store as programs
from bot.runtime import Runtime
from bot.views.modals import match_decisions
from bot.views.modals.match_decisions import Decisions
from bot.views.modals.match_fairness import Fairness, Groups, Mean, Share
from bot.views.modals.match_run import ON_A_PAGE, Review, Shown
from models import MatchRun, MatchRunState, Person, Program


@dataclass(frozen=True)
class Proof:
    """A run's pairs and prices, with its people as they are today; `locked` are so many pairs."""

    task: Task
    pairs: Sequence[Two]
    certificate: Certificate
    locked: int


async def review(session: AsyncSession, person: Person, shown: Shown) -> Review:
    """A page of a run, or of the one that has taken its place since. Raises UserFacingError for who
    may not see its names, and when there is nothing to see of it."""
    program, run = await _now(session, person, shown.run_id)
    is_newer = run.id != shown.run_id
    wanted = Shown(run.id, shown.listed, 0 if is_newer else shown.page)
    counts = await review_store.counts(session, run, person)
    page = min(wanted.page, max(0, counts.of(wanted.listed) - 1) // ON_A_PAGE)
    under_way = await store.under_way(session, program.id)
    return Review(
        shown=replace(wanted, page=page),
        program=program,
        run=run,
        counts=counts,
        listed=await review_store.listed(
            session, run, person, wanted.listed, skip=page * ON_A_PAGE, limit=ON_A_PAGE
        ),
        under_way=under_way
        if under_way is not None and under_way.state is MatchRunState.REQUESTED
        else None,
        is_newer=is_newer,
    )


async def decisions(session: AsyncSession, person: Person, run_id: int, page: int) -> Decisions:
    """Those about the matches of the run's program. Raises UserFacingError as `review` does."""
    program, run = await _now(session, person, run_id)
    size = match_decisions.ON_A_PAGE
    total = await decisions_store.count(session, program.id, person)
    page = min(page, max(0, total - 1) // size)
    return Decisions(
        program=program,
        run_id=run.id,
        page=page,
        total=total,
        listed=await decisions_store.listed(
            session, program.id, person, skip=page * size, limit=size
        ),
    )


async def fates(
    session: AsyncSession, person: Person, run_id: int
) -> tuple[Program, Sequence[Fate]]:
    """How everybody in the run fares, for `fairness`. Raises UserFacingError as `review` does."""
    program, run = await _now(session, person, run_id)
    everybody = await review_store.everybody(session, run)
    return program, [
        Fate(department, level, score)
        for department, level, score in everybody
        if level is not None
    ]


async def fairness(program: Program, fates: Sequence[Fate]) -> Fairness:
    """What can be told of it without speaking of single people. Asks no database."""
    found = await asyncio.to_thread(equity.report, fates)
    return Fairness(program, equity.FEWEST, _groups(found.departments), _groups(found.levels))


async def proof(session: AsyncSession, runtime: Runtime, person: Person, run_id: int) -> Proof:
    """What there is to check of a run. Raises UserFacingError as `review` does, and when the run is
    not only proposed any more: its proof goes with its approval."""
    program, run = await matching.reviewer(session, person, run_id)
    sealed = await review_store.certificate(session, run.id)
    if run.state is not MatchRunState.PROPOSED or sealed is None:
        raise UserFacingError("match_no_proof")
    certificate = proofs.opened(runtime.vault, run.id, sealed)
    pairs = await review_store.two(session, run.id)
    ids = {
        *(id_ for two in pairs for id_ in two),
        *await review_store.left_over_ids(session, run.id),
    }
    waiting = await programs.waiting(session, program.id)
    there = [found for found in waiting if found[1].id in ids]
    sides = await sides_service.sides(session, runtime, program, there)
    locked = frozenset(sides.locked) & frozenset(pairs)
    today = sides_service.task_of(sides, Weights.of(run.weights))
    today = replace(today, locked=tuple(sorted(locked)))
    return Proof(today, pairs, _priced(today, certificate), len(locked))


async def checked(proof: Proof) -> dict[str, float] | None:
    """What the proof is worth, by the names of `Verdict`, worked out anew beside everything else;
    None when it cannot be said of these people any more. Asks no database."""
    try:
        verdict = await worker.check(proof.task, proof.pairs, proof.certificate)
    except ValueError:
        return None
    return asdict(verdict)


async def _now(session: AsyncSession, person: Person, run_id: int) -> tuple[Program, MatchRun]:
    """The run and its program; or the run that has taken its place."""
    try:
        return await matching.reviewer(session, person, run_id)
    except UserFacingError as error:
        newer = await review_store.newest_after(session, run_id)
        if error.key != "match_replaced" or newer is None:
            raise
    return await matching.reviewer(session, person, newer.id)


def _priced(today: Task, certificate: Certificate) -> Certificate:
    """Whoever was in a locked pair has no price: none is a price, too, and proves only less."""
    return {
        "mentors": {
            key: certificate["mentors"].get(key, 0)
            for key in (str(one.person_id) for one in today.mentors)
        },
        "mentees": {
            key: certificate["mentees"].get(key, 0)
            for key in (str(one.person_id) for one in today.mentees)
        },
    }


def _groups(table: equity.Table) -> Groups:
    return Groups(
        [Share(one.name, one.people, one.matched) for one in table.rates],
        [Mean(one.name, one.score) for one in table.scores],
    )
