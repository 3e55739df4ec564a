"""The forms of `/mentoring support`: what would help, and then the one step that it takes.

Nobody but the person who opened them sees anything of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.views import blocks, messages
from bot.views.blocks import Block
from models import Pair, Person, Program
from prompts.library import Library, Mrkdwn

CHOOSE, PART, CONTACT = "support", "support_part", "support_contact"
"""The callbacks: what would help; another partner; somebody else to talk to."""
MOST_MATTERS = 10


class Wish(StrEnum):
    """What would help."""

    PARTNER = "partner"
    WORRY = "worry"
    OTHER = "other"


@dataclass(frozen=True)
class Matter:
    """What it can be about: a pair, or a program in which the person has no pair to part with."""

    program: Program
    pair: Pair | None = None
    partner: Person | None = None

    @property
    def value(self) -> str:
        return f"pair:{self.pair.id}" if self.pair else f"program:{self.program.id}"


@dataclass(frozen=True)
class Asked:
    """What was chosen; `matter` is the value of one."""

    matter: str
    wish: Wish


def build(library: Library, matters: Sequence[Matter], about: str = "") -> Block:
    """`about` is the value of the one that is meant. Without it, none of several is chosen."""
    label, shown = library.label, matters[:MOST_MATTERS]
    options = [(one.value, *_words(library, one)) for one in shown]
    chosen = next((one.value for one in shown if one.value == about or len(shown) == 1), "")
    which = blocks.field("about", label("support.about_label"), blocks.radio_input(options, chosen))
    wishes = [
        (wish.value, label(f"support.{wish}_option"), label(f"support.{wish}_option_hint"))
        for wish in Wish
        if wish is not Wish.PARTNER or any(one.pair for one in shown)
    ]
    wish = blocks.field("wish", label("support.wish_label"), blocks.radio_input(wishes, ""))
    return blocks.modal(
        CHOOSE,
        title=label("support.title"),
        submit=label("support.next_submit"),
        close=label("support.close"),
        fields=[blocks.section(library.say("support.intro")), which, wish],
    )


def read(view: Mapping[str, Any]) -> Asked:
    """Raises UserFacingError with the field in which nothing was chosen."""
    values = view["state"]["values"]
    matter = blocks.text_of(values, "about") or blocks.refuse("support_about_missing", "about")
    wish = blocks.text_of(values, "wish") or blocks.refuse("support_wish_missing", "wish")
    return Asked(matter, Wish(wish))


def part(library: Library, program: Program, pair: Pair, partner: Person) -> Block:
    """Says what happens before anything does. Submitting is the confirmation."""
    who = messages.person(partner.slack_user_id)
    return blocks.modal(
        PART,
        title=library.label("support.part_title"),
        submit=library.label("support.part_submit"),
        close=library.label("support.part_close"),
        fields=[
            blocks.section(library.say("support.part", program=program.name, partner=who)),
            blocks.section(library.say("support.part_next")),
        ],
        metadata=str(pair.id),
    )


def contact(library: Library, program: Program, contact: Person | None) -> Block:
    """Whom to turn to who is afraid; with a contact, submitting asks them to write."""
    title, close = library.label("support.contact_title"), library.label("support.close")
    if contact is None:
        said = library.say("support.no_contact", program=program.name)
        return blocks.notice(title, close, said)
    who = messages.person(contact.slack_user_id)
    return blocks.modal(
        CONTACT,
        title=title,
        submit=library.label("support.contact_submit"),
        close=close,
        fields=[
            blocks.section(library.say("support.contact", program=program.name, contact=who)),
            blocks.section(library.say("support.contact_next", contact=who)),
        ],
        metadata=str(program.id),
    )


def managers(library: Library, program: Program, names: Mrkdwn) -> Block:
    return blocks.notice(
        library.label("support.title"),
        library.label("support.close"),
        library.say("support.managers", program=program.name, managers=names),
    )


def number(view: Mapping[str, Any]) -> int:
    """The id of what a form other than the first is about."""
    return int(view["private_metadata"])


def _words(library: Library, matter: Matter) -> tuple[str, str]:
    program = library.label("support.about_option", program=matter.program.name)
    if matter.partner is None:
        return program, ""
    return program, library.label("support.with_option_hint", partner=matter.partner.name)
