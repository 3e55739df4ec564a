"""Joining, waiting, breaks and leaving; see `cases`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from bot.views import enrollment_messages, status
from bot.views.blocks import Block, Message
from bot.views.enrollment_messages import Choice, Skipped
from bot.views.modals import join as join_form
from bot.views.modals import leave as leave_form
from bot.views.modals import pause as pause_form
from bot.views.modals import profile as profile_form
from bot.views.modals.join import Asked
from bot.views.modals.profile import INTERESTS, MOST_AVOIDED, STRENGTHS, About
from bot.views.status import Own
from models import Cadence, Enrollment, EnrollmentState, PairState, Program, Role

if TYPE_CHECKING:
    from tests.views.cases import Set

JOINED = datetime(2026, 1, 7, 9, tzinfo=UTC)
UNTIL = date(2026, 3, 2)


def enrollment(role: Role = Role.MENTOR, **columns: object) -> Enrollment:
    usual = {
        "id": 12,
        "program_id": 3,
        "person_id": 7,
        "role": role,
        "topics": ["digital-tools", "social-media"],
        "refused_topics": [],
        "identity_topics": [],
        "state": EnrollmentState.ENROLLED,
        "joined_at": JOINED,
        "agreed_at": JOINED,
        "skips_match": False,
    }
    return Enrollment(**{**usual, **columns})


def about(given: Set) -> About:
    """Everything filled in."""
    return About(
        strengths=STRENGTHS,
        interests=INTERESTS[:2],
        learning_style="doing",
        means=("video", "walk"),
        frequency=Cadence.FORTNIGHTLY,
        works_from=8,
        works_to=17,
        hours_a_month=3,
        avoided=tuple(f"U{number:07d}" for number in range(MOST_AVOIDED)),
    )


def message_cases(given: Set) -> dict[str, Message]:
    library, program = given.library, given.program
    on_break = enrollment(paused_since=date(2026, 1, 2))
    said = enrollment_messages
    return _statuses(given) | {
        "joined_mentor": said.joined(library, program, enrollment()),
        "joined_mentee": said.joined(library, program, enrollment(Role.MENTEE)),
        "joined_on_a_break": said.joined(library, program, on_break),
        "answers_changed": said.answers_changed(library, program, ["digital-tools"]),
        "applied_mentor": said.applied(library, program, enrollment()),
        "applied_mentee_on_a_break": said.applied(
            library, program, enrollment(Role.MENTEE, paused_since=date(2026, 1, 2))
        ),
        "waitlisted_mentor": said.waitlisted(library, program, Role.MENTOR, 3),
        "waitlisted_mentee": said.waitlisted(library, program, Role.MENTEE, 1),
        "applications": said.applications(library, program),
        "choose": said.choose(library, [Choice(program, is_in=True), Choice(program, is_in=False)]),
        "choose_of_many": said.choose(library, [Choice(program, is_in=False)] * 60),
        "other_side_mentor": said.other_side(library, program, enrollment()),
        "other_side_with_identity_topics": said.other_side(
            library, program, enrollment(topics=["inclusion", "digital-tools"])
        ),
        "other_side_mentee": said.other_side(library, program, enrollment(Role.MENTEE)),
        "other_side_not_in_yet": said.other_side(
            library, program, enrollment(Role.MENTEE, state=EnrollmentState.APPLIED)
        ),
        "break_begun": said.paused(library, None),
        "break_begun_until": said.paused(library, UNTIL),
        "break_ended": said.resumed(library, []),
        "break_ended_before_another": said.resumed(library, [program, program]),
        "break_over": said.back(library, []),
        "break_over_before_another": said.back(library, [program]),
        "skipped_match": said.skipped(library, Skipped([program, program], in_pair=False)),
        "skipped_meeting": said.skipped(library, Skipped([program], in_pair=True)),
        "left": said.left(library, program, is_open=False),
        "left_while_open": said.left(library, program, is_open=True),
    }


def view_cases(given: Set) -> dict[str, Block]:
    library, program = given.library, given.program
    nothing, touching = About(), _program(given, topics=["digital-tools", "inclusion"])
    many = _program(given, topics=list(library.topics) * 2)
    yes = enrollment(topics=["inclusion"], main_topic="gone", identity_topics=["inclusion"])
    again = enrollment(
        topics=["gone", "digital-tools"],
        main_topic="digital-tools",
        refused_topics=["social-media"],
    )
    stated = enrollment(state=EnrollmentState.APPLIED, stated_level=4)
    asked = {
        "as_mentor": Asked(program, Role.MENTOR, nothing),
        "as_mentee": Asked(program, Role.MENTEE, nothing),
        "again": Asked(program, Role.MENTOR, about(given), before=again),
        "with_identity_topics": Asked(touching, Role.MENTEE, nothing),
        "with_identity_topics_again": Asked(touching, Role.MENTEE, nothing, before=yes),
        "level_unknown": Asked(program, None, nothing, asks_manager=True),
        "level_unknown_manager_known": Asked(program, None, nothing),
        "level_unknown_again": Asked(
            program, None, nothing, before=stated, asks_manager=True, stated_manager="U0000008"
        ),
        "many_topics": Asked(many, Role.MENTOR, nothing),
    }
    forms = {f"form_join_{name}": join_form.build(library, one) for name, one in asked.items()}
    return forms | {
        "form_profile": profile_form.build(library, nothing),
        "form_profile_filled_in": profile_form.build(library, about(given)),
        "form_pause": pause_form.build(library, None),
        "form_pause_again": pause_form.build(library, UNTIL),
        "form_leave": leave_form.build(library, [program]),
        "form_leave_one_of_several": leave_form.build(library, [program, touching]),
        "form_leave_one_of_many": leave_form.build(library, [program] * 12),
    }


def _statuses(given: Set) -> dict[str, Message]:
    def own(place: int = 0, **columns: object) -> Own:
        return Own(given.program, enrollment(**columns), None, None, 0, 0, 0, place)

    resting = Own(
        given.program,
        enrollment(paused_since=UNTIL),
        given.pair(PairState.RESTING),
        given.mentee,
        4,
        1,
        0,
    )
    stories = {
        "applied": own(state=EnrollmentState.APPLIED),
        "talking": own(state=EnrollmentState.TALKING),
        "waitlisted": own(3, state=EnrollmentState.WAITLISTED),
        "declined": own(state=EnrollmentState.DECLINED),
        "left": own(state=EnrollmentState.LEFT),
        "skipping": own(skips_match=True),
        "on_a_break": own(paused_since=date(2026, 1, 2)),
        "on_a_break_until": own(paused_since=date(2026, 1, 2), paused_until=UNTIL),
        "resting_pair": resting,
    }
    return {
        f"own_status_{name}": status.of_person(given.library, [one], [])
        for name, one in stories.items()
    }


def _program(given: Set, **settings: object) -> Program:
    usual = {name: getattr(given.program, name) for name in ("id", "name", "purpose", "topics")}
    return Program(**{**usual, **settings})
