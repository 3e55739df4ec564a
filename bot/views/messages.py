"""The messages that leave through the outbox. Each has a golden file in the tests."""

from collections.abc import Sequence
from datetime import date

from bot.views import blocks
from bot.views.blocks import Block, Message
from models import Pair, Person, Program, ProgramState, Space
from prompts.library import Library, Mrkdwn, Prompt, Question

WE_MET = "we_met"
SET_GOAL = "set_goal"
PAIR_COMPLETED = "pair_completed"
PAIR_STOPS = "pair_stops"
JOIN = "join"
"""Action ids of buttons; handlers/actions has a file of each name."""


def person(slack_user_id: str | None) -> Mrkdwn:
    return Mrkdwn(blocks.mention(slack_user_id or ""))


def two(mentor: Person, mentee: Person) -> dict[str, Mrkdwn]:
    """The placeholders of a text that speaks to both."""
    return {"mentor": person(mentor.slack_user_id), "mentee": person(mentee.slack_user_id)}


def place(library: Library, program: Program, pair: Pair) -> str:
    """Where the two talk. A group message has no name that could be shown as a link."""
    if program.space is Space.GROUP_DM:
        return library.say("home.conversation")
    return Mrkdwn(f"<#{pair.channel_id}>")


def day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def topic_names(library: Library, topics: Sequence[str]) -> str:
    return ", ".join(library.topics[topic] for topic in topics if topic in library.topics)


def waiting(library: Library, program: Program) -> Message:
    return blocks.message(library.say("match.waiting", program=program.name))


def introduction(
    library: Library, program: Program, shared: Sequence[str], two: dict[str, Mrkdwn]
) -> Message:
    heading = library.label("pair.introduction_heading")
    topics = topic_names(library, shared) or library.label("pair.topics_open")
    welcome = library.say("pair.introduction", program=program.name, **two)
    return Message(
        text=welcome,
        blocks=[
            blocks.header(heading),
            blocks.section(welcome),
            blocks.section(
                library.say("pair.common_ground", purpose=program.purpose, topics=topics)
            ),
            blocks.section(library.say("pair.first_steps", **two)),
            blocks.section(library.say("pair.ground_rules")),
            blocks.context(library.say("pair.privacy")),
        ],
    )


def nudge(
    library: Library, pair: Pair, number: int, prompt: Prompt, two: dict[str, Mrkdwn]
) -> Message:
    text = prompt.say(**two)
    value = f"{pair.id}:{number}"
    return Message(
        text=text,
        blocks=[
            blocks.header(library.label("pair.nudge_heading")),
            blocks.section(text),
            blocks.actions(
                blocks.button(library.label("pair.met_button"), WE_MET, value, style="primary"),
                blocks.button(library.label("pair.goals_button"), SET_GOAL, str(pair.id)),
            ),
        ],
    )


def met(library: Library, text: str, original: Sequence[Block], held: int) -> Message:
    """A nudge after "We met": the thanks in the place of the buttons, for both to see."""
    return answered(text, original, library.say("pair.met", count=held))


def question(library: Library, asked: Question, two: dict[str, Mrkdwn]) -> Message:
    opens = {"mentor": ("mentor",), "mentee": ("mentee",), "both": ("mentor",)}[asked.opens]
    who = library.say(f"pair.question_opens_{asked.opens}", **{name: two[name] for name in opens})
    return Message(
        text=asked.text,
        blocks=[
            blocks.header(library.label("pair.question_heading")),
            blocks.section(f"*{asked.text}*"),
            blocks.section(who),
            blocks.context(library.say("pair.question_footer")),
        ],
    )


def reminder(library: Library, prompt: Prompt) -> Message:
    text = prompt.say()
    return Message(
        text=text,
        blocks=[
            blocks.header(library.label("pair.reminder_heading")),
            blocks.section(text),
            blocks.context(library.say("pair.reminder_footer")),
        ],
    )


def farewell(library: Library, program: Program, meetings: int, two: dict[str, Mrkdwn]) -> Message:
    heading = library.label("pair.farewell_heading")
    times = (
        library.say("pair.farewell_meetings", count=meetings)
        if meetings
        else library.say("pair.farewell_no_meeting")
    )
    return Message(
        text=heading,
        blocks=[
            blocks.header(heading),
            blocks.section(times),
            blocks.section(library.say("pair.farewell", program=program.name, **two)),
        ],
    )


def skipped(library: Library) -> Message:
    return blocks.message(library.say("pair.skipped"))


def pair_rests(library: Library, until: date | None) -> Message:
    """Never through whom: `until` is known where every reason for the break has its last day."""
    if until is None:
        return blocks.message(library.say("pair.rests"))
    return blocks.message(library.say("pair.rests_until", day=day(until)))


def pair_goes_on(library: Library) -> Message:
    return blocks.message(library.say("pair.goes_on"))


def pair_ended(library: Library, program: Program) -> Message:
    """To the one whose partner has left the program."""
    gone_on = program.state not in (ProgramState.CLOSING, ProgramState.CLOSED)
    next_ = library.say("pair.ended_next" if gone_on else "pair.ended_thanks")
    return blocks.message(library.say("pair.ended", program=program.name), next_)


def pair_farewell(library: Library) -> Message:
    """To the channel of a pair that one of the two has left."""
    return blocks.message(library.say("pair.ended_here"))


def pair_ended_early(library: Library, program: Program) -> Message:
    return blocks.message(library.say("pair.ended_early", program=program.name))


def pair_closing(library: Library, program: Program, two: dict[str, Mrkdwn]) -> Message:
    return blocks.message(
        library.say("pair.closing", program=program.name, **two), library.say("pair.closing_asked")
    )


def pair_closing_question(
    library: Library, program: Program, pair: Pair, partner: Person
) -> Message:
    """To each of the two alone: a mentor does not have to say no in front of their mentee."""
    who = person(partner.slack_user_id)
    return blocks.message(
        library.say("pair.closing_question", program=program.name, partner=who),
        library.say("pair.closing_private", partner=who),
        buttons=[
            blocks.button(
                library.label("pair.completed_button"),
                PAIR_COMPLETED,
                str(pair.id),
                style="primary",
            ),
            blocks.button(library.label("pair.stops_button"), PAIR_STOPS, str(pair.id)),
        ],
    )


def pair_closed(library: Library, text: str, original: Sequence[Block], completed: bool) -> Message:
    """What `pair_closing_question` asked, with the person's answer in the place of the buttons."""
    said = library.say("pair.closed_completed" if completed else "pair.closed_stopped")
    return answered(text, original, said)


def pair_paused(library: Library, program: Program) -> Message:
    return blocks.message(library.say("pair.paused", program=program.name))


def answered(text: str, original: Sequence[Block], said: str) -> Message:
    """A message whose buttons have been pressed: what came of it stands in their place."""
    kept = [block for block in original if block["type"] != "actions"]
    return Message(text=text, blocks=[*kept, blocks.context(said)])
