"""The second part of a Home, for program managers: figures, never a name of a pair."""

from collections.abc import Iterator, Mapping, Sequence

from bot.clock import ending_day
from bot.views import blocks, messages, program_messages
from bot.views.blocks import Block
from bot.views.home_facts import ManagedProgram
from bot.views.home_parts import MOST, more
from bot.views.modals.queue import OPEN_QUEUE
from models import MatchRun, MatchRunState, PairState, ProgramState, Role
from prompts.library import Library


def programs(library: Library, managed: Sequence[ManagedProgram]) -> list[Block]:
    """Nothing for somebody who manages none."""
    if not managed:
        return []
    shown = [blocks.divider(), blocks.header(library.label("home.managed_heading"))]
    for one in managed[:MOST]:
        shown.append(blocks.section("\n".join(_lines(library, one))))
        shown.append(blocks.actions(*_buttons(library, one)))
    new = blocks.button(library.label("home.new_button"), program_messages.NEW, "new")
    return [*shown, *more(library, len(managed) - MOST), blocks.actions(new)]


def _lines(library: Library, managed: ManagedProgram) -> Iterator[str]:
    yield _state(library, managed)
    if managed.program.paused_at:
        yield library.say("home.managed_paused", since=messages.day(managed.program.paused_at))
    if managed.program.state is ProgramState.DRAFT:
        return
    yield library.say("home.managed_people", **_both(library, managed.joined))
    if any(managed.waiting.values()):
        yield library.say("home.managed_waiting", **_both(library, managed.waiting))
    if managed.run is not None:
        yield from _run(library, managed.run)
    if managed.applications or managed.waitlisted:
        yield library.say(
            "home.managed_queue", applications=managed.applications, waitlisted=managed.waitlisted
        )
    if any(managed.pairs.values()):
        yield library.say(
            "home.managed_pairs",
            active=managed.pairs.get(PairState.OPENING, 0) + managed.pairs.get(PairState.ACTIVE, 0),
            resting=managed.pairs.get(PairState.RESTING, 0),
            paused=managed.pairs.get(PairState.PAUSED, 0),
            completed=managed.pairs.get(PairState.COMPLETED, 0),
        )


def _run(library: Library, run: MatchRun) -> Iterator[str]:
    """A proposal stands among what needs its managers now."""
    if run.state is MatchRunState.REQUESTED:
        yield library.say("home.managed_match_requested", progress=run.progress)
    if run.state is MatchRunState.ASKING and run.answer_by is not None:
        yield library.say("home.managed_match_asking", day=messages.day(ending_day(run.answer_by)))


def _both(library: Library, people: Mapping[Role, int]) -> dict[str, str]:
    return {
        "mentors": library.say("words.mentors", count=people.get(Role.MENTOR, 0)),
        "mentees": library.say("words.mentees", count=people.get(Role.MENTEE, 0)),
    }


def _state(library: Library, managed: ManagedProgram) -> str:
    program, week = managed.program, managed.week
    name, start = program.name, messages.day(program.starts_on)
    match program.state:
        case ProgramState.DRAFT:
            said = library.say("home.managed_draft", program=name)
        case ProgramState.ENROLLING if program.join_by:
            last = messages.day(program.join_by)
            said = library.say("home.managed_enrolling_until", program=name, last=last, start=start)
        case ProgramState.ENROLLING:
            said = library.say("home.managed_enrolling", program=name, start=start)
        case ProgramState.MATCHING:
            said = library.say("home.managed_matching", program=name, start=start)
        case ProgramState.RUNNING if week < 1:
            said = library.say("home.managed_matched", program=name, start=start)
        case ProgramState.RUNNING:
            week = min(week, program.weeks)
            said = library.say("home.managed_running", program=name, week=week, weeks=program.weeks)
        case _ if program.closes_on:
            last = messages.day(program.closes_on)
            said = library.say("home.managed_closing_until", program=name, last=last)
        case _:
            said = library.say("home.managed_closing", program=name)
    return said


def _buttons(library: Library, managed: ManagedProgram) -> list[Block]:
    """Those that the program's state allows; `program_messages` has their action ids by name."""
    value, buttons = str(managed.program.id), []
    if managed.applications:
        buttons.append(blocks.button(library.label("home.queue_button"), OPEN_QUEUE, value))
    for verb in managed.verbs:
        label = library.label(f"home.{verb}_button")
        buttons.append(blocks.button(label, f"{verb}_program", value))
    return buttons
