"""One APScheduler job per pair, as schedulers of reminders are most often built.

Each job does the ordinary, honest thing: it loads its pair, program, people and earlier questions
in two statements, picks a question and renders it with the product's own functions, and saves the
delivery and the question in a transaction of its own, on the product's own engine.

Kept out of the clock, or made easier than a real one would be: the jobs are in the scheduler
before, and in memory (a job store in the database would write each of them too); next week's jobs
are not made; and no job is dropped for starting late (by default those that start more than a
second late are). SQLite takes one writer at a time, so the jobs take turns: without that, all that
wait longer than 30 seconds for the connection would give up.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from bot.cadence import choice, plan
from bot.database import insert_new
from bot.delivery import service as delivery
from bot.delivery.service import Outgoing
from bot.runtime import Runtime
from bot.views import messages
from models import IfInDoubt, Pair, Person, Program, QuestionAsked, Touchpoint, TouchpointKind

MENTOR, MENTEE = aliased(Person), aliased(Person)
PAIR = (
    select(Pair, Program, MENTOR, MENTEE)
    .join(Program, Program.id == Pair.program_id)
    .join(MENTOR, MENTOR.id == Pair.mentor_id)
    .join(MENTEE, MENTEE.id == Pair.mentee_id)
    .where(Pair.id == bindparam("pair_id"))
)
ASKED = select(QuestionAsked.question_id).where(QuestionAsked.pair_id == bindparam("pair_id"))


@asynccontextmanager
async def scheduled(runtime: Runtime, jobs: int) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Has a job ready for every question that is due. What it yields lets them all go at once and
    returns when the first `jobs` are done, raising what one of them raised; the others, if there
    are any, then do nothing."""
    due = await _due(runtime)
    turn, work = asyncio.Semaphore(1), iter(range(jobs))
    finished: asyncio.Queue[Exception | None] = asyncio.Queue()
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_listener(
        lambda event: finished.put_nowait(event.exception), EVENT_JOB_EXECUTED | EVENT_JOB_ERROR
    )
    scheduler.start(paused=True)
    for pair_id, number in due:  # without a trigger a job runs once, at once
        scheduler.add_job(
            _job, args=(runtime, turn, work, pair_id, number), misfire_grace_time=None
        )

    async def wait(count: int) -> None:
        for _ in range(count):
            if (failure := await finished.get()) is not None:
                raise failure

    async def run() -> None:
        scheduler.resume()
        await wait(jobs)

    try:
        yield run
        await wait(len(due) - jobs)
    finally:
        scheduler.shutdown()


async def _due(runtime: Runtime) -> list[tuple[int, int]]:
    query = select(Touchpoint.pair_id, Touchpoint.number).where(
        Touchpoint.kind == TouchpointKind.QUESTION, Touchpoint.due_at <= runtime.clock()
    )
    async with runtime.database.transaction_across_workspaces() as session:
        return [(pair_id, number) for pair_id, number in await session.execute(query)]


async def _job(
    runtime: Runtime, turn: asyncio.Semaphore, work: Iterator[int], pair_id: int, number: int
) -> None:
    async with turn:
        if next(work, None) is not None:
            await _queue(runtime, pair_id, number)


async def _queue(runtime: Runtime, pair_id: int, number: int) -> None:
    async with runtime.database.transaction_across_workspaces() as session:
        pair, program, mentor, mentee = (await session.execute(PAIR, {"pair_id": pair_id})).one()
        asked = set(await session.scalars(ASKED, {"pair_id": pair_id}))
        phase = plan.phase(plan.plan_for(program, pair, mentor, mentee), number)
        question = choice.pick_question(
            runtime.library.questions, pair.topics, phase, asked, runtime.random
        )
        if question is None:
            return
        outgoing = Outgoing(
            dedupe_key=f"question:{pair_id}:{number}",
            kind="question",
            recipient=pair.channel_id or "",
            message=messages.question(runtime.library, question, messages.two(mentor, mentee)),
            if_in_doubt=IfInDoubt.LET_GO,
            workspace_id=pair.workspace_id,
            pair_id=pair_id,
        )
        await delivery.queue(session, runtime, [outgoing])
        row = {
            "workspace_id": pair.workspace_id,
            "pair_id": pair_id,
            "question_id": question.id,
        }
        await insert_new(session, QuestionAsked, [row])
