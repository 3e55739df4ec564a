"""What is said of a match that a manager has changed by hand."""

from bot.views import blocks, messages
from bot.views.blocks import Message
from models import Person, Program
from prompts.library import Library


def approvals_again(library: Library, program: Program, who: Person) -> Message:
    """To those who approve it, without a name of those concerned."""
    named = messages.person(who.slack_user_id)
    said = library.say("match_review.approvals_again", who=named, program=program.name)
    return blocks.message(said)
