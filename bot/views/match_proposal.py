"""A match run, shown to the program manager who asked for it."""

from collections.abc import Mapping, Sequence

from bot.views import blocks, messages
from bot.views.blocks import Block, Message
from models import Person, Program, Proposal
from prompts.library import Library, Mrkdwn

PUBLISH = "publish_match"
SHOWN_PAIRS = 15
"""So that the message stays within Slack's 50 blocks and a screen or two."""


def proposal(
    library: Library,
    program: Program,
    best: Sequence[Proposal],
    people: Mapping[int, Person],
    sides: tuple[int, int],
) -> Message:
    """`best` are the run's proposals, the highest score first; `sides` the mentors and mentees who
    were waiting."""
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
    return Message(
        text=summary,
        blocks=[
            blocks.header(heading),
            blocks.section(summary),
            *(blocks.section(line) for line in lines),
            blocks.section(left),
            blocks.context(library.say("match.rules")),
            blocks.context(library.say("match.not_published")),
            blocks.actions(_publish_button(library, best[0].match_run_id)),
        ],
    )


def published(library: Library, publisher: Person, count: int) -> Message:
    who = messages.person(publisher.slack_user_id)
    return blocks.message(library.say("match.published", publisher=who, count=count))


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


def _publish_button(library: Library, run_id: int) -> Block:
    label = library.label
    return blocks.button(
        label("match.publish_button"),
        PUBLISH,
        str(run_id),
        style="primary",
        confirm=blocks.confirm(
            label("match.publish_confirm_title"),
            label("match.publish_confirm"),
            label("match.publish_confirm_button"),
            label("match.publish_back_confirm_button"),
        ),
    )
