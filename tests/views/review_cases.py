"""A match run as its managers look at it, and what they decide there; see `cases`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.views import review_messages
from bot.views.blocks import Block, Message
from bot.views.modals import make_pair as make_form
from bot.views.modals import match_decisions as decisions_form
from bot.views.modals import match_fairness as fairness_form
from bot.views.modals import match_run as form
from bot.views.modals import match_run_cards as cards
from bot.views.modals import never_pair as never_form
from bot.views.modals.make_pair import Cost
from bot.views.modals.match_decisions import Decided, Decisions
from bot.views.modals.match_fairness import Fairness, Groups, Mean, Share
from bot.views.modals.match_run import Counts, LeftAlone, Listed, Review, Shown, Two
from bot.views.modals.never_pair import Parted
from models import (
    Decision,
    DecisionKind,
    Hold,
    HoldKind,
    LeftOver,
    MatchRun,
    MatchRunState,
    Person,
    Proposal,
    Role,
)
from models.match_run import Point

if TYPE_CHECKING:
    from tests.views.cases import Set

TOPICS = ["digital-tools", "social-media"]
AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
LONGEST_NAME = 100


def message_cases(given: Set) -> dict[str, Message]:
    return {
        "approvals_again": review_messages.approvals_again(
            given.library, given.program, given.mentee
        )
    }


def view_cases(given: Set) -> dict[str, Block]:
    return _reviews(given) | _pairs_by_hand(given) | _decisions(given) | _fairness(given)


def _reviews(given: Set) -> dict[str, Block]:
    library = given.library
    pairs = [
        _pair(given, 1),
        _pair(given, 2, locked=True, to_know=None),
        _pair(given, 3, locked=True, by_hand=True),
    ]
    taken_apart = {"key": "set_free", "values": {}}
    alone = [_left_over(1, "all_taken"), _left_over(2, "set_free", taken_apart)]
    asked = {"key": "goes_on_waiting", "values": {}}
    never = [Two(given.mentor, given.mentee, Hold(kind=HoldKind.FORBIDDEN))]
    locked = [Two(given.mentor, given.mentee, Hold(kind=HoldKind.LOCKED)), pairs[1]]
    newer = _review(given, pairs, 3, is_newer=True)
    another = MatchRun(id=5, state=MatchRunState.REQUESTED, progress=40)
    return {
        "review": _built(given, pairs, 3),
        "review_first_page": _built(given, [_pair(given, n) for n in range(10)], 31),
        "review_last_page": _built(given, pairs, 33, page=3),
        "review_of_nobody": _built(given, [], 0),
        "review_none_locked": _built(given, [], 0, Listed.LOCKED),
        "review_locked": _built(given, locked, 2, Listed.LOCKED),
        "review_left_over": _built(given, alone[:1], 12, Listed.LEFT_OVER),
        "review_left_over_by_hand": _built(given, alone, 12, Listed.LEFT_OVER, changes=2),
        "review_left_over_after_asking": _built(
            given,
            [_left_over(1, "asked_in_vain", asked)],
            1,
            Listed.LEFT_OVER,
            state=MatchRunState.PUBLISHED,
        ),
        "review_never": _built(given, never, 1, Listed.NEVER),
        "review_published": _built(given, pairs, 3, state=MatchRunState.PUBLISHED),
        "review_asking": _built(given, pairs, 3, state=MatchRunState.ASKING),
        "review_under_way": _built(given, pairs, 3, under_way=another),
        "review_newer": form.build(library, newer, cards.build(library, newer)),
        "review_checking": form.build(
            library, newer, cards.build(library, newer), library.say("match_review.checking")
        ),
    }


def _built(
    given: Set, listed: Sequence[Two | LeftAlone], total: int, *values: Any, **more: Any
) -> Block:
    review = _review(given, listed, total, *values, **more)
    return form.build(given.library, review, cards.build(given.library, review))


def _review(
    given: Set,
    listed: Sequence[Two | LeftAlone],
    total: int,
    what: Listed = Listed.WEAKEST,
    page: int = 0,
    state: MatchRunState = MatchRunState.PROPOSED,
    changes: int = 0,
    **more: Any,
) -> Review:
    left_over = {Role.MENTOR: total} if what is Listed.LEFT_OVER else {Role.MENTEE: 1}
    locked = total if what is Listed.LOCKED else min(2, total)
    return Review(
        shown=Shown(4, what, page),
        program=given.program,
        run=MatchRun(id=4, program_id=3, state=state, changes=changes, answer_by=AT),
        counts=Counts(total, locked, left_over, total),
        listed=listed,
        **more,
    )


def _pair(given: Set, number: int, **values: Any) -> Two:
    words = given.style.words
    names = {"mentor": words("Sales", LONGEST_NAME), "mentee": words("Care", LONGEST_NAME)}
    reasons = [
        {"key": "topics_shared", "values": {"topics": TOPICS[:1], "wanted": 2}},
        {"key": "departments_differ", "values": names},
        {"key": "levels_apart", "values": {"levels": 4}},
    ]
    known = {"key": "topics_missing", "values": {"topics": TOPICS[1:]}}
    about = {"locked": False, "by_hand": False, "to_know": known, **values}
    found = Proposal(score=0.3 + number / 50, reasons=reasons, shared_topics=TOPICS[:1], **about)
    return Two(_person(10 + number), _person(50 + number), found)


def _left_over(number: int, key: str, help_: Point | None = None) -> LeftAlone:
    help_ = help_ or {"key": "mentees_needed", "values": {"level": 3, "topics": TOPICS}}
    reason = {"key": key, "values": {"people": 4}}
    return LeftAlone(_person(number), LeftOver(role=Role.MENTOR, reason=reason, help=help_))


def _person(number: int) -> Person:
    return Person(id=number, name=f"Person {number}", slack_user_id=f"U{number:07d}")


def _pairs_by_hand(given: Set) -> dict[str, Block]:
    library, shown, two = given.library, Shown(4), (given.mentor, given.mentee)
    swapped = (_person(21), _person(22))

    def cost(lost: float, alone: Sequence[Person], swapped: Any = None) -> Cost:
        return Cost(*two, 0.41, lost, 3, [71], alone, swapped)

    costs = {
        "falls": cost(0.2, [_person(20)]),
        "rises": cost(-0.41, []),
        "same": cost(0.04, [_person(20), _person(21)]),
        "swaps": cost(0.2, [], swapped),
    }
    parted = Parted(*two, 0.41, [_person(20)], locked=False)
    locked = Parted(*two, 0.41, [], locked=True)
    return {
        "never_pair": never_form.build(library, shown, parted),
        "never_pair_locked": never_form.build(library, shown, locked),
        "make_pair": make_form.build(library, shown),
        "make_pair_of_one": make_form.build(library, shown, given.mentor),
        **{
            f"make_pair_{name}": make_form.build(library, shown, *two, cost)
            for name, cost in costs.items()
        },
    }


def _decisions(given: Set) -> dict[str, Block]:
    def decided(kind: DecisionKind, *two: Person, who: Person | None = given.mentee) -> Decided:
        both = two or (None, None)
        return Decided(Decision(kind=kind, decided_at=AT), who, *both)

    pair = (given.mentor, given.mentee)
    single = (DecisionKind.REQUESTED, DecisionKind.WEIGHED, DecisionKind.APPROVED)
    every = [decided(kind, *(() if kind in single else pair)) for kind in DecisionKind]
    by_app = decided(DecisionKind.REQUESTED, who=None)

    def page(listed: Sequence[Decided], number: int, total: int) -> Block:
        found = Decisions(given.program, 4, number, total, listed)
        return decisions_form.build(given.library, found)

    return {
        "decisions": page([*every, by_app], 0, 10),
        "decisions_none": page([], 0, 0),
        "decisions_first_page": page(every[:1] * decisions_form.ON_A_PAGE, 0, 45),
        "decisions_last_page": page(every[:5], 2, 45),
    }


def _fairness(given: Set) -> dict[str, Block]:
    words = given.style.words
    names = [words(name, LONGEST_NAME) for name in ("Sales", "Care")]
    departments = Groups(
        [Share(names[0], 40, 30), Share(names[1], 12, 12), Share("", 7, 0), Share(None, 9, 3)],
        [Mean(names[0], 0.62), Mean(None, 0.405)],
    )
    levels = Groups([Share(1, 30, 20), Share(None, 38, 25)], [])
    many = Groups(
        [Share(names[0], 40, 30)] * (fairness_form.MOST + 2),
        [Mean(names[1], 0.5)] * (fairness_form.MOST + 1),
    )
    nothing = Groups([], [])
    program = given.program
    return {
        "fairness_working": fairness_form.waiting(given.library),
        "fairness": fairness_form.build(given.library, Fairness(program, 5, departments, levels)),
        "fairness_of_many": fairness_form.build(given.library, Fairness(program, 5, many, many)),
        "fairness_of_few": fairness_form.build(
            given.library, Fairness(program, 5, nothing, nothing)
        ),
    }
