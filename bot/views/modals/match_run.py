"""A match run for the managers who may read its names: its pairs a page at a time, with what speaks
for each and against it (`match_run_cards`), those who are left over, and what managers hold it to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.views import blocks, match_asking, messages
from bot.views.blocks import Block
from models import Hold, LeftOver, MatchRun, MatchRunState, Person, Program, Proposal, Role
from prompts.library import Library, Mrkdwn

CALLBACK = "match_run"
TURN_PAGE = "review_page"
HOLD = "hold_pair"
ALLOW = "allow_pair"
MAKE = "make_pair"
RUN_AGAIN = "run_again"
FAIRNESS = "open_fairness"
DECISIONS = "open_decisions"
WEIGHTS = "open_weights"
CHECK = "check_match"
"""Action ids; handlers/actions has a file of each name. The value of `TURN_PAGE` is a page or what
is to be shown, of `HOLD` a verb and the two ("lock:12:34"), of `ALLOW` the two ("12:34"), of `MAKE`
those who are chosen already ("12:" for a mentor), of `DECISIONS` a run and a page, of `WEIGHTS` a
program, of the others a run."""

ON_A_PAGE = 10


class Listed(StrEnum):
    """What the pages list."""

    WEAKEST = "weakest"
    BEST = "best"
    LOCKED = "locked"
    LEFT_OVER = "left_over"
    NEVER = "never"


class Verb(StrEnum):
    """What a manager can do with a proposed pair."""

    LOCK = "lock"
    UNLOCK = "unlock"
    NEVER = "never"
    CHANGE_MENTOR = "change_mentor"
    CHANGE_MENTEE = "change_mentee"


@dataclass(frozen=True)
class Shown:
    """What is shown of a run, from the page of this number on, counted from 0."""

    run_id: int
    listed: Listed = Listed.WEAKEST
    page: int = 0

    def __str__(self) -> str:
        return f"{self.run_id}:{self.listed}:{self.page}"

    @classmethod
    def of(cls, text: str) -> "Shown":
        run_id, listed, page = text.split(":")
        return cls(int(run_id), Listed(listed), int(page))


@dataclass(frozen=True)
class Two:
    """A mentor and a mentee, with what is known of them: that they are proposed, or else only that
    a manager has locked them or keeps them apart."""

    mentor: Person
    mentee: Person
    about: Proposal | Hold


@dataclass(frozen=True)
class LeftAlone:
    person: Person
    why: LeftOver


@dataclass(frozen=True)
class Counts:
    """Of a whole run; `locked` and `never` are of its program."""

    pairs: int
    locked: int
    left_over: Mapping[Role, int]
    never: int

    def of(self, listed: Listed) -> int:
        if listed is Listed.LOCKED:
            return self.locked
        if listed is Listed.LEFT_OVER:
            return sum(self.left_over.values())
        return self.never if listed is Listed.NEVER else self.pairs


@dataclass(frozen=True)
class Review:
    """A page of a run. `under_way` is a newer run that is being worked out and will take the place
    of this one. `is_newer`: this run has taken the place of the one that was asked for."""

    shown: Shown
    program: Program
    run: MatchRun
    counts: Counts
    listed: Sequence[Two | LeftAlone]
    under_way: MatchRun | None = None
    is_newer: bool = False

    @property
    def pages(self) -> int:
        return -(-self.counts.of(self.shown.listed) // ON_A_PAGE)

    @property
    def may_change(self) -> bool:
        return self.run.state is MatchRunState.PROPOSED and self.under_way is None


def build(
    library: Library, review: Review, cards: Sequence[Sequence[Block]], note: str = ""
) -> Block:
    """`cards` are those of `review.listed`; `note` is what has just come of a press of one of the
    buttons."""
    nobody = [blocks.section(library.say(f"match_review.no_{review.shown.listed.value}"))]
    return blocks.modal(
        CALLBACK,
        title=library.label("match_review.title"),
        close=library.label("match_review.close"),
        metadata=str(review.shown),
        fields=[
            *_notes(library, review, note),
            blocks.section(_summary(library, review)),
            blocks.actions(*_buttons(library, review)),
            blocks.actions(_select(library, review)) | {"block_id": f"listed:{review.run.id}"},
            *([block for card in cards for block in card] or nobody),
            *(_paging(library, review) if review.pages > 1 else []),
        ],
    )


def read(view: Mapping[str, Any]) -> Shown:
    """What was shown when something in it was pressed."""
    return Shown.of(view["private_metadata"])


def read_two(value: str) -> tuple[int, int]:
    """A mentor's and a mentee's id."""
    mentor_id, mentee_id = value.split(":")
    return int(mentor_id), int(mentee_id)


def read_hold(value: str) -> tuple[Verb, int, int]:
    verb, _, two = value.partition(":")
    return Verb(verb), *read_two(two)


def _notes(library: Library, review: Review, note: str) -> list[Block]:
    """What is new, and why nothing can be changed where that is so."""
    name = review.program.name
    said = [note] if note else []
    if review.is_newer:
        said.append(library.say("match_review.is_newer"))
    if review.under_way is not None:
        progress = review.under_way.progress
        said.append(library.say("match_review.is_under_way", program=name, progress=progress))
    elif review.run.state is MatchRunState.ASKING:
        said.append(_asking(library, review.run))
    elif review.run.state is MatchRunState.PUBLISHED:
        said.append(library.say("match_review.is_published"))
    elif review.run.changes and review.shown.listed is Listed.LEFT_OVER:
        said.append(library.say("match_review.changed_since"))
    return [blocks.section(one) for one in said]


def _asking(library: Library, run: MatchRun) -> str:
    assert run.answer_by is not None, "whoever is asked is asked until some time"
    at = int(run.answer_by.timestamp())
    other = f"{messages.day(run.answer_by.date())}, {run.answer_by:%H:%M} UTC"
    until = Mrkdwn(f"<!date^{at}^{{date_long_pretty}}, {{time}}|{other}>")
    return library.say("match_review.is_asking", until=until)


def _select(library: Library, review: Review) -> Block:
    options = {
        one: blocks.option(one.value, library.label(f"match_review.list_{one.value}_option"))
        for one in Listed
    }
    return {
        "type": "static_select",
        "action_id": TURN_PAGE,
        "options": list(options.values()),
        "initial_option": options[review.shown.listed],
    }


def _summary(library: Library, review: Review) -> str:
    counts = review.counts
    alone = library.say("match_review.no_left_over")
    if counts.of(Listed.LEFT_OVER):
        mentors, mentees = (
            library.say(f"words.{role.value}s", count=counts.left_over.get(role, 0))
            for role in Role
        )
        alone = library.say("match_review.left_over", mentors=mentors, mentees=mentees)
    return " ".join(
        [
            library.say("match_review.summary", count=counts.pairs, program=review.program.name),
            *([library.say("match_review.locked", count=counts.locked)] if counts.locked else []),
            alone,
        ]
    )


def _buttons(library: Library, review: Review) -> list[Block]:
    label, run_id = library.label, str(review.run.id)
    to_change = [
        blocks.button(label("match_review.make_button"), MAKE, ":"),
        blocks.button(label("match_review.again_button"), RUN_AGAIN, run_id),
    ]
    look = blocks.button(label("match_review.look_button"), TURN_PAGE, str(review.shown.page))
    stop = match_asking.stop_button(library, review.run.id)
    check = blocks.button(label("match_review.check_button"), CHECK, run_id)
    return [
        *(to_change if review.may_change else []),
        *([look] if review.under_way else []),
        *([stop] if review.run.state is MatchRunState.ASKING else []),
        blocks.button(label("match_review.weights_button"), WEIGHTS, str(review.program.id)),
        blocks.button(label("match_review.fairness_button"), FAIRNESS, run_id),
        *([check] if review.run.state is MatchRunState.PROPOSED else []),
        blocks.button(label("match_review.decisions_button"), DECISIONS, f"{run_id}:0"),
    ]


def _paging(library: Library, review: Review) -> list[Block]:
    number, count = review.shown.page + 1, review.pages
    is_last = number == count
    key = "match_review.first_page_button" if is_last else "match_review.next_page_button"
    turn = blocks.button(library.label(key), TURN_PAGE, str(0 if is_last else number))
    place = library.say("match_review.page", number=number, count=count)
    return [blocks.divider(), blocks.context(place), blocks.actions(turn)]
