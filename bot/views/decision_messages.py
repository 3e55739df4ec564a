"""What managers read of a pair that is paused, with the two ways to decide."""

from collections.abc import Sequence

from bot.views import blocks, messages
from bot.views.blocks import Block, Message
from models import Pair, Person, Program
from prompts.library import Library

END_PAIR = "end_pair"
GO_ON_PAIR = "go_on_pair"
OPEN_PAUSED = "open_paused"
"""Action ids of buttons; handlers/actions has a file of each name. The value of `OPEN_PAUSED` is a
program, that of the others a pair."""


def needed(
    library: Library, program: Program, pair: Pair, mentor: Person, mentee: Person
) -> Message:
    """A change of people data has paused the pair."""
    both = messages.two(mentor, mentee)
    said = library.say("pair.needs_decision", program=program.name, **both)
    return blocks.message(said, buttons=[end_button(library, pair), go_on_button(library, pair)])


def space_failed(
    library: Library, program: Program, pair: Pair, mentor: Person, mentee: Person
) -> Message:
    """Slack has refused the pair a place to talk."""
    both = messages.two(mentor, mentee)
    said = library.say("pair.space_failed", program=program.name, **both)
    return blocks.message(said, buttons=[end_button(library, pair), go_on_button(library, pair)])


def decided(library: Library, text: str, original: Sequence[Block], *, goes_on: bool) -> Message:
    """What asked for a decision, with that in the place of the buttons."""
    said = library.say("pair.decided_go_on" if goes_on else "pair.decided_end")
    return messages.answered(text, original, said)


def goes_on(library: Library) -> Message:
    """To the pair's channel."""
    return blocks.message(library.say("pair.let_go_on"))


def end_button(library: Library, pair: Pair) -> Block:
    sure = blocks.confirm(
        library.label("pair.end_confirm_title"),
        library.label("pair.end_confirm"),
        library.label("pair.end_confirm_button"),
        library.label("pair.end_back_confirm_button"),
    )
    label = library.label("pair.end_button")
    return blocks.button(label, END_PAIR, str(pair.id), confirm=sure)


def go_on_button(library: Library, pair: Pair) -> Block:
    return blocks.button(library.label("pair.go_on_button"), GO_ON_PAIR, str(pair.id))
