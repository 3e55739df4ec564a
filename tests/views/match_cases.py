"""What a match run says in the admin channel, from its request to its pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.views import match_proposal
from bot.views.blocks import Message
from bot.views.match_proposal import RunFacts
from models import MatchRun, MatchRunState, Role
from tests.views import enrollment_cases

if TYPE_CHECKING:
    from tests.views.cases import Set

PUBLISHED = MatchRunState.PUBLISHED
SPREAD = [0.31, 0.455, 0.5, 0.62, 0.62, 0.68, 0.7, 0.744, 0.81, 0.895, 0.9, 1.0]


@dataclass(frozen=True)
class Wished:
    role: Role
    topic: str
    people: int
    partners: int
    level: int


def message_cases(given: Set) -> dict[str, Message]:
    library, program, manager = given.library, given.program, given.mentee
    published = match_proposal.published(library, manager, 40)
    approved = match_proposal.outcome(library, manager, 1, 2, None)
    return {
        "match_requested": match_proposal.requested(library, program, 27, 1),
        "match_requested_without_its_runner": match_proposal.requested(
            library, program, 1, 17, without_runner=True
        ),
        **_summaries(given),
        "published_one": match_proposal.published(library, manager, 1),
        "published_many": published,
        "approved_one_of_two": approved,
        **{
            f"left_out_{reason}": match_proposal.left_out(
                library, program, enrollment_cases.enrollment(), reason
            )
            for reason in match_proposal.NOT_READY
        },
    }


def _summaries(given: Set) -> dict[str, Message]:
    wishes = [
        Wished(Role.MENTOR, "gone", 9, 9, 2),
        Wished(Role.MENTOR, "digital-tools", 5, 2, 2),
        Wished(Role.MENTEE, "social-media", 5, 1, 5),
    ]
    nobody_ready = dict.fromkeys(match_proposal.NOT_READY, 1)
    many_not_ready = dict.fromkeys(match_proposal.NOT_READY, 7)
    both_left = {Role.MENTOR: 4, Role.MENTEE: 12}
    improvable = {"people": 24.0, "people_at_most": 24.0, "total": 8.0, "total_at_most": 8.0016}
    fewer = {"people": 22.0, "people_at_most": 24.0, "total": 8.0, "total_at_most": 9.0}
    approved = {"approvals": 2, "approvers": [given.mentee]}
    asked = {"answer_by": datetime(2026, 1, 9, 9, 0, tzinfo=UTC)}
    return {
        "proposal_one_pair": _summary(given, [0.62], not_ready=nobody_ready),
        "proposal_many": _summary(
            given, SPREAD, left_over=both_left, wishes=wishes, not_ready=many_not_ready
        ),
        "proposal_one_left": _summary(
            given, SPREAD, left_over={Role.MENTOR: 1}, wishes=wishes[2:], locked=1, skipped=1
        ),
        "proposal_with_locks": _summary(given, SPREAD, locked=3, skipped=2, without_runner=True),
        "proposal_of_several_approvals": _summary(given, SPREAD, approvals=2),
        "proposal_that_asks": _summary(given, SPREAD, asks=True),
        "proposal_that_asks_after_approvals": _summary(given, SPREAD, approvals=2, asks=True),
        "proposal_nearly_best": _summary(given, SPREAD, verdict=improvable),
        "proposal_not_proved_best": _summary(given, SPREAD, verdict=fewer),
        "proposal_by_app": _summary(given, SPREAD, run={"requested_by_id": None}),
        "proposal_without_managers": _summary(
            given, SPREAD, run={"requested_by_id": None}, without_runner=True
        ),
        "proposal_changed_once": _summary(given, SPREAD, run={"changes": 1}),
        "proposal_changed": _summary(given, SPREAD, run={"changes": 2}),
        "proposal_of_nobody": _summary(given, [], run={"changes": 1}),
        "proposal_approved_once": _summary(given, SPREAD, **approved),
        "proposal_published": _summary(given, SPREAD, state=PUBLISHED, **approved),
        "proposal_asking": _summary(
            given, SPREAD, state=MatchRunState.ASKING, run=asked, asked=24, **approved
        ),
        "proposal_published_after_asking": _summary(
            given, SPREAD, state=PUBLISHED, run=asked, made=9, **approved
        ),
        "proposal_replaced": _summary(given, [], state=MatchRunState.DROPPED),
    }


def _summary(
    given: Set,
    scores: Sequence[float],
    *,
    approvals: int = 1,
    asks: bool = False,
    verdict: dict[str, float] | None = None,
    state: MatchRunState = MatchRunState.PROPOSED,
    run: Mapping[str, object] | None = None,
    **more: Any,
) -> Message:
    best = {"people": 24.0, "people_at_most": 24.0, "total": 8.0, "total_at_most": 8.0}
    known = {"requested_by_id": 7, "changes": 0} | dict(run or {})
    about = MatchRun(
        id=4,
        program_id=given.program.id,
        state=state,
        approvals_needed=approvals,
        mentors=len(scores) + 4,
        mentees=len(scores) + 12,
        verdict=verdict or best,
        **known,
    )
    given.program.asks_participants = asks
    shown = match_proposal.summary(given.library, RunFacts(given.program, about, scores, **more))
    given.program.asks_participants = False
    return shown
