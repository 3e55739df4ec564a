"""Before two are kept apart for good: what that costs, and how long it lasts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.views import blocks, match_words, messages
from bot.views.blocks import Block
from bot.views.modals.match_run import Shown, read_two
from models import Person
from prompts.library import Library, Mrkdwn

CALLBACK = "never_pair"


@dataclass(frozen=True)
class Parted:
    """A pair of a run that would be taken apart: its score (0 to 1), whether it is locked, and who
    of the two would be without a partner."""

    mentor: Person
    mentee: Person
    score: float
    alone: Sequence[Person]
    locked: bool


def build(library: Library, shown: Shown, parted: Parted) -> Block:
    label, two = library.label, messages.two(parted.mentor, parted.mentee)
    said = [library.say("match_review.never_ask", **two)]
    if parted.locked:
        said.append(library.say("match_review.never_locked"))
    said.append(match_words.falls(library, parted.score))
    names = [messages.person(one.slack_user_id) for one in parted.alone]
    if names:
        people = Mrkdwn(", ".join(names))
        said.append(library.say("match_review.cost_alone", count=len(names), people=people))
    said.append(library.say("match_review.never_lasts"))
    return blocks.modal(
        CALLBACK,
        title=label("match_review.never_title"),
        submit=label("match_review.never_submit"),
        close=label("match_review.make_close"),
        metadata=f"{shown}|{parted.mentor.id}:{parted.mentee.id}",
        fields=[blocks.section("\n".join(said))],
    )


def read(view: Mapping[str, Any]) -> tuple[Shown, int, int]:
    """What the review shows below the form, and the mentor's and the mentee's id."""
    shown, _, two = view["private_metadata"].partition("|")
    return Shown.of(shown), *read_two(two)
