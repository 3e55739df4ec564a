"""A program's pairs that are paused, for its managers to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.views import blocks, decision_messages, messages
from bot.views.blocks import Block
from models import Pair, Person, Program
from models.program import OVER
from prompts.library import Library

CALLBACK = "paused"
MOST = 20
"""Pairs that are shown: Slack takes a hundred blocks."""


@dataclass(frozen=True)
class PausedPair:
    """`is_safe` when people data allow it now."""

    pair: Pair
    mentor: Person
    mentee: Person
    is_safe: bool


@dataclass(frozen=True)
class Undecided:
    """All paused pairs of a program, for `viewer`."""

    program: Program
    viewer: Person
    pairs: Sequence[PausedPair]


def build(library: Library, found: Undecided) -> Block:
    name = found.program.name
    said = (
        library.say("pair.undecided", program=name, count=len(found.pairs))
        if found.pairs
        else library.say("pair.all_decided", program=name)
    )
    cards = [_card(library, found, one) for one in found.pairs[:MOST]]
    more = len(found.pairs) - MOST
    rest = [blocks.context(library.say("pair.more_undecided", count=more))] if more > 0 else []
    return blocks.modal(
        CALLBACK,
        title=library.label("pair.undecided_title"),
        close=library.label("pair.undecided_close"),
        metadata=str(found.program.id),
        fields=[blocks.section(said), *(block for card in cards for block in card), *rest],
    )


def read(view: Mapping[str, Any]) -> int:
    """The program whose pairs were shown when a button was pressed."""
    return int(view["private_metadata"])


def _card(library: Library, found: Undecided, one: PausedPair) -> list[Block]:
    both = messages.two(one.mentor, one.mentee)
    card = [blocks.divider(), blocks.section(library.say("pair.undecided_pair", **both))]
    if found.viewer.id in (one.mentor.id, one.mentee.id):
        return [*card, blocks.context(library.say("pair.undecided_own"))]
    key = "pair.undecided_safe" if one.is_safe else "pair.undecided_unsafe"
    may_go_on = one.is_safe and found.program.state not in OVER
    go_on = [decision_messages.go_on_button(library, one.pair)] if may_go_on else []
    end = decision_messages.end_button(library, one.pair)
    return [*card, blocks.context(library.say(key)), blocks.actions(end, *go_on)]
