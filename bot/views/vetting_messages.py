"""What applicants are told when a program manager looks at their application. That somebody is in
is said where they become it."""

from collections.abc import Sequence

from bot.views import blocks, messages
from bot.views.blocks import Message
from models import Person, Program
from prompts.library import Library, Mrkdwn


def opener(library: Library, program: Program, manager: Person, applicant: Person) -> Message:
    """In the group DM of the two."""
    text = library.say(
        "vetting.opener",
        program=program.name,
        manager=messages.person(manager.slack_user_id),
        applicant=messages.person(applicant.slack_user_id),
    )
    privacy = blocks.context(library.say("vetting.opener_privacy"))
    return Message(text=text, blocks=[blocks.section(text), privacy])


def declined(library: Library, program: Program, managers: Sequence[Person]) -> Message:
    who = Mrkdwn(", ".join(messages.person(manager.slack_user_id) for manager in managers))
    return blocks.message(
        library.say("vetting.declined", program=program.name),
        library.say("vetting.declined_next", managers=who),
    )
