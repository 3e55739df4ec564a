"""A match run, as the admin channel hears of it: figures only, because others read there too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from bot.views import blocks, lesson_messages, match_asking, match_words, messages
from bot.views.blocks import Block, Message
from models import Enrollment, MatchRun, MatchRunState, Pair, Person, Program, Role
from prompts.library import Library, Mrkdwn

PUBLISH = "publish_match"
REVIEW = "review_match"
"""Action ids; the value of `REVIEW` is the run's id, of `PUBLISH` also how often managers had
changed the run when it was shown ("12:3")."""
NOT_READY = ("undecided", "waitlisted", "lesson", "paused", "skipping")
"""Why somebody who has joined cannot be in a match, in the order in which it is said."""
CLASS = 10
"""So many scores from 0 to 100 go into a bar of the chart, and 100 into the last one."""
FEWEST = 5
"""A wish for a topic is said only where it is that of so many people: others read the channel."""


@dataclass(frozen=True)
class RunFacts:
    """What is said of a run that has been worked out. `scores` has one of each pair, 0 to 1;
    `locked` is how many of the pairs managers have locked, `skipped` how many locked ones may not
    be any more. `left_over` are those without a partner, `wishes` what would help them, the
    strongest first; `not_ready` how many more could not be in the match, by reason.
    `without_runner`: a manager who decides on it takes part, and is not in it. `approvers` have
    said yes to it, the first one first; `asked` people were asked for theirs, and of those pairs
    `made` came about."""

    program: Program
    run: MatchRun
    scores: Sequence[float]
    locked: int = 0
    skipped: int = 0
    left_over: Mapping[Role, int] = field(default_factory=dict)
    wishes: Sequence[match_words.Wish] = ()
    not_ready: Mapping[str, int] = field(default_factory=dict)
    without_runner: bool = False
    approvers: Sequence[Person] = ()
    asked: int = 0
    made: int = 0


def requested(
    library: Library, program: Program, mentors: int, mentees: int, *, without_runner: bool = False
) -> Message:
    """To the manager who has just asked for a match. `without_runner`: they take part in the
    program, and are not in the match."""
    said = library.say(
        "match.requested",
        mentors=library.say("words.mentors", count=mentors),
        mentees=library.say("words.mentees", count=mentees),
        channel=Mrkdwn(f"<#{program.admin_channel_id}>"),
    )
    alone = [library.say("match.requested_without_you")] if without_runner else []
    return blocks.message(said, *alone)


def summary(library: Library, facts: RunFacts) -> Message:
    """As the run is now. Without blocks it can be read as well: its text has the figures that the
    chart shows."""
    run, program = facts.run, facts.program
    if run.state is MatchRunState.DROPPED and run.answer_by is None:
        return blocks.message(library.say("match.replaced", program=program.name))
    said = library.say(
        "match.summary",
        count=len(facts.scores),
        mentors=library.say("words.mentors", count=run.mentors),
        mentees=library.say("words.mentees", count=run.mentees),
    )
    spread = [_spread(library, facts.scores)] if facts.scores else []
    kept = _locks(library, facts)
    missing = _hindrances(library, facts.not_ready)
    return Message(
        text=" ".join([said, *spread]),
        blocks=[
            blocks.header(library.label("match.heading", program=program.name)),
            blocks.section(said),
            blocks.section(_verdict(library, facts)),
            *([chart(library, facts.scores)] if spread else []),
            *(blocks.section(text) for text in spread),
            *([blocks.section("\n".join(kept))] if kept else []),
            blocks.section("\n".join(_left_over(library, facts))),
            *([blocks.section("\n".join(missing))] if missing else []),
            *_end(library, facts),
        ],
    )


def read(value: str) -> tuple[int, int]:
    """Of `PUBLISH`: the run, and how often it had been changed when the button was shown."""
    run_id, _, changes = value.partition(":")
    return int(run_id), int(changes or 0)


def chart(library: Library, scores: Sequence[float]) -> Block:
    """How many pairs have which score."""
    found = [min(match_words.score(score) // CLASS, 9) for score in scores]
    bars = [
        (f"{CLASS * number}–{100 if number == 9 else CLASS * number + 9}", found.count(number))
        for number in range(10)
    ]
    return blocks.bar_chart(
        library.label("match.chart_title"),
        library.label("match.chart_pairs"),
        bars,
        x_label=library.label("match.chart_score"),
        y_label=library.label("match.chart_pairs"),
    )


def outcome(
    library: Library, approver: Person, approvals: int, needed: int, made: Sequence[Pair] | None
) -> Message:
    """What a manager's approval has led to, without a name or topic of those concerned."""
    if made is not None:
        return published(library, approver, len(made))
    who = messages.person(approver.slack_user_id)
    said = library.say("match.approved", approver=who, approvals=approvals, needed=needed)
    return blocks.message(said)


def published(library: Library, publisher: Person | None, count: int) -> Message:
    """`publisher` is None where they are not known any more."""
    who = messages.person(publisher.slack_user_id if publisher else None)
    return blocks.message(library.say("match.published", publisher=who, count=count))


def why_nobody(library: Library, not_ready: Mapping[str, int], else_: str) -> Mrkdwn:
    """What keeps those out of a match who could be in it; without any, what is said `else_`."""
    return Mrkdwn(" ".join(_hindrances(library, not_ready)) or else_)


def left_out(library: Library, program: Program, enrolled: Enrollment, reason: str) -> Message:
    """To somebody who could not be in the match that was just published, with what is missing."""
    said = library.say(f"match.left_out_{reason}", program=program.name)
    buttons = [lesson_messages.begin(library, enrolled)] if reason == "lesson" else []
    return blocks.message(said, buttons=buttons)


def _hindrances(library: Library, not_ready: Mapping[str, int]) -> list[str]:
    return [
        library.say(f"match.not_ready_{reason}", count=not_ready[reason])
        for reason in NOT_READY
        if reason in not_ready
    ]


def _spread(library: Library, scores: Sequence[float]) -> str:
    shown = sorted(map(match_words.score, scores))
    if len(shown) == 1:
        return library.say("match.spread_of_one", most=shown[0])
    half = int(median(shown))
    return library.say("match.spread", least=shown[0], most=shown[-1], half=half)


def _locks(library: Library, facts: RunFacts) -> list[str]:
    counted = (("locked", facts.locked), ("skipped", facts.skipped))
    return [library.say(f"match.pairs_{what}", count=count) for what, count in counted if count]


def _left_over(library: Library, facts: RunFacts) -> list[str]:
    """With the strongest wish that the library has words for, and that may be said to all."""
    lines = [
        library.say(f"match.unmatched_{role}", count=facts.left_over[role])
        for role in Role
        if facts.left_over.get(role)
    ]
    open_ = library.topics.keys() - library.identity_topics
    known = (one for one in facts.wishes if one.topic in open_ and one.people >= FEWEST)
    lines += [match_words.wish(library, wish) for wish in list(known)[:1]]
    return lines or [library.say("match.everyone_matched")]


def _verdict(library: Library, facts: RunFacts) -> str:
    """What the proof says is true of the pairs as they were worked out."""
    if facts.run.changes:
        return library.say("match.verdict_changed", count=facts.run.changes)
    return match_words.verdict(library, facts.run.verdict, locked=facts.locked)


def _end(library: Library, facts: RunFacts) -> list[Block]:
    """What is to be done, or what has been."""
    run, program = facts.run, facts.program
    if run.state is MatchRunState.PROPOSED:
        return _what_next(library, facts)
    rules = blocks.context(library.say("match.rules"))
    if run.state is MatchRunState.ASKING:
        begun = match_asking.begun(library, facts.asked).blocks
        return [rules, *begun, blocks.actions(_review_button(library, run))]
    if run.answer_by is not None:
        return [rules, *match_asking.concluded(library, program, facts.made).blocks]
    publisher = facts.approvers[-1] if facts.approvers else None
    return [rules, *published(library, publisher, len(facts.scores)).blocks]


def _what_next(library: Library, facts: RunFacts) -> list[Block]:
    run, program = facts.run, facts.program
    by_app = run.requested_by_id is None
    next_ = "asked" if program.asks_participants else "published"
    without = "managers" if by_app else "runner"
    quiet = [
        *([library.say("match.asked_by_app")] if by_app else []),
        *([library.say(f"match.without_{without}")] if facts.without_runner else []),
        library.say("match.rules"),
        *_approved(library, facts),
        library.say("match.not_approved", count=run.approvals_needed)
        if run.approvals_needed > 1
        else library.say(f"match.not_{next_}"),
    ]
    publish = [_publish_button(library, program, run)] if facts.scores else []
    return [
        *(blocks.context(text) for text in quiet),
        blocks.actions(_review_button(library, run), *publish),
    ]


def _approved(library: Library, facts: RunFacts) -> list[str]:
    return [
        library.say(
            "match.approved",
            approver=messages.person(one.slack_user_id),
            approvals=number,
            needed=facts.run.approvals_needed,
        )
        for number, one in enumerate(facts.approvers, start=1)
    ]


def _review_button(library: Library, run: MatchRun) -> Block:
    return blocks.button(library.label("match.review_button"), REVIEW, str(run.id))


def _publish_button(library: Library, program: Program, run: MatchRun) -> Block:
    label = library.label
    asks, several = program.asks_participants, run.approvals_needed > 1
    wanted = "approve" if several else "ask" if asks else "publish"
    return blocks.button(
        label(f"match.{wanted}_button"),
        PUBLISH,
        f"{run.id}:{run.changes or 0}",
        style="primary",
        confirm=blocks.confirm(
            label(f"match.{wanted}_confirm_title"),
            label("match.approve_ask_confirm" if asks and several else f"match.{wanted}_confirm"),
            label(f"match.{wanted}_confirm_button"),
            label("match.back_confirm_button"),
        ),
    )
