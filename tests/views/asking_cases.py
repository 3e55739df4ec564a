"""What people read who are asked for their yes to a pair, and what comes of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.views import match_asking
from bot.views.blocks import Block, Message
from models import Person, Proposal

if TYPE_CHECKING:
    from tests.views.cases import Set


def message_cases(given: Set) -> dict[str, Message]:
    library, program = given.library, given.program
    asked = _question(given, given.mentor)
    return {
        "match_question_to_mentor": asked,
        "match_question_to_mentee": _question(given, given.mentee),
        "match_question_without_topics": _question(given, given.mentor, topics=()),
        "match_question_about_somebody_unknown": _question(given, given.mentor, known=False),
        "match_question_yes": match_asking.answered(library, asked.text, asked.blocks, yes=True),
        "match_question_no": match_asking.answered(library, asked.text, asked.blocks, yes=False),
        "match_asking_begun": match_asking.begun(library, 40),
        "match_not_this_time": match_asking.not_this_time(library, program),
        "match_left_in_peace": match_asking.left_in_peace(library, program),
        "match_concluded_one": match_asking.concluded(library, program, 1),
        "match_concluded_many": match_asking.concluded(library, program, 17),
        "match_concluded_none": match_asking.concluded(library, program, 0),
        "match_asking_stopped": match_asking.concluded(library, program, 3, given.mentee),
        "match_refused": match_asking.refused(
            library, program, library.say("errors.no_possible_pair")
        ),
    }


def view_cases(given: Set) -> dict[str, Block]:
    said = match_asking.concluded(given.library, given.program, 3, given.mentee)
    return {"asking_over": match_asking.over(given.library, said)}


def _question(
    given: Set,
    person: Person,
    *,
    topics: tuple[str, ...] = ("digital-tools", "social-media"),
    known: bool = True,
) -> Message:
    proposal = Proposal(
        id=11, mentor_id=given.mentor.id, mentee_id=given.mentee.id, shared_topics=list(topics)
    )
    number = given.mentor.id + given.mentee.id - person.id
    partner = Person(id=number, slack_user_id=f"U{number:07d}", title="", department="")
    if known:
        partner.title = given.style.words("Head of Claims", 200)
        partner.department = given.style.words("Insurance", 200)
    return match_asking.question(
        given.library, given.program, proposal, person, partner, date(2026, 1, 8)
    )
