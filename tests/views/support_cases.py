"""What people read who ask for support, and whom they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.views import enrollment_messages, support_messages
from bot.views.blocks import Block, Message
from bot.views.modals import support
from bot.views.modals.support import Matter
from models import Person

if TYPE_CHECKING:
    from tests.views.cases import Set

CONTACT = Person(id=9, slack_user_id="U0000009")


def message_cases(given: Set) -> dict[str, Message]:
    library, program = given.library, given.program
    quiet = support_messages.quiet(library, program, given.pair(), given.mentee)
    return {
        "support_parted": support_messages.parted(library, program),
        "support_talk": support_messages.talk(library, given.mentor),
        "support_asked": support_messages.asked(library, CONTACT),
        "still_together": quiet,
        "still_together_fine": support_messages.fine(library, quiet.text, quiet.blocks),
    }


def view_cases(given: Set) -> dict[str, Block]:
    library, program, pair = given.library, given.program, given.pair()
    partner = Person(id=8, slack_user_id="U0000008", name=given.style.words("Lena Boss", 200))
    in_pair, alone = Matter(program, pair, partner), Matter(program)
    managers = enrollment_messages.managers(library, [CONTACT])
    return {
        "form_support": support.build(library, [in_pair]),
        "form_support_of_several": support.build(library, [in_pair, alone]),
        "form_support_of_a_named_pair": support.build(library, [alone, in_pair], in_pair.value),
        "form_support_without_a_pair": support.build(library, [alone]),
        "form_support_part": support.part(library, program, pair, partner),
        "form_support_contact": support.contact(library, program, CONTACT),
        "form_support_no_contact": support.contact(library, program, None),
        "form_support_managers": support.managers(library, program, managers),
    }
