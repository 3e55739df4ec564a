"""What pairs hear of their breaks and endings, and what managers see before they approve."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.views import match_proposal, messages
from bot.views.blocks import Message
from models import ProgramState, Proposal

if TYPE_CHECKING:
    from tests.views.cases import Set


def message_cases(given: Set) -> dict[str, Message]:
    library, program, pair = given.library, given.program, given.pair()
    closing = messages.pair_closing(library, program, pair, given.two)
    return {
        "skipped": messages.skipped(library),
        "pair_rests": messages.pair_rests(library, None),
        "pair_rests_until": messages.pair_rests(library, date(2026, 3, 2)),
        "pair_goes_on": messages.pair_goes_on(library),
        "pair_ended": messages.pair_ended(library, program),
        "pair_ended_in_a_program_that_closes": _ended_at_the_end(given),
        "pair_farewell": messages.pair_farewell(library),
        "pair_ended_early": messages.pair_ended_early(library, program),
        "pair_closing": closing,
        "pair_closed_completed": messages.pair_closed(
            library, closing.text, closing.blocks, completed=True
        ),
        "pair_closed_stopped": messages.pair_closed(
            library, closing.text, closing.blocks, completed=False
        ),
        "proposal_not_everybody_ready": _proposal(
            given, dict.fromkeys(match_proposal.NOT_READY, 1)
        ),
        "proposal_many_not_ready": _proposal(given, dict.fromkeys(match_proposal.NOT_READY, 7)),
        "proposal_of_several_approvals": _proposal_to_approve(given),
        "approved_one_of_two": match_proposal.approved(library, given.mentee, 1, 2),
    }


def _ended_at_the_end(given: Set) -> Message:
    given.program.state = ProgramState.CLOSING
    message = messages.pair_ended(given.library, given.program)
    given.program.state = ProgramState.RUNNING
    return message


def _proposal_to_approve(given: Set) -> Message:
    given.program.approvals_needed = 2
    message = _proposal(given, {})
    given.program.approvals_needed = 1
    return message


def _proposal(given: Set, not_ready: dict[str, int]) -> Message:
    found = Proposal(
        match_run_id=4,
        mentor_id=given.mentor.id,
        mentee_id=given.mentee.id,
        score=0.5,
        reasons=["topics", "level"],
        shared_topics=["digital-tools"],
    )
    people = {person.id: person for person in (given.mentor, given.mentee)}
    return match_proposal.proposal(given.library, given.program, [found], people, (1, 2), not_ready)
