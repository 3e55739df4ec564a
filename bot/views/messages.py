"""The messages that leave through the outbox. Each has a golden file in the tests."""

from collections.abc import Sequence
from datetime import date

from bot.views import blocks
from bot.views.blocks import Block, Message
from bot.views.modals.goal import PARTS, NewGoal
from models import Pair, Person, Program, Role
from prompts.library import Library, Mrkdwn, Prompt, Question

WE_MET = "we_met"
SET_GOAL = "set_goal"
JOIN = "join"
"""Action ids of buttons; handlers/actions has a file of each name."""


def person(slack_user_id: str | None) -> Mrkdwn:
    return Mrkdwn(blocks.mention(slack_user_id or ""))


def two(mentor: Person, mentee: Person) -> dict[str, Mrkdwn]:
    """The placeholders of a text that speaks to both."""
    return {"mentor": person(mentor.slack_user_id), "mentee": person(mentee.slack_user_id)}


def day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def topic_names(library: Library, topics: Sequence[str]) -> str:
    return ", ".join(library.topics[topic] for topic in topics if topic in library.topics)


def announcement(library: Library, program: Program) -> Message:
    key = "program.announcement_heading"
    join = blocks.button(library.label("program.join_button"), JOIN, str(program.id))
    return Message(
        text=library.say(key, program=program.name),
        blocks=[
            blocks.header(library.label(key, program=program.name)),
            blocks.section(library.say("program.announcement_purpose", purpose=program.purpose)),
            blocks.section(library.say("program.announcement", weeks=program.weeks)),
            blocks.actions(join),
        ],
    )


def joined(library: Library, program: Program, role: Role, topics: Sequence[str]) -> Message:
    key = f"join.confirmed_{role.value}"
    names = topic_names(library, topics)
    return blocks.message(library.say(key, program=program.name, topics=names))


def topics_updated(library: Library, program: Program, topics: Sequence[str]) -> Message:
    names = topic_names(library, topics)
    return blocks.message(library.say("join.updated", program=program.name, topics=names))


def program_created(library: Library, program: Program) -> Message:
    created = library.say(
        "program.created",
        program=program.name,
        start=day(program.starts_on),
        weeks=program.weeks,
        channel=Mrkdwn(f"<#{program.admin_channel_id}>"),
    )
    return blocks.message(created, library.say("program.next_steps"))


def waiting(library: Library, program: Program) -> Message:
    return blocks.message(library.say("match.waiting", program=program.name))


def introduction(library: Library, program: Program, pair: Pair, two: dict[str, Mrkdwn]) -> Message:
    heading = library.label("pair.introduction_heading")
    topics = topic_names(library, pair.topics) or library.label("pair.topics_open")
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
    thanks = blocks.context(library.say("pair.met", count=held))
    kept = [block for block in original if block["type"] != "actions"]
    return Message(text=text, blocks=[*kept, thanks])


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


def pair_paused(library: Library, program: Program) -> Message:
    return blocks.message(library.say("pair.paused", program=program.name))


def pair_needs_decision(
    library: Library, program: Program, mentor: Person, mentee: Person
) -> Message:
    return blocks.message(
        library.say(
            "pair.needs_decision",
            program=program.name,
            **two(mentor, mentee),
        )
    )


def space_failed(library: Library, program: Program, mentor: Person, mentee: Person) -> Message:
    return blocks.message(
        library.say(
            "pair.space_failed",
            program=program.name,
            **two(mentor, mentee),
        )
    )


def goal(library: Library, wanted: NewGoal, author: Person, partner: Person) -> Message:
    heading = library.say("goals.posted_heading", author=person(author.slack_user_id))
    footer = library.say(
        "goals.posted_footer",
        author=person(author.slack_user_id),
        partner=person(partner.slack_user_id),
    )
    return Message(
        text=heading,
        blocks=[
            blocks.section(f"*{heading}*"),
            *(
                blocks.section(library.say(f"goals.posted_{part}", text=getattr(wanted, part)))
                for part in PARTS
            ),
            blocks.section(library.say("goals.posted_due", due=day(wanted.due_on))),
            blocks.context(footer),
        ],
    )
