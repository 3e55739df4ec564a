"""`turnabout demo`: the real app, a Slack workspace in the box, and a company that uses it.

Time is the demo's own: it jumps to whatever comes next, an act of the cast or something due. The
same seed gives the same company, the same pairs and the same messages. With an odd seed, people are
asked before they become a pair.
"""

import asyncio
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from sqlalchemy import CompoundSelect, func, select, union_all

from bot import log
from bot.app import App
from bot.errors import OperatorError
from bot.people import hr_service as people
from bot.people.hr_file import HrFile, read_rows
from bot.roles import Actor
from bot.scheduler import TICKS, tick
from models import Delivery, DeliveryState, MatchRun, MatchRunState, Pair, Touchpoint
from sandbox.demo import company, progress, story
from sandbox.demo.agenda import Agenda
from sandbox.demo.cast import Cast, Scene
from sandbox.demo.company import Employee
from sandbox.demo.progress import Progress
from sandbox.demo.stage import (
    BEGIN,
    LOG,
    PEOPLE,
    REPORT,
    RESULTS,
    STORY,
    TRANSCRIPT,
    DemoClock,
    Stage,
    prepare,
    set_up,
)
from sandbox.faults import Met
from sandbox.loopback import forget_proxies

ENROLLMENT = timedelta(weeks=2)
AFTERWARDS = timedelta(weeks=8)
EARLY = time(6, 0)
"""Some things follow the calendar: they are looked for once a day at least."""
STEP = timedelta(minutes=15)
"""What is due is looked for at full quarters of an hour."""
BETWEEN_ACTS = timedelta(seconds=1)
"""No two people act in the same instant: Slack counts what an app does in a minute."""
FAULT_RATE = 0.05
"""The share of calls and events that something goes wrong with, when that is asked for."""
MADE_UP_PEOPLE = 60
MANAGER = "Robin Vega"
"""Runs the program; made up in every company."""

EARLIEST: CompoundSelect[datetime | None] = union_all(
    select(func.min(Touchpoint.due_at)),
    select(func.min(Delivery.not_before)).where(Delivery.state == DeliveryState.DUE),
    select(func.min(Delivery.lease_until)),
    select(func.min(Pair.opening_lease_until)),
    select(func.min(MatchRun.lease_until)).where(MatchRun.state == MatchRunState.REQUESTED),
    select(func.min(MatchRun.answer_by)).where(MatchRun.state == MatchRunState.ASKING),
)
"""When the next thing is due, a claim runs out or a doubt is settled."""


@dataclass(frozen=True)
class Played:
    """What came of it, as Markdown, the number of calls to Slack, and the faults met."""

    report: str
    story: str
    calls: int
    faults: Sequence[Met]


def show(
    console: Console,
    hr_file: HrFile | None,
    *,
    weeks: int,
    seed: int,
    out: Path,
    faults: bool,
    seats: int | None,
) -> None:
    """Plays with the people of an HR file, or with a made-up company, and says where to look."""
    forget_proxies()
    cast = employees_of(hr_file, seed)
    prepare(out)
    (out / PEOPLE).write_text(company.to_csv(cast), encoding="utf-8")
    with progress.shown(console, f"{weeks} weeks, {len(cast)} people") as bar:
        playing = play(cast, weeks=weeks, seed=seed, out=out, bar=bar, faults=faults, seats=seats)
        played = asyncio.run(playing)
    console.print(Markdown(played.report))
    if faults:
        console.print(_table(played.faults))
    console.print(f"{played.calls:,} calls to Slack. Look in {out}:")
    for name, what in RESULTS.items():
        console.print(f"  {name:17} {what}", highlight=False)


def employees_of(hr_file: HrFile | None, seed: int) -> list[Employee]:
    """The people of an HR file, or a made-up company; raises OperatorError when all have left."""
    found = company.of_file(hr_file, seed) if hr_file else company.made_up(MADE_UP_PEOPLE, seed)
    if all(person.left for person in found):
        raise OperatorError("Nobody in the file works here any more, so nobody can play.")
    return found


async def play(
    employees: Sequence[Employee],
    *,
    weeks: int,
    seed: int,
    out: Path,
    bar: Progress,
    faults: bool = False,
    seats: int | None = None,
) -> Played:
    """Plays a whole program and leaves the database, the transcript, the report, a pair's story
    and the app's log in `out`; with `faults`, over a connection on which much goes wrong."""
    hr_file = read_rows((out / PEOPLE).read_bytes(), {})
    with (
        (out / LOG).open("w", encoding="utf-8") as log_file,
        (out / TRANSCRIPT).open("w", encoding="utf-8") as transcript,
    ):
        log.configure(log_file)
        async with set_up(out, transcript, seed, DemoClock()) as stage:
            await import_people(stage.app, hr_file)
            cast = cast_of(stage, employees, weeks, seed, seats, asks=seed % 2 == 1)
            if faults:
                stage.sandbox.faults.at_random(FAULT_RATE, seed)
            await _perform(stage, cast, end_of(weeks), bar)
            played = _played(stage, cast)
    (out / REPORT).write_text(played.report, encoding="utf-8")
    (out / STORY).write_text(played.story, encoding="utf-8")
    if failures := (out / LOG).read_text(encoding="utf-8").count('"level": "error"'):
        raise OperatorError(f"The app failed {failures} times: {out / LOG} says where.")
    return played


async def import_people(app: App, hr_file: HrFile) -> None:
    runtime = app.runtime
    workspace_id = await runtime.database.workspace_id(app.identity.team_id)
    assert workspace_id is not None, "opening the app registers its workspace"
    async with runtime.database.transaction(workspace_id) as session:
        await people.import_people(session, runtime, hr_file, Actor.OPERATOR)


def cast_of(
    stage: Stage,
    employees: Sequence[Employee],
    weeks: int,
    seed: int,
    seats: int | None = None,
    *,
    asks: bool = False,
) -> Cast:
    """Everybody gets their Slack account; the program manager administers the workspace."""
    sandbox = stage.sandbox
    manager_id = sandbox.add_user("robin", MANAGER, is_admin=True, email="robin@example.com")
    levels = {
        sandbox.add_user(
            person.email.partition("@")[0],
            person.name,
            email=person.email,
            tz=person.time_zone,
        ): person.level
        for person in employees
        if not person.left
    }
    scene = Scene(
        manager_id=manager_id,
        employee_ids=list(levels),
        admin_channel=sandbox.add_channel("mentoring-team", [manager_id], private=True, app=True),
        starts_on=(BEGIN + ENROLLMENT).date(),
        weeks=weeks,
        levels=levels,
        seats=seats,
        asks=asks,
    )
    cast = Cast(sandbox, Agenda(), scene, stage.clock, seed)
    stage.watchers.append(cast.notice)
    return cast


async def _perform(stage: Stage, cast: Cast, end: datetime, bar: Progress) -> None:
    """From one moment at which something happens to the next, up to the end."""
    cast.plan_manager(BEGIN, end)
    while (moment := await next_moment(stage, cast)) <= end:
        stage.clock.now = moment
        while await cast.agenda.play_next(stage.clock.now):
            stage.clock.now += BETWEEN_ACTS
        await do_what_is_due(stage)
        bar.at((moment - BEGIN) / (end - BEGIN), len(stage.sandbox.calls))


async def do_what_is_due(stage: Stage) -> None:
    for _, job in TICKS:
        await tick(job, stage.app.runtime)
    await stage.sandbox.settle()


async def next_moment(stage: Stage, cast: Cast) -> datetime:
    """The next full quarter of an hour by which the cast acts or something is due."""
    async with stage.app.runtime.database.transaction_across_workspaces() as session:
        due = (await session.scalars(EARLIEST)).all()
    now = stage.clock.now
    moments = [moment for moment in due if moment is not None]
    moments.append(datetime.combine(now.date() + timedelta(days=1), EARLY, UTC))
    if cast.agenda.next_at is not None:
        moments.append(cast.agenda.next_at)
    steps = math.ceil((min(moments) - BEGIN) / STEP)
    return max(BEGIN + steps * STEP, now + STEP)


def _played(stage: Stage, cast: Cast) -> Played:
    workspace = stage.sandbox.workspace
    if not_taken := len(stage.sandbox.undelivered) + len(stage.sandbox.pending):
        raise OperatorError(f"The app did not take {not_taken} events.")
    assert cast.report is not None, "the cast reads the report at the end"
    return Played(
        report=story.as_markdown(workspace, cast.report.body["blocks"]) + "\n",
        story=story.of_a_pair(workspace, cast.scene.admin_channel, cast.first_pair_channel) + "\n",
        calls=len(stage.sandbox.calls),
        faults=stage.sandbox.faults.met,
    )


def _table(faults: Sequence[Met]) -> Table:
    """How often what went wrong."""
    table = Table("call or event", "fault", "times", title=f"{len(faults):,} faults met")
    for (method, kind), times in sorted(Counter((met.method, met.kind) for met in faults).items()):
        table.add_row(method, kind, f"{times:,}")
    return table


def end_of(weeks: int) -> datetime:
    """A Monday by which pairs that took a break are through too, and the program is closed."""
    return BEGIN + ENROLLMENT + timedelta(weeks=weeks) + AFTERWARDS
