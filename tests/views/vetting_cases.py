"""The queue of applications, what applicants are told, and lessons; see `cases`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from bot.views import lesson_messages, program_messages, vetting_messages
from bot.views.blocks import Block, Message
from bot.views.modals import lesson as lesson_form
from bot.views.modals import queue as queue_form
from bot.views.modals.queue import Application, Queue, Shown
from models import Enrollment, EnrollmentState, Person, Program, Role

if TYPE_CHECKING:
    from tests.views.cases import Set

LONGEST_WORK = 200


def message_cases(given: Set) -> dict[str, Message]:
    library, program, manager = given.library, given.program, given.mentee
    strict = _program(given, training_required=True)
    mentor, mentee = (_enrollment(role=role) for role in (Role.MENTOR, Role.MENTEE))
    return {
        "lesson_mentor": lesson_messages.invitation(library, program, mentor),
        "lesson_mentee_required": lesson_messages.invitation(library, strict, mentee),
        "lesson_reminder": lesson_messages.reminder(library, strict, mentor),
        "lesson_still_open": lesson_messages.still_open(
            library, mentor, program_messages.deadline(library, program, date(2026, 1, 16), mentor)
        ),
        "talk": vetting_messages.opener(library, program, manager, given.mentor),
        "declined": vetting_messages.declined(library, program, [manager]),
        "declined_by_many": vetting_messages.declined(library, program, [manager, given.mentor]),
    }


def view_cases(given: Set) -> dict[str, Block]:
    library, program = given.library, given.program
    lessons = {
        f"lesson_{role.value}_{number + 1}": lesson_form.build(
            library, program, _enrollment(role=role), number
        )
        for role in Role
        for number in range(len(library.lessons[role.value]))
    }
    count = len(library.lessons["mentor"])
    return lessons | {
        "lesson_done": lesson_form.build(library, program, _enrollment(), count),
        "queue_of_nobody": _queue(given, [], 0),
        "queue": _queue(given, _stories(given), 6),
        "queue_with_managers": _queue(given, _with_managers(given), 5, sole=frozenset({3})),
        "queue_first_page": _queue(given, _many(given, queue_form.ON_A_PAGE), 20),
        "queue_last_page": _queue(given, _many(given, 4), 20, page=2),
    }


def _queue(
    given: Set,
    applications: list[Application],
    total: int,
    page: int = 0,
    sole: frozenset[int] = frozenset(),
) -> Block:
    queue = Queue(Shown(None, page), _person(given, 8), applications, total, sole)
    return queue_form.build(given.library, queue)


def _stories(given: Set) -> list[Application]:
    """From HR's data, by their own word, at the top, talking with us and with another, and us."""
    program, viewer, boss = given.program, _person(given, 8), _person(given, 20)
    unknown = _person(given, 22, level=None)
    stated = [
        _enrollment(32, stated_level=3, stated_manager_id=20),
        _enrollment(33, stated_level=9),
    ]
    talking = [_enrollment(number, state=EnrollmentState.TALKING) for number in (34, 35)]
    return [
        Application(_enrollment(31), _person(given, 21), program, None, None),
        Application(stated[0], unknown, program, boss, None),
        Application(stated[1], unknown, program, None, None),
        Application(talking[0], _person(given, 23), program, None, viewer),
        Application(talking[1], _person(given, 24), program, None, boss),
        Application(_enrollment(36, role=Role.MENTEE), viewer, program, None, None),
    ]


def _with_managers(given: Set) -> list[Application]:
    """HR knows both, the level, the manager (whom Slack does not know); and the viewer, who is the
    only manager, with something to confirm and with nothing."""
    program, viewer, boss = given.program, _person(given, 8), _person(given, 20)
    known = _person(given, 21)
    absent = Person(id=23, name=given.style.words("Lena Boss", 100), slack_user_id=None)
    below = _person(given, 24, level=None)
    known.manager_id, below.manager_id = boss.id, absent.id
    own = Person(id=8, slack_user_id=viewer.slack_user_id, level=None, title="", department="")
    stated = _enrollment(33, stated_level=3, stated_manager_id=20)
    return [
        Application(_enrollment(31), known, program, None, None, boss),
        Application(_enrollment(32, stated_manager_id=20), _person(given, 25), program, boss, None),
        Application(stated, below, program, boss, None, absent),
        Application(_enrollment(34, stated_level=3), own, program, None, None),
        Application(_enrollment(35), viewer, program, None, None),
    ]


def _many(given: Set, count: int) -> list[Application]:
    """Each as long as it gets."""
    boss, unknown = _person(given, 20), _person(given, 22, level=None)
    values = {"stated_level": 9, "stated_manager_id": 20, "state": EnrollmentState.TALKING}
    return [
        Application(_enrollment(31 + n, **values), unknown, given.program, boss, boss)
        for n in range(count)
    ]


def _person(given: Set, number: int, level: int | None = 2) -> Person:
    return Person(
        id=number,
        name=f"Person {number}",
        slack_user_id=f"U{number:07d}",
        level=level,
        title=given.style.words("Designer", LONGEST_WORK),
        department=given.style.words("Online shop", LONGEST_WORK),
        active=True,
    )


def _enrollment(number: int = 31, **values: Any) -> Enrollment:
    """An application as a mentor, if nothing else is said."""
    about = {"role": Role.MENTOR, "state": EnrollmentState.APPLIED, **values}
    joined_at = datetime(2026, 1, 6, tzinfo=UTC)
    topics = ["digital-tools", "social-media"]
    return Enrollment(
        id=number, program_id=3, person_id=7, topics=topics, joined_at=joined_at, **about
    )


def _program(given: Set, *, training_required: bool) -> Program:
    return Program(
        id=3,
        name=given.program.name,
        purpose=given.program.purpose,
        starts_on=date(2026, 1, 19),
        training_required=training_required,
    )
