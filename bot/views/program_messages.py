"""What a program says to everybody, to those who take part, and to those who run it."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.views import blocks
from bot.views.blocks import Message
from bot.views.messages import JOIN, day
from models import Program
from prompts.library import Library, Mrkdwn

NEW, EDIT, LAUNCH, ANNOUNCE = "new_program", "edit_program", "launch_program", "announce_program"
PAUSE, RESUME, CLOSE, COPY = "pause_program", "resume_program", "close_program", "copy_program"
"""Action ids of buttons; handlers/actions has a file of each name."""
MOST_LINES = 20
"""So many programs are listed at most, the newest ones."""


def announcement(library: Library, program: Program) -> Message:
    key = "program.announcement_heading"
    texts = [
        library.say("program.announcement_purpose", purpose=program.purpose),
        library.say("program.announcement", weeks=program.weeks),
        *_last_day(library, program),
    ]
    return Message(
        text=library.say(key, program=program.name),
        blocks=[
            blocks.header(library.label(key, program=program.name)),
            *map(blocks.section, texts),
            blocks.actions(_join_button(library, program)),
        ],
    )


def invitation(library: Library, program: Program) -> Message:
    """To somebody who was asked to join, and has not been enrolled by that."""
    return blocks.message(
        library.say("program.invitation", program=program.name),
        library.say("program.announcement_purpose", purpose=program.purpose),
        *_last_day(library, program),
        buttons=[_join_button(library, program)],
    )


def launched(library: Library, program: Program) -> Message:
    text = library.say(
        "program.launched",
        program=program.name,
        start=day(program.starts_on),
        weeks=program.weeks,
        channel=Mrkdwn(f"<#{program.admin_channel_id}>"),
    )
    return blocks.message(text, library.say("program.next_steps"))


def deadline(library: Library, program: Program, join_by: date) -> Message:
    """To everybody who wants to take part, shortly before the last day to step out."""
    return blocks.message(library.say("program.deadline", program=program.name, day=day(join_by)))


def enrollment_over(library: Library, program: Program, counts: Mapping[str, int]) -> Message:
    """To the managers. `counts` are how many mentors, mentees, applications there are."""
    figures = library.say(
        "program.enrollment_over_figures",
        mentors=library.say("words.mentors", count=counts["mentors"]),
        mentees=library.say("words.mentees", count=counts["mentees"]),
    )
    texts = [library.say("program.enrollment_over", program=program.name), figures]
    if counts["applications"]:
        texts.append(library.say("program.enrollment_over_queue", count=counts["applications"]))
    return blocks.message(*texts, library.say("program.enrollment_over_next"))


def paused(library: Library, program: Program) -> Message:
    return blocks.message(library.say("program.paused", program=program.name))


def resumed(library: Library, program: Program) -> Message:
    return blocks.message(library.say("program.resumed", program=program.name))


def closing(library: Library, program: Program, closes_on: date) -> Message:
    """To the managers, when a program has come to its end by itself."""
    return blocks.message(library.say("program.closing", program=program.name, day=day(closes_on)))


def thanks(library: Library, program: Program) -> Message:
    """To somebody who had a partner, when the program is closed."""
    return blocks.message(library.say("program.thanks", program=program.name))


def never_matched(library: Library, program: Program) -> Message:
    """To somebody for whom there was no partner, when the program is closed."""
    return blocks.message(library.say("program.never_matched", program=program.name))


def not_taking_place(library: Library, program: Program) -> Message:
    """To everybody who has joined, when a program is closed before anybody was matched."""
    return blocks.message(library.say("program.not_taking_place", program=program.name))


def without_manager(library: Library, program: Program) -> Message:
    """To the admin channel, when the last of the managers has left the company."""
    return blocks.message(library.say("program.without_manager", program=program.name))


def overview(library: Library, programs: Sequence[Program]) -> Message:
    """The words of `/mentoring program` and, for managers, where each of their programs is."""
    lines = [
        library.say(
            "program.overview_paused" if program.paused_at else "program.overview_line",
            program=program.name,
            state=library.label(f"program.state_{program.state.value}"),
        )
        for program in programs[:MOST_LINES]
    ]
    return blocks.message(library.say("program.words"), *lines)


def _last_day(library: Library, program: Program) -> list[str]:
    if program.join_by is None:
        return []
    return [library.say("program.announcement_deadline", day=day(program.join_by))]


def _join_button(library: Library, program: Program) -> blocks.Block:
    return blocks.button(library.label("program.join_button"), JOIN, str(program.id))
