"""The form that launches a draft: what it is like, until when one can join, where it is announced;
and its reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.views import blocks
from bot.views.blocks import Block, Values, mention
from bot.views.messages import day, topic_names
from models import Person, Program
from prompts.library import Library, Mrkdwn

CALLBACK = "launch"


@dataclass(frozen=True)
class Launch:
    """What was asked for. `join_by` and `channels` are the form's block ids too."""

    program_id: int
    join_by: date
    channels: list[str]


def build(
    library: Library, program: Program, join_by: date, invited: int, contact: Person | None
) -> Block:
    """`join_by` is the last day to join that is proposed."""
    return blocks.modal(
        CALLBACK,
        title=library.label("program.launch_title"),
        submit=library.label("program.launch_submit"),
        close=library.label("program.later_close"),
        metadata=str(program.id),
        fields=[
            blocks.section(library.say("program.launch_intro", program=program.name)),
            blocks.section(_purpose(library, program)),
            blocks.section(_summary(library, program, invited, contact)),
            blocks.field(
                "join_by",
                library.label("program.join_by_label"),
                blocks.date_input(join_by),
                hint=library.label("program.launch_join_by_hint"),
            ),
            blocks.field(
                "channels",
                library.label("program.channels_label"),
                blocks.channels_input(),
                hint=library.label("program.channels_hint"),
                optional=True,
            ),
        ],
    )


def read(view: Mapping[str, Any]) -> Launch:
    """Raises UserFacingError with the field at fault."""
    values: Values = view["state"]["values"]
    return Launch(
        program_id=int(view["private_metadata"]),
        join_by=blocks.date_of(values, "join_by"),
        channels=blocks.choices_of(values, "channels"),
    )


def _purpose(library: Library, program: Program) -> str:
    topics = topic_names(library, program.topics)
    what = library.say("program.summary_what", purpose=program.purpose)
    return "\n".join([what, library.say("program.summary_topics", topics=topics)])


def _summary(library: Library, program: Program, invited: int, contact: Person | None) -> str:
    say = library.say
    audience = program.audience.value
    lines = [
        say(
            "program.summary_when",
            start=day(program.starts_on),
            weeks=program.weeks,
            cadence=library.label(f"program.cadence_{program.cadence.value}_option"),
        ),
        say("program.summary_mentees", level=program.mentee_from_level),
        say("program.summary_invited", count=invited)
        if audience == "invited"
        else say("program.summary_open"),
    ]
    if program.seats is not None:
        lines.append(say("program.summary_seats", count=program.seats))
    if program.vetted:
        lines.append(say("program.summary_vetted"))
    if program.training_required:
        lines.append(say("program.summary_training"))
    if program.asks_participants:
        lines.append(say("program.summary_asks"))
    if contact is not None:
        name = mention(contact.slack_user_id or "")
        lines.append(say("program.summary_contact", contact=Mrkdwn(name)))
    channel = Mrkdwn(f"<#{program.admin_channel_id}>")
    return "\n".join([*lines, say("program.summary_channel", channel=channel)])
