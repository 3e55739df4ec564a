"""The forms of a program and what it says to people; see `cases`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from bot.programs import lifecycle
from bot.views import program_messages
from bot.views.blocks import Block, Message
from bot.views.modals import announce as announce_form
from bot.views.modals import close_program as close_form
from bot.views.modals import launch as launch_form
from bot.views.modals import program as form
from bot.views.modals import template as template_form
from bot.views.modals.program_settings import ProgramSettings
from models import Audience, Cadence, Program, ProgramState, Space

if TYPE_CHECKING:
    from tests.views.cases import Set

START, JOIN_BY = date(2026, 1, 19), date(2026, 1, 14)
LONGEST_DEPARTMENT = 200


def message_cases(given: Set) -> dict[str, Message]:
    library, program = given.library, _program(given)
    undated = _program(given, join_by=None)
    counts = {"mentors": 12, "mentees": 1, "applications": 0}
    states = [_program(given, state=state) for state in ProgramState]
    resting = _program(given, paused_at=datetime(2026, 1, 6, tzinfo=UTC))
    return {
        "announcement": program_messages.announcement(library, program),
        "announcement_without_a_last_day": program_messages.announcement(library, undated),
        "invitation": program_messages.invitation(library, program),
        "program_launched": program_messages.launched(library, program),
        "program_deadline": program_messages.deadline(library, program, JOIN_BY),
        "enrollment_over": program_messages.enrollment_over(library, program, counts),
        "enrollment_over_one_waits": program_messages.enrollment_over(
            library, program, counts | {"applications": 1}
        ),
        "enrollment_over_many_wait": program_messages.enrollment_over(
            library, program, counts | {"applications": 7}
        ),
        "program_paused": program_messages.paused(library, program),
        "program_resumed": program_messages.resumed(library, program),
        "program_closing": program_messages.closing(library, program, START),
        "program_thanks": program_messages.thanks(library, program),
        "program_never_matched": program_messages.never_matched(library, program),
        "program_not_taking_place": program_messages.not_taking_place(library, program),
        "program_without_manager": program_messages.without_manager(library, program),
        "program_words": program_messages.overview(library, []),
        "program_overview": program_messages.overview(library, [*states, resting]),
        "program_overview_of_many": program_messages.overview(library, [program] * 30),
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
    )
    edits = {
        f"form_program_edit_{state.value}": form.build(
            library, whole, names, program_id=3, fixed=lifecycle.fixed(state)
        )
        for state in (ProgramState.DRAFT, ProgramState.ENROLLING, ProgramState.RUNNING)
    }
    return templates | edits | _small_forms(given)


def _small_forms(given: Set) -> dict[str, Block]:
    library, program = given.library, _program(given)
    strict = _program(
        given, audience=Audience.INVITED, seats=200, vetted=True, training_required=True
    )
    closing = {
        f"form_close_{state.value}": close_form.build(library, _program(given, state=state), 7)
        for state in (ProgramState.DRAFT, ProgramState.ENROLLING, ProgramState.RUNNING)
    }
    return closing | {
        "form_template": template_form.build(library, "C0000009"),
        "form_launch": launch_form.build(library, program, JOIN_BY, 0),
        "form_launch_strict": launch_form.build(library, strict, JOIN_BY, 24),
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
