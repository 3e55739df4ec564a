"""What people read who ask for support, and whom they ask."""

from collections.abc import Sequence

from bot.views import blocks, messages
from bot.views.blocks import Block, Message
from models import Pair, Person, Program
from prompts.library import Library

OPEN_SUPPORT = "open_support"
STILL_TOGETHER = "still_together"
"""Action ids of buttons; handlers/actions has a file of each name. Their value is a pair, or that
of OPEN_SUPPORT "me"."""


def parted(library: Library, program: Program) -> Message:
    """To the one who asked, where the form was."""
    return blocks.message(
        library.say("support.parted", program=program.name), library.say("support.parted_next")
    )


def talk(library: Library, person: Person) -> Message:
    """To the contact of a program. It says nothing of what it is about, and not which program, so
    that whoever looks over their shoulder learns little."""
    who = messages.person(person.slack_user_id)
    return blocks.message(
        library.say("support.talk", person=who), library.say("support.talk_next", person=who)
    )


def asked(library: Library, contact: Person) -> Message:
    who = messages.person(contact.slack_user_id)
    return blocks.message(library.say("support.asked", contact=who))


def quiet(library: Library, program: Program, pair: Pair, partner: Person) -> Message:
    """To each of the two alone, when nothing has been heard of their pair."""
    who = messages.person(partner.slack_user_id)
    value = str(pair.id)
    fine = library.label("support.fine_button")
    help_ = library.label("support.quiet_button")
    return blocks.message(
        library.say("support.quiet", program=program.name, partner=who),
        library.say("support.quiet_everybody"),
        buttons=[
            blocks.button(fine, STILL_TOGETHER, value, style="primary"),
            blocks.button(help_, OPEN_SUPPORT, value),
        ],
    )


def fine(library: Library, text: str, original: Sequence[Block]) -> Message:
    """What `quiet` asked, with the answer in the place of the buttons."""
    return messages.answered(text, original, library.say("support.fine"))
