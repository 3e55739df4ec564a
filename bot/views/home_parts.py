"""Shapes that the parts of a Home share."""

from bot.views import blocks
from bot.views.blocks import Block
from prompts.library import Library

MOST = 10
"""Entries of a list that are shown: Slack takes a hundred blocks, and nobody reads that many."""


def line(text: str, button: Block | None = None) -> Block:
    """A sentence, and the button that goes with it at its right."""
    return blocks.section(text) | ({"accessory": button} if button else {})


def more(library: Library, left_out: int) -> list[Block]:
    """What stands under a list that was cut."""
    return [blocks.context(library.say("home.more", count=left_out))] if left_out > 0 else []
