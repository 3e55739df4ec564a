"""A match run, shown to the program manager who asked for it."""

from collections.abc import Mapping, Sequence

from bot.views import blocks, lesson_messages, messages
from bot.views.blocks import Block, Message
from models import Enrollment, Pair, Person, Program, Proposal
from prompts.library import Library, Mrkdwn

PUBLISH = "publish_match"
NOT_READY = ("undecided", "waitlisted", "lesson", "paused", "skipping")
"""Why somebody who has joined cannot be in a match, in the order in which it is said."""
SHOWN_PAIRS = 15
"""So that the message stays within Slack's 50 blocks and a screen or two."""


def proposal(
    library: Library,
    program: Program,
    best: Sequence[Proposal],
    people: Mapping[int, Person],
    sides: tuple[int, int],
    not_ready: Mapping[str, int],
    *,
    without_runner: bool = False,
) -> Message:
    """`best` are the run's proposals, the highest score first; `sides` the mentors and mentees who
    were waiting; `not_ready` how many more could not be in it, by reason. `without_runner`: the
    manager who runs it takes part, and is not in it."""
    mentors, mentees = sides
    count = len(best)
    heading = library.label("match.heading", program=program.name)
    summary = library.say(
        "match.summary",
        count=count,
        mentors=library.say("words.mentors", count=mentors),
        mentees=library.say("words.mentees", count=mentees),
    )
    lines = [_line(library, found, people) for found in best[:SHOWN_PAIRS]]
    if count > SHOWN_PAIRS:
        lines.append(library.say("match.more_pairs", count=count - SHOWN_PAIRS))
    left = _left_over(library, mentors - count, mentees - count)
    missing = _hindrances(library, not_ready)
    return Message(
        text=summary,
        blocks=[
            blocks.header(heading),
            blocks.section(summary),
            *(blocks.section(line) for line in lines),
            blocks.section(left),
            *([blocks.section("\n".join(missing))] if missing else []),
            *([blocks.context(library.say("match.without_runner"))] if without_runner else []),
            blocks.context(library.say("match.rules")),
            blocks.context(_what_next(library, program)),
            blocks.actions(_publish_button(library, program, best[0].match_run_id)),
        ],
    )


def sent(library: Library, shown_to: int) -> Message:
    """To whoever has run a match that several approve."""
    return blocks.message(library.say("match.sent", count=shown_to))


def outcome(
    library: Library, approver: Person, approvals: int, needed: int, made: Sequence[Pair] | None
) -> Message:
    """What a manager's approval has led to, without a name or topic of those concerned."""
    if made is not None:
        return published(library, approver, len(made))
    who = messages.person(approver.slack_user_id)
    said = library.say("match.approved", approver=who, approvals=approvals, needed=needed)
    return blocks.message(said)


def published(library: Library, publisher: Person, count: int) -> Message:
    who = messages.person(publisher.slack_user_id)
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


def _line(library: Library, found: Proposal, people: Mapping[int, Person]) -> str:
    return library.say(
        "match.pair_line",
        mentor=messages.person(people[found.mentor_id].slack_user_id),
        mentee=messages.person(people[found.mentee_id].slack_user_id),
        reasons=Mrkdwn(_reasons(library, found)),
    )


def _reasons(library: Library, found: Proposal) -> str:
    topics = messages.topic_names(library, found.shared_topics)
    values = {"topics": {"topics": topics}}
    said = [
        library.say(f"match.reason_{reason}", **values.get(reason, {})) for reason in found.reasons
    ]
    return ", ".join(said) or library.say("match.reason_none")


def _left_over(library: Library, mentors: int, mentees: int) -> str:
    lines = [
        library.say(f"match.unmatched_{side}", count=count)
        for side, count in (("mentors", mentors), ("mentees", mentees))
        if count
    ]
    return "\n".join(lines) or library.say("match.everyone_matched")


def _what_next(library: Library, program: Program) -> str:
    if program.approvals_needed > 1:
        return library.say("match.not_approved", count=program.approvals_needed)
    return library.say("match.not_published")


def _publish_button(library: Library, program: Program, run_id: int) -> Block:
    label = library.label
    wanted = "approve" if program.approvals_needed > 1 else "publish"
    return blocks.button(
        label(f"match.{wanted}_button"),
        PUBLISH,
        str(run_id),
        style="primary",
        confirm=blocks.confirm(
            label(f"match.{wanted}_confirm_title"),
            label(f"match.{wanted}_confirm"),
            label(f"match.{wanted}_confirm_button"),
            label("match.back_confirm_button"),
        ),
    )
