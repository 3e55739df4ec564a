"""What a program says to everybody, to those who take part, and to those who run it."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.views import blocks
from bot.views.blocks import Message
from bot.views.messages import JOIN, day, person, topic_names
from bot.views.modals.close_program import Size
from bot.views.modals.queue import OPEN_QUEUE
from models import Enrollment, EnrollmentState, Person, Program, ProgramState
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


def runs_it_no_more(library: Library, program: Program, by: Person) -> Message:
    """To somebody whom another manager has taken out of those who run the program."""
    who = person(by.slack_user_id)
    return blocks.message(library.say("program.manager_removed", program=program.name, who=who))


def fewer_approvals(library: Library, program: Program, by: Person, before: int) -> Message:
    """To the other managers."""
    who, now = person(by.slack_user_id), program.approvals_needed
    said = library.say(
        "program.fewer_approvals", program=program.name, who=who, before=before, now=now
    )
    return blocks.message(said)


def invitation(library: Library, program: Program) -> Message:
    """To somebody who was asked to join, and has not been enrolled by that."""
    return blocks.message(
        library.say("program.invitation", program=program.name),
        library.say("program.announcement_purpose", purpose=program.purpose),
        *_last_day(library, program),
        buttons=[_join_button(library, program)],
    )


def launched(library: Library, program: Program, *, knows_levels: bool) -> Message:
    """`knows_levels` is whether there are staff records already."""
    text = library.say(
        "program.launched",
        program=program.name,
        start=day(program.starts_on),
        weeks=program.weeks,
        channel=Mrkdwn(f"<#{program.admin_channel_id}>"),
    )
    records = [] if knows_levels else [library.say("program.records_missing")]
    return blocks.message(text, *records, library.say("program.next_steps"))


def deadline(library: Library, program: Program, join_by: date, enrolled: Enrollment) -> Message:
    """To everybody who wants to take part, shortly before the last day to join."""
    match enrolled.state:
        case EnrollmentState.APPLIED | EnrollmentState.TALKING:
            key = "program.deadline_undecided"
        case EnrollmentState.WAITLISTED:
            key = "program.deadline_waitlisted"
        case _ if enrolled.paused_since or enrolled.skips_match:
            key = "program.deadline_aside"
        case _:
            key = "program.deadline"
    return blocks.message(library.say(key, program=program.name, day=day(join_by)))


def changed(
    library: Library, program: Program, *, is_moved: bool, lost: Sequence[str], has_topics: bool
) -> Message:
    """To somebody who takes part and has no partner yet. `lost` are those of their topics that the
    program has no more, and `has_topics` is whether they have others."""
    texts = [library.say("program.changed", program=program.name)]
    if is_moved:
        texts.append(library.say("program.changed_start", start=day(program.starts_on)))
    if not lost:
        return blocks.message(*texts)
    names = topic_names(library, lost)
    key = "program.changed_topics" if has_topics else "program.changed_all_topics"
    button = blocks.button(library.label("home.change_answers_button"), JOIN, str(program.id))
    return blocks.message(*texts, library.say(key, topics=names), buttons=[button])


def undecided(library: Library, program: Program, ends_on: date, count: int) -> Message:
    """To the managers, a week before the program ends and with it every application."""
    button = blocks.button(library.label("home.queue_button"), OPEN_QUEUE, str(program.id))
    said = library.say("program.undecided", program=program.name, day=day(ends_on), count=count)
    return blocks.message(said, buttons=[button])


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


def resumed(
    library: Library, program: Program, enrolled: Enrollment, *, pair_rests: bool
) -> Message:
    """Not everything goes on for whoever has a break of their own, or whose pair has."""
    if enrolled.paused_since is not None:
        return blocks.message(library.say("program.resumed_on_break", program=program.name))
    if pair_rests:
        return blocks.message(library.say("program.resumed_pair_rests", program=program.name))
    return blocks.message(library.say("program.resumed", program=program.name))


def closing(library: Library, program: Program, closes_on: date) -> Message:
    """To the managers, when a program has come to its end by itself."""
    return blocks.message(library.say("program.closing", program=program.name, day=day(closes_on)))


def last_word(library: Library, program: Program, fate: str) -> Message:
    """To somebody who takes part, when the program ends for them. `fate` is how far they got
    (`bot.programs.partings_service.Fate`)."""
    return blocks.message(library.say(f"program.last_{fate}", program=program.name))


def not_taking_place(library: Library, program: Program) -> Message:
    """To everybody who has joined, when a program is closed before anybody was matched."""
    return blocks.message(library.say("program.not_taking_place", program=program.name))


def without_manager(library: Library, program: Program) -> Message:
    """To the admin channel, when the last of the managers has left the company."""
    return blocks.message(library.say("program.without_manager", program=program.name))


def overview(
    library: Library, programs: Sequence[Program], sizes: Mapping[int, Size], *, unknown: bool
) -> Message:
    """The words of `/mentoring program` and, for managers, where each of their programs is.
    `unknown` is whether another word was typed."""
    head = [library.say("program.unknown_word")] if unknown else []
    lines = [_line(library, program, sizes.get(program.id)) for program in programs[:MOST_LINES]]
    return blocks.message(*head, library.say("program.words"), *lines)


def _line(library: Library, program: Program, size: Size | None) -> str:
    said = library.say(
        "program.overview_paused" if program.paused_at else "program.overview_line",
        program=program.name,
        state=library.label(f"program.state_{program.state.value}"),
    )
    if size is None or program.state in (ProgramState.DRAFT, ProgramState.CLOSED):
        return said
    people = library.say("words.people", count=size.people)
    pairs = library.say("words.pairs", count=size.pairs)
    return f"{said} {library.say('program.overview_size', people=people, pairs=pairs)}"


def _last_day(library: Library, program: Program) -> list[str]:
    if program.join_by is None:
        return []
    return [library.say("program.announcement_deadline", day=day(program.join_by))]


def _join_button(library: Library, program: Program) -> blocks.Block:
    return blocks.button(library.label("program.join_button"), JOIN, str(program.id))
