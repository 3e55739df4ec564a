"""How a match treats departments and levels: who gets a partner, and how well the pairs fit. Groups
too small to be shown without speaking of single people are together in one."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.views import blocks, match_words
from bot.views.blocks import Block
from models import Program
from prompts.library import Library

CALLBACK = "match_fairness"
MOST = 20
"""Groups of a kind that are shown: Slack takes a hundred blocks."""
LONGEST_BAR = 10

Name = str | int | None
"""A department ("" where it is not known) or a level; None for all others."""


@dataclass(frozen=True)
class Share:
    """How many of these `people` get a partner."""

    name: Name
    people: int
    matched: int


@dataclass(frozen=True)
class Mean:
    """Of the scores of those who get one, from 0 to 1."""

    name: Name
    score: float


@dataclass(frozen=True)
class Groups:
    """All empty where no two are large enough to be told apart."""

    shares: Sequence[Share]
    means: Sequence[Mean]


@dataclass(frozen=True)
class Fairness:
    """`least` is how many people a group has at least."""

    program: Program
    least: int
    departments: Groups
    levels: Groups


def waiting(library: Library) -> Block:
    """What stands there while it is worked out."""
    return blocks.modal(
        CALLBACK,
        title=library.label("match_review.fairness_title"),
        close=library.label("match_review.fairness_close"),
        fields=[blocks.section(library.say("match_review.fairness_working"))],
    )


def build(library: Library, found: Fairness) -> Block:
    """Slack has no charts in modals: the bars are signs."""
    say, name = library.say, found.program.name
    return blocks.modal(
        CALLBACK,
        title=library.label("match_review.fairness_title"),
        close=library.label("match_review.fairness_close"),
        fields=[
            blocks.section(say("match_review.fairness", program=name, least=found.least)),
            blocks.header(library.label("match_review.departments_heading")),
            *_groups(library, found.departments),
            blocks.header(library.label("match_review.levels_heading")),
            *_groups(library, found.levels),
        ],
    )


def _groups(library: Library, groups: Groups) -> list[Block]:
    if not groups.shares:
        return [blocks.section(library.say("match_review.groups_too_small"))]
    fits = library.say("match_review.how_well") if groups.means else ""
    return [
        blocks.section(library.say("match_review.how_many")),
        *_lines(library, [_share(library, one) for one in groups.shares]),
        *([blocks.section(fits)] if fits else []),
        *_lines(library, [_mean(library, one) for one in groups.means]),
    ]


def _lines(library: Library, lines: Sequence[str]) -> list[Block]:
    more = len(lines) - MOST
    rest = [blocks.context(library.say("match_review.more_groups", count=more))] if more > 0 else []
    return [*(blocks.section(line) for line in lines[:MOST]), *rest]


def _share(library: Library, one: Share) -> str:
    rate = one.matched / one.people
    return library.say(
        "match_review.share",
        name=_named(library, one.name),
        bar=_bar(rate),
        percent=round(100 * rate),
        count=one.people,
    )


def _mean(library: Library, one: Mean) -> str:
    score = match_words.score(one.score)
    name = _named(library, one.name)
    return library.say("match_review.mean", name=name, bar=_bar(one.score), score=score)


def _bar(share: float) -> str:
    full = round(LONGEST_BAR * share)
    return "▓" * full + "░" * (LONGEST_BAR - full)


def _named(library: Library, name: Name) -> str:
    if name is None:
        return library.say("match_review.other_groups")
    if isinstance(name, int):
        return library.say("match_review.level", level=name)
    return name or library.say("match_review.no_department")
