"""Every message, modal and answer, in every form it can take, by the name of its golden file.

The people's own words come in several styles: as one writes, as long as a form allows, and with
signs that mean something to Slack.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.views import blocks, goal_messages, messages, status
from bot.views.blocks import Message
from bot.views.modals import goal as goal_form
from bot.views.modals import program as program_form
from bot.views.modals.goal import NewGoal
from bot.views.status import Own, ProgramStatus
from models import Cadence, Pair, PairState, Person, Program, ProgramState
from prompts.library import Library
from tests.views import (
    asking_cases,
    enrollment_cases,
    match_cases,
    pair_cases,
    program_cases,
    review_cases,
    support_cases,
    vetting_cases,
)

Payload = dict[str, Any]


@dataclass(frozen=True)
class Style:
    """How people write: `words(n)` is text of at most n characters."""

    name: str
    words: Callable[[str, int], str]


def _repeated(sample: str) -> Callable[[str, int], str]:
    return lambda _, longest: (sample * longest)[:longest].strip()


PLAIN = Style("plain", lambda text, _: text)
SIGNS = Style("signs", _repeated("<!channel> & *b* `c` @here <@U1>\u202e :x: "))
STYLES = (
    PLAIN,
    SIGNS,
    Style("longest", _repeated("W")),
    Style("escaped", _repeated("&")),
    Style("right to left", _repeated("שלום עולם، مرحبا ")),
    Style("emoji", _repeated("👩🏽‍💻🎉")),
)

START = date(2026, 1, 19)
TOPICS = ("digital-tools", "social-media")


class Set:
    """The things that messages are about, with one style of writing."""

    def __init__(self, library: Library, style: Style) -> None:
        self.library = library
        self.style = style
        self.mentor = person(7, level=1)
        self.mentee = person(8, level=6)
        self.two = messages.two(self.mentor, self.mentee)
        self.program = Program(
            id=3,
            name=style.words("Fresh Eyes", program_form.LONGEST_NAME),
            purpose=style.words("Leaders see with fresh eyes", program_form.LONGEST_PURPOSE),
            topics=list(TOPICS),
            weeks=12,
            cadence=Cadence.WEEKLY,
            starts_on=START,
            mentee_from_level=4,
            admin_channel_id="C0000009",
            approvals_needed=1,
            asks_participants=False,
            state=ProgramState.RUNNING,
            created_at=datetime(2026, 1, 5, tzinfo=UTC),
        )
        part = style.words("A sentence", goal_form.LONGEST_PART)
        self.goal = NewGoal("V5", 5, part, part, part, part, date(2026, 3, 2))

    def pair(self, state: PairState = PairState.ACTIVE) -> Pair:
        return Pair(
            id=5,
            program_id=3,
            mentor_id=7,
            mentee_id=8,
            topics=list(TOPICS),
            state=state,
            channel_name="mentoring-fresh-eyes-5",
            channel_id=None if state is PairState.OPENING else "C0000005",
            first_week_on=START,
            created_at=datetime(2026, 1, 12, tzinfo=UTC),
        )


def person(number: int, *, level: int) -> Person:
    return Person(
        id=number,
        name=f"Person {number}",
        level=level,
        slack_user_id=f"U{number:07d}",
        reporting_path=f"/{number}/",
    )


def message_cases(library: Library, style: Style = PLAIN) -> dict[str, Payload]:
    """{"text", "blocks"} of each message and each answer that is one."""
    given = Set(library, style)
    made = _about_programs(given) | _to_pairs(given) | _statuses(given)
    made |= vetting_cases.message_cases(given)
    made |= enrollment_cases.message_cases(given)
    made |= program_cases.message_cases(given)
    made |= pair_cases.message_cases(given)
    made |= support_cases.message_cases(given)
    made |= match_cases.message_cases(given)
    made |= asking_cases.message_cases(given)
    made |= review_cases.message_cases(given)
    return {name: {"text": one.text, "blocks": list(one.blocks)} for name, one in made.items()}


def view_cases(library: Library, style: Style = PLAIN) -> dict[str, Payload]:
    given = Set(library, style)
    program = given.program
    return {
        **program_cases.view_cases(given),
        "form_goal": goal_form.build(library, program, 5, date(2026, 4, 12)),
        "notice": blocks.notice("Your goal", "Cancel", library.say("errors.not_in_pair")),
        **vetting_cases.view_cases(given),
        **enrollment_cases.view_cases(given),
        **pair_cases.view_cases(given),
        **support_cases.view_cases(given),
        **asking_cases.view_cases(given),
        **review_cases.view_cases(given),
    }


def _about_programs(given: Set) -> dict[str, Message]:
    library, program = given.library, given.program
    return {
        "waiting": messages.waiting(library, program),
        "help": blocks.message(library.say("help.participant")),
        "help_for_managers": blocks.message(
            library.say("help.participant"), library.say("help.manager")
        ),
    }


def _to_pairs(given: Set) -> dict[str, Message]:
    library, program, two, pair = given.library, given.program, given.two, given.pair()
    opens = {question.opens: question for question in reversed(library.questions)}
    nudge = messages.nudge(library, pair, 2, library.nudges[0], two)
    questions = {
        f"question_opened_by_{who}": messages.question(library, asked, two)
        for who, asked in sorted(opens.items())
    }
    return questions | {
        "introduction": messages.introduction(library, program, pair.topics, two),
        "introduction_nothing_in_common": messages.introduction(library, program, [], two),
        "nudge": nudge,
        "met_first": messages.met(library, nudge.text, nudge.blocks, 1),
        "met_again": messages.met(library, nudge.text, nudge.blocks, 3),
        "reminder": messages.reminder(library, library.reminders[0]),
        "farewell_never_met": messages.farewell(library, program, 0, two),
        "farewell_met_once": messages.farewell(library, program, 1, two),
        "farewell_met_often": messages.farewell(library, program, 11, two),
        "pair_paused": messages.pair_paused(library, program),
        "goal": goal_messages.goal(library, given.goal, given.mentor, given.mentee),
    }


def _statuses(given: Set) -> dict[str, Message]:
    library = given.library

    def program(week: int, one: int, quiet: int) -> Message:
        rows = {
            "enrolled": {"mentors": one, "mentees": one},
            "waiting": {"mentors": one // 2, "mentees": one},
            "pairs": {"active": one, "paused": 0, "completed": 0, "ended": 0},
            "meetings": {"total": one, "expected": one, "met": one, "pairs": one},
            "goals": {"pairs": one, "total": one},
            "messages": {"sent": one, "waiting": one, "failed": 0},
        }
        shown = ProgramStatus(given.program, week, rows, quiet, 3)
        return status.of_program(library, shown)

    return _own_statuses(given) | {
        "status_nobody": program(1, 0, 0),
        "status_nobody_yet": program(0, 0, 0),
        "status_before_the_start": program(0, 1, 0),
        "status_one_of_each": program(4, 1, 1),
        "status_many": program(4, 2, 2),
        "status_finished": program(13, 2, 0),
    }


def _own_statuses(given: Set) -> dict[str, Message]:
    def own(pair: Pair | None, week: int = 4, meetings: int = 0, goals: int = 0) -> Own:
        partner = given.mentee if pair else None
        joined = enrollment_cases.enrollment()
        return Own(given.program, joined, pair, partner, week, meetings, goals)

    stories = {
        "in_no_program": [],
        "waiting": [own(None)],
        "opening": [own(given.pair(PairState.OPENING))],
        "paused": [own(given.pair(PairState.PAUSED))],
        "not_started": [own(given.pair(), week=0)],
        "not_met": [own(given.pair())],
        "met_once": [own(given.pair(), meetings=1, goals=1)],
        "met_often": [own(given.pair(), meetings=5, goals=2)],
        "completed_on_the_last_friday": [own(given.pair(PairState.COMPLETED), week=12)],
        "finished": [own(given.pair(), week=13)],
        "several_programs": [own(given.pair()), own(None), own(given.pair(), week=13)],
    }
    return {
        f"own_status_{name}": status.of_person(given.library, entries, [])
        for name, entries in stories.items()
    }
