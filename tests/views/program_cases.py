"""The forms of a program and what it says to people; see `cases`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from bot.programs import lifecycle
from bot.programs.partings_service import Fate
from bot.views import lesson_messages, program_messages, status
from bot.views.blocks import Block, Message
from bot.views.modals import announce as announce_form
from bot.views.modals import close_program as close_form
from bot.views.modals import launch as launch_form
from bot.views.modals import program as form
from bot.views.modals import template as template_form
from bot.views.modals import weights as weights_form
from bot.views.modals.close_program import Size
from bot.views.modals.program_settings import ProgramSettings
from bot.views.modals.weights import PARTS, Match, Preview, Wait, Weighing
from bot.views.status import Own, ProgramStatus
from models import (
    Audience,
    Cadence,
    EnrollmentState,
    PairState,
    Program,
    ProgramState,
    Space,
)
from tests.views.enrollment_cases import enrollment

if TYPE_CHECKING:
    from tests.views.cases import Set

START, JOIN_BY = date(2026, 1, 19), date(2026, 1, 14)
MOMENT = datetime(2026, 1, 6, tzinfo=UTC)
LONGEST_DEPARTMENT = 200
DEADLINES: Mapping[str, dict[str, object]] = {
    "": {},
    "_undecided": {"state": EnrollmentState.TALKING},
    "_waitlisted": {"state": EnrollmentState.WAITLISTED},
    "_aside": {"skips_match": True},
}


def message_cases(given: Set) -> dict[str, Message]:
    library, program = given.library, _program(given)
    undated = _program(given, join_by=None)
    counts = {"mentors": 12, "mentees": 1, "applications": 0}
    states = [_program(given, state=state) for state in ProgramState]
    sizes = {program.id: Size(14, 4, 2, 1)}
    resting = _program(given, paused_at=MOMENT)
    return _statuses(given) | {
        "announcement": program_messages.announcement(library, program),
        "announcement_without_a_last_day": program_messages.announcement(library, undated),
        "fewer_approvals": program_messages.fewer_approvals(library, program, given.mentee, 3),
        "manager_removed": program_messages.runs_it_no_more(library, program, given.mentee),
        "invitation": program_messages.invitation(library, program),
        "program_launched": program_messages.launched(library, program, knows_levels=True),
        "program_launched_without_records": program_messages.launched(
            library, program, knows_levels=False
        ),
        **{
            f"program_deadline{name}": program_messages.deadline(
                library, program, JOIN_BY, enrollment(**columns)
            )
            for name, columns in DEADLINES.items()
        },
        **_changes(given),
        "program_undecided_one": program_messages.undecided(library, program, START, 1),
        "program_undecided_many": program_messages.undecided(library, program, START, 7),
        "enrollment_over": program_messages.enrollment_over(library, program, counts),
        "enrollment_over_one_waits": program_messages.enrollment_over(
            library, program, counts | {"applications": 1}
        ),
        "enrollment_over_many_wait": program_messages.enrollment_over(
            library, program, counts | {"applications": 7}
        ),
        "program_paused": program_messages.paused(library, program),
        "program_resumed": program_messages.resumed(
            library, program, enrollment(), pair_rests=False
        ),
        "program_resumed_on_a_break": program_messages.resumed(
            library,
            program,
            enrollment(paused_since=date(2026, 1, 2)),
            pair_rests=True,
        ),
        "program_resumed_for_a_pair_that_rests": program_messages.resumed(
            library, program, enrollment(), pair_rests=True
        ),
        "program_closing": program_messages.closing(library, program, START),
        **{
            f"program_last_{fate.value}": program_messages.last_word(library, program, fate.value)
            for fate in Fate
        },
        "program_not_taking_place": program_messages.not_taking_place(library, program),
        "weights_kept": weights_form.saved(library, program.name, changed=True),
        "weights_unchanged": weights_form.saved(library, program.name, changed=False),
        "program_without_manager": program_messages.without_manager(library, program),
        "program_words": program_messages.overview(library, [], {}, unknown=False),
        "program_overview": program_messages.overview(
            library, [*states, resting], sizes, unknown=True
        ),
        "program_overview_of_many": program_messages.overview(
            library, [program] * 30, sizes, unknown=False
        ),
    }


def _changes(given: Set) -> dict[str, Message]:
    library, program = given.library, _program(given)

    def changed(lost: Sequence[str] = (), *, moved: bool = False, others: bool = True) -> Message:
        return program_messages.changed(
            library, program, is_moved=moved, lost=lost, has_topics=others
        )

    topics = list(program.topics)
    return {
        "program_changed_start": changed(moved=True),
        "program_changed_topics": changed(topics[:1]),
        "program_changed_all": changed(topics, moved=True, others=False),
        "program_changed_lesson": lesson_messages.still_open(library, enrollment(), changed()),
    }


def _statuses(given: Set) -> dict[str, Message]:
    """Of programs that rest, that end and that never began."""
    ends = _program(given, state=ProgramState.CLOSING, closes_on=START)
    over = _program(given, state=ProgramState.CLOSED, closes_on=START)
    discarded = _program(given, state=ProgramState.CLOSED)
    resting = _program(given, state=ProgramState.RUNNING, paused_at=MOMENT)
    strict = _program(given, state=ProgramState.RUNNING, training_required=True)
    group = _program(given, state=ProgramState.RUNNING, space=Space.GROUP_DM)

    def own(program: Program, state: PairState | None = None, **columns: object) -> Own:
        pair = given.pair(state) if state else None
        partner = given.mentee if state else None
        return Own(program, enrollment(**columns), pair, partner, 4, 1, 1, 3)

    stories = {
        "closing": own(ends),
        "closing_on_the_waiting_list": own(ends, state=EnrollmentState.WAITLISTED),
        "closing_on_a_break": own(ends, paused_since=START),
        "closing_asked": own(ends, PairState.CLOSING),
        "closing_completed": own(ends, PairState.COMPLETED),
        "over": own(over, state=EnrollmentState.APPLIED),
        "over_completed": own(over, PairState.COMPLETED),
        "not_taken_place": own(discarded),
        "in_a_program_that_rests": own(resting),
        "lesson_first": own(strict),
        "in_a_group_message": own(group, PairState.ACTIVE),
    }
    figures = {"mentors": 2, "mentees": 1}
    rows = {
        "enrolled": figures,
        "waiting": figures,
        "pairs": {"active": 1, "paused": 0, "completed": 0, "ended": 0},
        "meetings": {"total": 1, "expected": 2, "met": 1, "pairs": 1},
        "goals": {"pairs": 1, "total": 1},
        "messages": {"sent": 1, "waiting": 0, "failed": 0},
    }
    reports = {"closing": ends, "closed": over, "discarded": discarded, "resting": resting}
    return {
        f"own_status_{name}": status.of_person(given.library, [one], [])
        for name, one in stories.items()
    } | {
        f"status_{name}": status.of_program(given.library, ProgramStatus(program, 3, rows, 0, 3))
        for name, program in reports.items()
    }


def view_cases(given: Set) -> dict[str, Block]:
    library, settings = given.library, _settings(given)
    templates = {
        f"form_program_from_{one.id}": form.build(
            library,
            replace(
                settings,
                name=one.name,
                purpose=one.purpose,
                topics=list(one.topics),
                **one.settings,
            ),
            [],
            weights=one.weights,
        )
        for one in library.templates.values()
    }
    names = [given.style.words(f"Department {n}", LONGEST_DEPARTMENT) for n in range(120)]
    whole = replace(
        settings,
        join_by=JOIN_BY,
        audience=Audience.INVITED,
        departments=names[:1],
        lowest_level=1,
        highest_level=9,
        invited_slack_ids=["U0000007", "U0000008"],
        seats=200,
        vetted=True,
        training_required=True,
        sponsor_slack_ids=["U0000007"],
        asks_participants=True,
        support_contact_slack_id="U0000006",
    )
    edits = {
        f"form_program_edit_{state.value}": form.build(
            library, whole, names, program_id=3, fixed=lifecycle.fixed(state)
        )
        for state in (ProgramState.DRAFT, ProgramState.ENROLLING, ProgramState.RUNNING)
    }
    return templates | edits | _small_forms(given) | _weights(given)


def _weights(given: Set) -> dict[str, Block]:
    kept = dict(zip(PARTS, (8, 2, 2, 2, 1, 1, 1, 1), strict=True))
    chosen = Weighing(3, kept | {"department": 8, "level": 0}, kept)
    means = {name: number / 10 for number, name in enumerate(PARTS)}
    before = Match(24, 14, means)
    others = Match(23, 13, means | {"department": 0.64, "level": 0.15, "hours": 0.304})
    few = Match(6, 3, means)
    changes = {"department": (2, 8), "level": (2, 0)}

    def form(filled: Weighing = chosen, preview: Preview | Wait | None = None) -> Block:
        return weights_form.build(given.library, given.program.name, filled, preview)

    return {
        "form_weights": form(Weighing(3, kept, kept)),
        "form_weights_of_their_own": form(
            Weighing(3, dict.fromkeys(PARTS, 10), dict.fromkeys(PARTS, 3))
        ),
        "form_weights_working": form(preview=Wait.WORKING),
        "form_weights_failed": form(preview=Wait.FAILED),
        "form_weights_preview": form(preview=Preview(before, others, 5, changes)),
        "form_weights_preview_of_few": form(preview=Preview(few, few, 1, changes)),
        "form_weights_preview_of_nothing": form(preview=Preview(before, before, 0, changes)),
    }


def _small_forms(given: Set) -> dict[str, Block]:
    library, program = given.library, _program(given)
    strict = _program(
        given,
        audience=Audience.INVITED,
        seats=200,
        vetted=True,
        training_required=True,
        asks_participants=True,
    )
    closing = {
        f"form_close_{state.value}{name}": close_form.build(
            library, _program(given, state=state), size, 7
        )
        for state in (ProgramState.DRAFT, ProgramState.ENROLLING, ProgramState.RUNNING)
        for name, size in (("", Size(14, 4, 2, 5)), ("_small", Size(1, 1, 1, 1)))
    } | {
        "form_close_running_of_nobody": close_form.build(
            library, _program(given, state=ProgramState.RUNNING), Size(), 7
        ),
    }
    return closing | {
        "form_template": template_form.build(library, "C0000009"),
        "form_launch": launch_form.build(library, program, JOIN_BY, 0, None),
        "form_launch_strict": launch_form.build(library, strict, JOIN_BY, 24, given.mentee),
        "form_announce": announce_form.build(library, program),
    }


def _settings(given: Set) -> ProgramSettings:
    return ProgramSettings(
        name=given.program.name,
        purpose=given.program.purpose,
        topics=list(given.program.topics),
        mentee_from_level=4,
        starts_on=START,
        admin_channel_id="C0000009",
        manager_slack_ids=["U0000009"],
    )


def _program(given: Set, **changes: Any) -> Program:
    settings: dict[str, Any] = {
        "id": 3,
        "name": given.program.name,
        "purpose": given.program.purpose,
        "topics": list(given.program.topics),
        "weeks": 12,
        "cadence": Cadence.WEEKLY,
        "starts_on": START,
        "join_by": JOIN_BY,
        "mentee_from_level": 4,
        "admin_channel_id": "C0000009",
        "audience": Audience.OPEN,
        "space": Space.PRIVATE_CHANNEL,
        "state": ProgramState.DRAFT,
    }
    return Program(**settings | changes)
