"""The form with which a manager makes a pair by hand. The first submission says what it would cost,
the second makes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.views import blocks, match_words, messages
from bot.views.blocks import Block
from bot.views.modals.match_run import Shown
from models import Person
from prompts.library import Library, Mrkdwn

CALLBACK = "make_pair"


@dataclass(frozen=True)
class Cost:
    """What a run would lose and gain by a pair. `lost` is the sum of its scores that is gone then
    (below 0 where it grows), `gone` are the proposals that make room for it, `alone` are those who
    would be without a partner, `swapped` the two set free who would be a pair instead. `changes` is
    how often the run had been changed before."""

    mentor: Person
    mentee: Person
    score: float
    lost: float
    changes: int
    gone: Sequence[int]
    alone: Sequence[Person]
    swapped: tuple[Person, Person] | None

    def __str__(self) -> str:
        """Another cost of the same two is another text. It goes to the manager's own machine, and
        so says no more than the form does."""
        swapped = "-".join(str(one.id) for one in self.swapped or ())
        alone, gone = (_listed(ids) for ids in ([one.id for one in self.alone], self.gone))
        steps = f"{match_words.steps(self.score)}:{match_words.steps(self.lost)}"
        two = f"{self.mentor.id}:{self.mentee.id}"
        return f"{two}:{self.changes}:{gone}:{steps}:{alone}:{swapped}"


@dataclass(frozen=True)
class Chosen:
    """What was submitted: `shown` is what the review shows below the form, `told` the cost that
    the form spoke of, as text."""

    shown: Shown
    mentor: str
    mentee: str
    told: str


def build(
    library: Library,
    shown: Shown,
    mentor: Person | None = None,
    mentee: Person | None = None,
    cost: Cost | None = None,
) -> Block:
    label = library.label
    return blocks.modal(
        CALLBACK,
        title=label("match_review.make_title"),
        submit=label("match_review.make_submit" if cost else "match_review.cost_submit"),
        close=label("match_review.make_close"),
        metadata=f"{shown}|{cost or ''}",
        fields=[
            blocks.section(_costs(library, cost) if cost else library.say("match_review.make")),
            *(
                blocks.field(block_id, label(f"match_review.{block_id}_label"), _picker(one))
                for block_id, one in (("mentor", mentor), ("mentee", mentee))
            ),
        ],
    )


def read(view: Mapping[str, Any]) -> Chosen:
    shown, _, told = view["private_metadata"].partition("|")
    values = view["state"]["values"]
    mentor, mentee = (blocks.text_of(values, block_id) for block_id in ("mentor", "mentee"))
    return Chosen(Shown.of(shown), mentor, mentee, told)


def _picker(one: Person | None) -> Block:
    chosen = {"initial_user": one.slack_user_id} if one is not None and one.slack_user_id else {}
    return {"type": "users_select", **chosen}


def _costs(library: Library, cost: Cost) -> str:
    score = match_words.steps(cost.score)
    said = [
        library.say(
            "match_review.cost_pair", score=score, **messages.two(cost.mentor, cost.mentee)
        ),
        match_words.falls(library, cost.lost),
    ]
    if cost.swapped:
        said.append(library.say("match_review.cost_swap", **messages.two(*cost.swapped)))
    names = [messages.person(one.slack_user_id) for one in cost.alone]
    if names:
        without = Mrkdwn(", ".join(names))
        said.append(library.say("match_review.cost_alone", count=len(names), people=without))
    return "\n".join(said)


def _listed(ids: Sequence[int]) -> str:
    return ",".join(str(one) for one in ids)
