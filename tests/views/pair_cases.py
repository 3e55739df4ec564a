"""What pairs hear of their breaks and endings, and what managers see before they approve."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.views import decision_messages, messages
from bot.views.blocks import Block, Message
from bot.views.modals import paused
from bot.views.modals.paused import PausedPair, Undecided
from models import Person, ProgramState

if TYPE_CHECKING:
    from tests.views.cases import Set


def message_cases(given: Set) -> dict[str, Message]:
    library, program, pair = given.library, given.program, given.pair()
    question = messages.pair_closing_question(library, program, pair, given.mentee)
    return {
        "skipped": messages.skipped(library),
        **_decisions(given),
        "pair_rests": messages.pair_rests(library, None),
        "pair_rests_until": messages.pair_rests(library, date(2026, 3, 2)),
        "pair_goes_on": messages.pair_goes_on(library),
        "pair_ended": messages.pair_ended(library, program),
        "pair_ended_in_a_program_that_closes": _ended_at_the_end(given),
        "pair_farewell": messages.pair_farewell(library),
        "pair_ended_early": messages.pair_ended_early(library, program),
        "pair_closing": messages.pair_closing(library, program, given.two),
        "pair_closing_question": question,
        "pair_closed_completed": messages.pair_closed(
            library, question.text, question.blocks, completed=True
        ),
        "pair_closed_stopped": messages.pair_closed(
            library, question.text, question.blocks, completed=False
        ),
    }


def view_cases(given: Set) -> dict[str, Block]:
    library, viewer = given.library, _manager()
    safe, unsafe = (
        PausedPair(given.pair(), given.mentor, given.mentee, is_safe) for is_safe in (True, False)
    )
    own = PausedPair(given.pair(), viewer, given.mentee, True)

    def listed(*pairs: PausedPair) -> Block:
        return paused.build(library, Undecided(given.program, viewer, pairs))

    views = {
        "paused_pairs": listed(safe, unsafe, own),
        "paused_pairs_none": listed(),
        "paused_pairs_many": listed(*[safe] * (paused.MOST + 2)),
    }
    given.program.state = ProgramState.CLOSING
    views["paused_pairs_in_a_program_that_closes"] = listed(safe)
    given.program.state = ProgramState.RUNNING
    return views


def _decisions(given: Set) -> dict[str, Message]:
    library, about = given.library, (given.program, given.pair(), given.mentor, given.mentee)
    needed = decision_messages.needed(library, *about)
    ended, let_go_on = (
        decision_messages.decided(library, needed.text, needed.blocks, goes_on=goes_on)
        for goes_on in (False, True)
    )
    return {
        "pair_needs_decision": needed,
        "space_failed": decision_messages.space_failed(library, *about),
        "pair_decided_end": ended,
        "pair_decided_go_on": let_go_on,
        "pair_let_go_on": decision_messages.goes_on(library),
    }


def _manager() -> Person:
    return Person(id=9, slack_user_id="U0000009")


def _ended_at_the_end(given: Set) -> Message:
    given.program.state = ProgramState.CLOSING
    message = messages.pair_ended(given.library, given.program)
    given.program.state = ProgramState.RUNNING
    return message
