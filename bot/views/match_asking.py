"""What people are asked, and told, before the pairs they are in are published."""

from collections.abc import Sequence
from datetime import date

from bot.views import blocks, messages
from bot.views.blocks import Block, Message
from models import Person, Program, Proposal
from prompts.library import Library, Mrkdwn

ACCEPT = "accept_match"
DECLINE = "decline_match"
"""Action ids; the value of both buttons is the proposal's id."""
STOP = "stop_asking"
"""An action id; the value of the button is the run's id."""
OVER = "asking_over"


def question(
    library: Library,
    program: Program,
    proposal: Proposal,
    person: Person,
    partner: Person,
    answer_by: date,
) -> Message:
    """To one of the two, about the other."""
    role = "mentor" if person.id == proposal.mentor_id else "mentee"
    who = messages.person(partner.slack_user_id)
    said = library.say(f"match_asking.question_{role}", program=program.name, partner=who)
    facts = [text for text in (partner.title, partner.department) if text]
    about = [
        library.say("match_asking.works_as", partner=who, work=", ".join(facts)) if facts else "",
        _shared(library, proposal.shared_topics),
    ]
    private = library.say("match_asking.private", partner=who, day=messages.day(answer_by))
    return Message(
        text=said,
        blocks=[
            blocks.section(said),
            blocks.section("\n".join(text for text in about if text)),
            blocks.context(private),
            blocks.actions(
                blocks.button(
                    library.label("match_asking.accept_button"),
                    ACCEPT,
                    str(proposal.id),
                    style="primary",
                ),
                blocks.button(
                    library.label("match_asking.decline_button"), DECLINE, str(proposal.id)
                ),
            ),
        ],
    )


def begun(library: Library, count: int) -> Message:
    """To the admin channel, with the last approval."""
    return blocks.message(library.say("match_asking.begun", count=count))


def answered(library: Library, text: str, original: Sequence[Block], *, yes: bool) -> Message:
    """What `question` asked, with the person's answer in the place of the buttons."""
    said = library.say("match_asking.said_yes" if yes else "match_asking.said_no")
    return messages.answered(text, original, said)


def not_this_time(library: Library, program: Program) -> Message:
    """To everybody who was asked and has no partner: the same words, whatever anybody said."""
    return blocks.message(library.say("match_asking.not_this_time", program=program.name))


def left_in_peace(library: Library, program: Program) -> Message:
    """To somebody whom this match left out, as they were asked often and no pair came of it."""
    return blocks.message(library.say("match_asking.left_in_peace", program=program.name))


def stop_button(library: Library, run_id: int) -> Block:
    """For managers, who need not wait for the end of the time."""
    label = library.label
    return blocks.button(
        label("match_asking.stop_button"),
        STOP,
        str(run_id),
        confirm=blocks.confirm(
            label("match_asking.stop_confirm_title"),
            label("match_asking.stop_confirm"),
            label("match_asking.stop_confirm_button"),
            label("match_asking.back_confirm_button"),
        ),
    )


def concluded(
    library: Library, program: Program, count: int, stopped_by: Person | None = None
) -> Message:
    """To the admin channel, once all have said yes, the time is over, or a manager ends it."""
    if stopped_by is None:
        ended = library.say("match_asking.ended", program=program.name)
    else:
        who = messages.person(stopped_by.slack_user_id)
        ended = library.say("match_asking.stopped", program=program.name, who=who)
    if not count:
        return blocks.message(library.say("match_asking.concluded_none", ended=Mrkdwn(ended)))
    said = library.say("match_asking.concluded", count=count, ended=Mrkdwn(ended))
    return blocks.message(said)


def over(library: Library, said: Message) -> Block:
    """To the manager who has just ended it, with what they read in the admin channel, too."""
    return blocks.modal(
        OVER,
        title=library.label("match_asking.over_title"),
        close=library.label("match_asking.over_close"),
        fields=[blocks.section(said.text)],
    )


def refused(library: Library, program: Program, why: str) -> Message:
    """To whoever asked for a match that nothing has come of."""
    return blocks.message(library.say("match_asking.refused", program=program.name), why)


def _shared(library: Library, topics: Sequence[str]) -> str:
    if names := messages.topic_names(library, topics):
        return library.say("match_asking.shared", topics=names)
    return library.say("match_asking.nothing_shared")
