"""What each kind of touchpoint says, to whom, and what happens if it stays in doubt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from bot.cadence import choice, plan
from bot.cadence.plan import Plan
from bot.cadence.store import Due
from bot.views import messages
from bot.views.blocks import Message
from models import IfInDoubt, TouchpointKind
from prompts.library import Library


@dataclass(frozen=True)
class Said:
    """A touchpoint put into words. `recipient` is a channel id, or a user id for a DM."""

    recipient: str
    message: Message
    if_in_doubt: IfInDoubt
    question_id: str | None = None


@dataclass(frozen=True)
class Known:
    """What is known of a pair when its touchpoint is put into words: the ids of the questions it
    has had, and of the topics on which it can have others."""

    asked: frozenset[str]
    topics: frozenset[str]
    meetings: int


Speaker = Callable[[Library, Due, Known, Random], Said | None]


def say(library: Library, due: Due, known: Known, random: Random) -> Said | None:
    """None when there is nothing to say, as when a pair has had every question."""
    return SPEAKERS[due.touchpoint.kind](library, due, known, random)


def plan_of(due: Due) -> Plan:
    return plan.plan_for(due.program, due.pair, due.mentor, due.mentee)


def _nudge(library: Library, due: Due, _: Known, __: Random) -> Said:
    number = due.touchpoint.number
    prompt = choice.in_turn(library.nudges, due.pair.id, number)
    two = messages.two(due.mentor, due.mentee)
    message = messages.nudge(library, due.pair, number, prompt, two)
    return Said(_channel(due), message, IfInDoubt.LET_GO)


def _question(library: Library, due: Due, known: Known, random: Random) -> Said | None:
    phase = plan.phase(plan_of(due), due.touchpoint.number)
    question = choice.pick_question(library.questions, known.topics, phase, known.asked, random)
    if question is None:
        return None
    message = messages.question(library, question, messages.two(due.mentor, due.mentee))
    return Said(_channel(due), message, IfInDoubt.LET_GO, question.id)


def _reminder(library: Library, due: Due, _: Known, __: Random) -> Said:
    prompt = choice.in_turn(library.reminders, due.pair.id, due.touchpoint.number)
    recipient = due.mentee.slack_user_id or ""
    return Said(recipient, messages.reminder(library, prompt), IfInDoubt.LET_GO)


def _farewell(library: Library, due: Due, known: Known, _: Random) -> Said:
    two = messages.two(due.mentor, due.mentee)
    message = messages.farewell(library, due.program, known.meetings, two)
    return Said(_channel(due), message, IfInDoubt.SEND_AGAIN)


SPEAKERS: Mapping[TouchpointKind, Speaker] = {
    TouchpointKind.NUDGE: _nudge,
    TouchpointKind.QUESTION: _question,
    TouchpointKind.REMINDER: _reminder,
    TouchpointKind.FAREWELL: _farewell,
}


def _channel(due: Due) -> str:
    assert due.pair.channel_id is not None, "an active pair has its channel"
    return due.pair.channel_id
