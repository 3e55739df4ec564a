"""What people are told of their lesson outside of it."""

from bot.views import blocks
from bot.views.blocks import Block, Message
from models import Enrollment, Program
from prompts.library import Library

OPEN_LESSON = "open_lesson"
"""The action id of the button; its value is the enrollment."""


def invitation(library: Library, program: Program, enrollment: Enrollment) -> Message:
    """To somebody who has just been enrolled; the enrollment must have its id."""
    cards = library.lessons[enrollment.role.value]
    key = f"lesson.invitation_{enrollment.role.value}"
    return blocks.message(
        library.say(key, program=program.name, count=len(cards)),
        library.say("lesson.required" if program.training_required else "lesson.not_required"),
        buttons=[begin(library, enrollment)],
    )


def reminder(library: Library, program: Program, enrollment: Enrollment) -> Message:
    """To somebody who cannot be matched before they have read their lesson."""
    said = blocks.message(library.say("lesson.reminder", program=program.name))
    return still_open(library, enrollment, said)


def still_open(library: Library, enrollment: Enrollment, said: Message) -> Message:
    """What is `said` to everybody, and below it, that the lesson has to be read before a match."""
    text = library.say("lesson.still_open")
    more = [blocks.section(text), blocks.actions(begin(library, enrollment))]
    return Message(text=said.text, blocks=[*said.blocks, *more])


def begin(library: Library, enrollment: Enrollment) -> Block:
    """The button that opens the lesson."""
    label = library.label("lesson.begin_button")
    return blocks.button(label, OPEN_LESSON, str(enrollment.id), style="primary")
