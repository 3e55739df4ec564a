"""What people are told of their taking part: in, waiting, on a break, out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.views import blocks, lesson_messages, messages
from bot.views.blocks import Block, Message
from bot.views.modals.queue import OPEN_QUEUE
from models import Enrollment, EnrollmentState, Person, Program, Role
from prompts.library import Library, Mrkdwn

MOST_CHOICES = 20
"""Programs to choose from, two blocks each; Slack takes fifty."""


@dataclass(frozen=True)
class Choice:
    """A program that a person may join, or is in and may change their answers for."""

    program: Program
    is_in: bool


@dataclass(frozen=True)
class Skipped:
    """What was skipped: the next match of these programs, or the period of the pair that the
    person has in the only one."""

    programs: Sequence[Program]
    in_pair: bool


def choose(library: Library, choices: Sequence[Choice]) -> Message:
    heading = library.say("join.choose")
    shown: list[Block] = [blocks.section(heading)]
    for choice in choices[:MOST_CHOICES]:
        key = "join.change_button" if choice.is_in else "join.join_button"
        button = blocks.button(library.label(key), messages.JOIN, str(choice.program.id))
        name = library.say("join.choice", program=choice.program.name)
        shown.append(blocks.section(name) | {"accessory": button})
    return Message(text=heading, blocks=shown)


def managers(library: Library, people: Sequence[Person]) -> Mrkdwn:
    """Those who can help, by name."""
    names = [messages.person(person.slack_user_id) for person in people]
    return Mrkdwn(", ".join(names) or library.say("join.a_manager"))


def joined(library: Library, program: Program, enrolled: Enrollment) -> Message:
    topics = messages.topic_names(library, enrolled.topics)
    said = library.say(f"join.confirmed_{enrolled.role.value}", program=program.name, topics=topics)
    return blocks.message(*_with_break(library, said, enrolled))


def answers_changed(library: Library, program: Program, topics: Sequence[str]) -> Message:
    names = messages.topic_names(library, topics)
    return blocks.message(library.say("join.updated", program=program.name, topics=names))


def applied(library: Library, program: Program, enrolled: Enrollment) -> Message:
    role = library.say(f"words.{enrolled.role.value}")
    said = library.say("join.applied", program=program.name, role=role)
    return blocks.message(*_with_break(library, said, enrolled))


def waitlisted(library: Library, program: Program, role: Role, place: int) -> Message:
    return blocks.message(
        library.say(f"join.waitlisted_{role.value}", program=program.name, place=place)
    )


def applications(library: Library, program: Program) -> Message:
    """To a program manager, once a day at most."""
    button = blocks.button(library.label("join.queue_button"), OPEN_QUEUE, str(program.id))
    return blocks.message(library.say("join.applications", program=program.name), buttons=[button])


def other_side(library: Library, program: Program, enrolled: Enrollment) -> Message:
    """To somebody whom their level has made a mentor or a mentee in a program they are in, with the
    lesson of that role where they have one."""
    said = library.say(f"join.now_{enrolled.role.value}", program=program.name)
    shown: list[Block] = [blocks.section(said)]
    if library.identity_topics.intersection(enrolled.topics):
        shown.append(blocks.section(library.say("join.yes_again")))
    if enrolled.state is EnrollmentState.ENROLLED:
        shown += lesson_messages.invitation(library, program, enrolled).blocks
    return Message(text=said, blocks=shown)


def paused(library: Library, until: date | None) -> Message:
    if until is None:
        return blocks.message(library.say("pause.begun"))
    return blocks.message(library.say("pause.begun_until", until=messages.day(until)))


def resumed(library: Library, resting: Sequence[Program]) -> Message:
    """`resting` are the programs in which there is another break."""
    return blocks.message(library.say("pause.ended"), _goes_on(library, resting))


def back(library: Library, resting: Sequence[Program]) -> Message:
    """The day that somebody chose for the end of their break has come."""
    shown = [library.say("pause.back"), _goes_on(library, resting), library.say("pause.longer")]
    return blocks.message(*shown)


def skipped(library: Library, what: Skipped) -> Message:
    programs = ", ".join(program.name for program in what.programs)
    key = "pause.skipped_meeting" if what.in_pair else "pause.skipped_match"
    return blocks.message(library.say(key, programs=programs))


def left(library: Library, program: Program, *, is_open: bool) -> Message:
    again = [library.say("leave.join_again")] if is_open else []
    return blocks.message(library.say("leave.done", program=program.name), *again)


def _goes_on(library: Library, resting: Sequence[Program]) -> str:
    if not resting:
        return library.say("pause.goes_on")
    programs = ", ".join(program.name for program in resting)
    return library.say("pause.still_rests", programs=programs)


def _with_break(library: Library, said: str, enrolled: Enrollment) -> list[str]:
    """Somebody who joins while on a break stays on it."""
    return [said, library.say("join.on_break")] if enrolled.paused_since else [said]
