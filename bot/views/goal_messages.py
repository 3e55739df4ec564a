"""What a pair reads when a goal is set."""

from bot.views import blocks, messages
from bot.views.blocks import Message
from bot.views.modals.goal import PARTS, NewGoal
from models import Person
from prompts.library import Library


def goal(library: Library, wanted: NewGoal, author: Person, partner: Person) -> Message:
    heading = library.say("goals.posted_heading", author=messages.person(author.slack_user_id))
    footer = library.say(
        "goals.posted_footer",
        author=messages.person(author.slack_user_id),
        partner=messages.person(partner.slack_user_id),
    )
    return Message(
        text=heading,
        blocks=[
            blocks.section(f"*{heading}*"),
            *(
                blocks.section(library.say(f"goals.posted_{part}", text=getattr(wanted, part)))
                for part in PARTS
            ),
            blocks.section(library.say("goals.posted_due", due=messages.day(wanted.due_on))),
            blocks.context(footer),
        ],
    )
