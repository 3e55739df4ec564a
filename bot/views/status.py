"""The status of a program, for its managers, and of oneself, for everybody."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.views import blocks, messages
from bot.views.blocks import Message
from models import Enrollment, EnrollmentState, Pair, PairState, Person, Program, ProgramState
from prompts.library import Library, Mrkdwn

ENDING = (ProgramState.CLOSING, ProgramState.CLOSED)
OUT = (EnrollmentState.DECLINED, EnrollmentState.LEFT)
ROWS = ("enrolled", "waiting", "pairs", "meetings", "goals", "messages")
NOUNS = {
    ("enrolled", "mentors"): "mentors",
    ("enrolled", "mentees"): "mentees",
    ("waiting", "mentors"): "mentors",
    ("waiting", "mentees"): "mentees",
    ("meetings", "pairs"): "pairs",
    ("goals", "total"): "pairs",
}
"""The figures, by row and placeholder, that stand with a noun: “1 mentor”, “2 mentors”."""


@dataclass(frozen=True)
class ProgramStatus:
    """A program's figures in the order they are read: `rows` are the placeholders of each line in
    ROWS; `week` the week of the program, 0 or less before it begins."""

    program: Program
    week: int
    rows: Mapping[str, Mapping[str, int]]
    quiet_pairs: int
    quiet_weeks: int


@dataclass(frozen=True)
class Own:
    """Where a person stands in one program, one of these for each of their pairs there. `pair` and
    `partner` are None while they wait; `week` is the pair's week of the program, 0 or less before
    it begins. `place` is theirs on the waiting list."""

    program: Program
    enrollment: Enrollment
    pair: Pair | None
    partner: Person | None
    week: int
    meetings: int
    goals: int
    place: int = 0


def of_program(library: Library, status: ProgramStatus) -> Message:
    rows, say = status.rows, library.say
    heading, text = (_heading(speak, status) for speak in (library.label, library.say))
    if _never_began(status.program):
        return blocks.message(text)
    if not any(rows["enrolled"].values()):
        return blocks.message(text, say("status.nothing_to_report"))
    shown = [row for row in ROWS if row != "waiting" or status.program.state not in ENDING]
    lines = [f"*{say(f'status.{row}_label')}*\n{_row(library, row, rows[row])}" for row in shown]
    besides = [say("status.program_rests")] if status.program.paused_at else []
    if status.quiet_pairs:
        quiet = say("status.quiet_pairs", count=status.quiet_pairs, weeks=status.quiet_weeks)
        besides.append(quiet)
    return Message(
        text=text,
        blocks=[
            blocks.header(heading),
            blocks.fields(*lines),
            *(blocks.section(line) for line in besides),
            blocks.context(library.say("status.privacy")),
        ],
    )


def of_person(library: Library, own: Sequence[Own], managed: Sequence[Program]) -> Message:
    """Where somebody stands; for a program they manage, where its figures are to be had."""
    if not own and not managed:
        return blocks.message(library.say("status.own_none"))
    heading = library.label("status.own_heading")
    lines = [*(_own(library, one) for one in own), *_break(library, own)]
    lines += [
        library.say(
            "status.own_manages",
            program=program.name,
            channel=Mrkdwn(f"<#{program.admin_channel_id}>"),
        )
        for program in managed
    ]
    return Message(
        text=heading, blocks=[blocks.header(heading), *(blocks.section(line) for line in lines)]
    )


def _heading(speak: Callable[..., str], status: ProgramStatus) -> str:
    """`speak` is the library's `label` for the header, or its `say` for the text."""
    program, week = status.program, status.week
    if _never_began(program):
        return speak("status.discarded_heading", program=program.name)
    if program.state is ProgramState.CLOSED:
        return speak("status.closed_heading", program=program.name)
    if program.state is ProgramState.CLOSING:
        return speak("status.closing_heading", program=program.name)
    if week < 1:
        start = messages.day(program.starts_on)
        return speak("status.not_started_heading", program=program.name, start=start)
    if week > program.weeks:
        return speak("status.finished_heading", program=program.name, weeks=program.weeks)
    return speak("status.heading", program=program.name, week=week, weeks=program.weeks)


def _never_began(program: Program) -> bool:
    """Closed before anybody was matched: whatever has run comes to its end on a day."""
    return program.state is ProgramState.CLOSED and program.closes_on is None


def _row(library: Library, row: str, figures: Mapping[str, int]) -> str:
    shown: dict[str, str | int] = dict(figures)
    for name in figures:
        if noun := NOUNS.get((row, name)):
            shown[name] = library.say(f"words.{noun}", count=figures[name])
    return library.say(f"status.{row}", **shown)


def _break(library: Library, own: Sequence[Own]) -> list[str]:
    """A break is one for all programs."""
    going_on = (one.enrollment for one in own if one.program.state not in ENDING)
    since = [enrollment for enrollment in going_on if enrollment.paused_since]
    if not since:
        return []
    if (until := since[0].paused_until) is None:
        return [library.say("status.own_break")]
    return [library.say("status.own_break_until", until=messages.day(until))]


def _own(library: Library, own: Own) -> str:
    if own.enrollment.state not in OUT and own.program.state in ENDING:
        return _ending(library, own)
    if own.enrollment.state is EnrollmentState.ENROLLED and own.pair and own.partner:
        said = _paired(library, own, own.pair, own.partner)
    else:
        said = _unpaired(library, own.program, own.enrollment, own.place)
    if own.program.paused_at is None or own.enrollment.state in OUT:
        return said
    return said + "\n" + library.say("status.program_rests")


def _ending(library: Library, own: Own) -> str:
    """A program that ends promises nobody a partner any more."""
    program, name = own.program, own.program.name
    if _never_began(program):
        return library.say("status.own_not_taken_place", program=name)
    if own.pair and own.partner:
        return _paired(library, own, own.pair, own.partner)
    if program.state is ProgramState.CLOSED:
        return library.say("status.own_over", program=name)
    return library.say("status.own_closing", program=name)


def _unpaired(library: Library, program: Program, enrollment: Enrollment, place: int) -> str:
    role = library.say(f"words.{enrollment.role.value}")
    if enrollment.state is EnrollmentState.WAITLISTED:
        return library.say("status.own_waitlisted", program=program.name, role=role, place=place)
    if enrollment.state is not EnrollmentState.ENROLLED:
        key = f"status.own_{enrollment.state.value}"
    else:
        key = "status.own_skips" if enrollment.skips_match else "status.own_waiting"
    said = library.say(key, program=program.name, role=role)
    if enrollment.state is EnrollmentState.ENROLLED and enrollment.lesson_done_at is None:
        lesson = "status.own_lesson_first" if program.training_required else "status.own_lesson"
        said += "\n" + library.say(lesson)
    return said


def _paired(library: Library, own: Own, pair: Pair, other: Person) -> str:
    program, role = own.program, library.say(f"words.{own.enrollment.role.value}")
    partner = messages.person(other.slack_user_id)
    if pair.state is PairState.PAUSED:
        return library.say("status.own_paused", program=program.name, partner=partner)
    if pair.channel_id is None:
        return library.say("status.own_opening", program=program.name, role=role, partner=partner)
    if pair.state is PairState.COMPLETED or own.week > program.weeks:
        return library.say("status.own_finished", program=program.name, role=role, partner=partner)
    about = {
        "program": program.name,
        "role": role,
        "partner": partner,
        "place": messages.place(library, program, pair),
    }
    if pair.state is PairState.CLOSING:
        return library.say("status.own_pair_closing", **about)
    if pair.state is PairState.RESTING:
        return library.say("status.own_resting", **about)
    return _meeting(library, own, pair, about)


def _meeting(library: Library, own: Own, pair: Pair, about: Mapping[str, str]) -> str:
    if own.week < 1:
        start = messages.day(pair.first_week_on)
        return library.say("status.own_pair_not_started", start=start, **about)
    met = (
        library.say("status.own_meetings", count=own.meetings)
        if own.meetings
        else library.say("status.own_not_met")
    )
    goal = library.say("status.own_goal" if own.goals else "status.own_no_goal")
    where = library.say("status.own_pair", week=own.week, weeks=own.program.weeks, **about)
    return f"{where}\n{met} {goal}"
