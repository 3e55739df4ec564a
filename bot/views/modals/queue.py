"""The applications that wait for a program manager's answer, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.views import blocks, messages
from bot.views.blocks import Block
from models import Enrollment, EnrollmentState, Person, Program
from prompts.library import Library

CALLBACK = "queue"
OPEN_QUEUE = "open_queue"
APPROVE = "approve"
TALK_FIRST = "talk_first"
DECLINE = "decline"
TURN_PAGE = "queue_page"
"""Action ids of buttons; handlers/actions has a file of each name. The value of `OPEN_QUEUE` is a
program or "", that of the decisions an enrollment, that of `TURN_PAGE` a page."""

ON_A_PAGE = 8
SHOWN_OF_A_NAME = 40
"""Characters. A section takes 3,000, and most of them are for titles and departments."""


@dataclass(frozen=True)
class Application:
    """`manager` is the applicant's by the staff records, or as confirmed before; `stated_manager`
    the one they name themselves. `decider` is who decided last, if anybody did."""

    enrollment: Enrollment
    person: Person
    program: Program
    stated_manager: Person | None
    decider: Person | None
    manager: Person | None = None

    @property
    def talker(self) -> Person | None:
        """The manager who talks with the applicant; None where nobody does, or not any more."""
        talking = self.enrollment.state is EnrollmentState.TALKING
        return self.decider if talking and self.decider and self.decider.active else None

    @property
    def own_word(self) -> bool:
        """Whether approving confirms something that the applicant says of themselves."""
        return to_confirm(self.enrollment, self.person) != NOTHING


@dataclass(frozen=True)
class Stated:
    """What an applicant says of their own level and manager, as the queue shows it."""

    level: int | None
    manager_id: int | None


NOTHING = Stated(None, None)


@dataclass(frozen=True)
class Shown:
    """What a queue shows: the applications for one program, or (None) for all that the manager
    has, from the page of this number on, counted from 0."""

    program_id: int | None
    page: int = 0

    def __str__(self) -> str:
        return f"{self.program_id or ''}:{self.page}"


@dataclass(frozen=True)
class Queue:
    """A page of it for `viewer`. `total` is how many wait on all pages; `sole` are the programs
    that nobody else manages."""

    shown: Shown
    viewer: Person
    applications: Sequence[Application]
    total: int
    sole: frozenset[int]

    @property
    def pages(self) -> int:
        return -(-self.total // ON_A_PAGE)

    def may_decide(self, application: Application) -> bool:
        """Nobody decides on their own application, unless there is nobody else to do it and
        nothing of their own word to confirm."""
        if application.person.id != self.viewer.id:
            return True
        return application.program.id in self.sole and not application.own_word


def build(library: Library, queue: Queue) -> Block:
    if queue.total:
        waiting = library.say("vetting.waiting", count=queue.total)
        cards = [_card(library, queue, application) for application in queue.applications]
        fields = [blocks.section(waiting), *(block for card in cards for block in card)]
        fields += _paging(library, queue) if queue.pages > 1 else []
    else:
        fields = [blocks.section(library.say("vetting.nobody"))]
    return blocks.modal(
        CALLBACK,
        title=library.label("vetting.title"),
        close=library.label("vetting.close"),
        metadata=str(queue.shown),
        fields=fields,
    )


def read(view: Mapping[str, Any]) -> Shown:
    """What the queue showed when a button in it was pressed."""
    program_id, page = view["private_metadata"].split(":")
    return Shown(int(program_id) if program_id else None, int(page))


def stated(enrollment: Enrollment) -> Stated:
    return Stated(enrollment.stated_level, enrollment.stated_manager_id)


def to_confirm(enrollment: Enrollment, person: Person) -> Stated:
    """What approving confirms: of level and manager, what nobody but the applicant has said."""
    return Stated(
        enrollment.stated_level if person.level is None else None,
        enrollment.stated_manager_id if person.manager_id is None else None,
    )


def read_stated(block_id: str) -> Stated:
    """What the manager saw who pressed a button of this row."""
    _, level, manager_id = block_id.split(":")
    return Stated(int(level) if level else None, int(manager_id) if manager_id else None)


def _row_id(enrollment: Enrollment) -> str:
    seen = stated(enrollment)
    return f"{enrollment.id}:{seen.level or ''}:{seen.manager_id or ''}"


def _card(library: Library, queue: Queue, application: Application) -> list[Block]:
    enrollment, person, program = application.enrollment, application.person, application.program
    work = ", ".join(filter(None, (person.title, person.department)))
    lines = [
        library.say(
            "vetting.card",
            who=messages.person(person.slack_user_id),
            program=program.name,
            role=library.say(f"words.{enrollment.role.value}"),
        ),
        *([library.say("vetting.work", work=work)] if work else []),
        *_level(library, application),
        library.say("vetting.topics", topics=messages.topic_names(library, enrollment.topics)),
        library.say("vetting.applied", day=messages.day(enrollment.joined_at.date())),
    ]
    notes = _notes(library, queue, application)
    return [
        blocks.divider(),
        blocks.section("\n".join(lines)),
        *(blocks.context(note) for note in notes),
        *([_buttons(library, queue, application)] if queue.may_decide(application) else []),
    ]


def _level(library: Library, application: Application) -> list[str]:
    """What the staff records say; or else what they say themselves, marked as theirs."""
    stated, lines = application.enrollment.stated_level, []
    if application.person.level is not None:
        lines.append(library.say("vetting.level", level=application.person.level))
    elif stated is not None:
        lines.append(library.say("vetting.stated_level", level=stated))
    if application.manager is not None:
        lines.append(library.say("vetting.manager", manager=_named(application.manager)))
    elif application.stated_manager is not None:
        manager = _named(application.stated_manager)
        lines.append(library.say("vetting.stated_manager", manager=manager))
    elif application.person.level is None and stated is not None:
        lines.append(library.say("vetting.stated_top"))
    return lines


def _named(person: Person) -> str:
    """HR may know somebody whom Slack does not."""
    if person.slack_user_id:
        return messages.person(person.slack_user_id)
    return person.name[:SHOWN_OF_A_NAME]


def _notes(library: Library, queue: Queue, application: Application) -> list[str]:
    notes = []
    if application.own_word and queue.may_decide(application):
        notes.append(library.say("vetting.approving_confirms"))
    if application.talker is not None:
        notes.append(_talking(library, queue, application.talker))
    if not queue.may_decide(application):
        alone = application.program.id in queue.sole
        notes.append(library.say("vetting.own_word" if alone else "vetting.own"))
    return notes


def _talking(library: Library, queue: Queue, talker: Person) -> str:
    if talker.id == queue.viewer.id:
        return library.say("vetting.talking_yourself")
    return library.say("vetting.talking", who=messages.person(talker.slack_user_id))


def _buttons(library: Library, queue: Queue, application: Application) -> Block:
    label, value = library.label, str(application.enrollment.id)
    sure = blocks.confirm(
        label("vetting.decline_confirm_title"),
        label("vetting.decline_confirm"),
        label("vetting.decline_confirm_button"),
        label("vetting.decline_back_confirm_button"),
    )
    talk = blocks.button(label("vetting.talk_button"), TALK_FIRST, value)
    is_own = application.person.id == queue.viewer.id
    others = application.talker is not None and application.talker.id != queue.viewer.id
    row = blocks.actions(
        blocks.button(label("vetting.approve_button"), APPROVE, value, style="primary"),
        *([] if is_own or others else [talk]),
        blocks.button(label("vetting.decline_button"), DECLINE, value, confirm=sure),
    )
    return row | {"block_id": _row_id(application.enrollment)}


def _paging(library: Library, queue: Queue) -> list[Block]:
    number, count = queue.shown.page + 1, queue.pages
    is_last = number == count
    key = "vetting.first_page_button" if is_last else "vetting.next_page_button"
    turn = blocks.button(library.label(key), TURN_PAGE, str(0 if is_last else number))
    place = library.say("vetting.page", number=number, count=count)
    return [blocks.divider(), blocks.context(place), blocks.actions(turn)]
