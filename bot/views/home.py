"""The App Home: one screen, made anew for its person whenever something on it has changed."""

from collections.abc import Sequence
from datetime import date

from bot.views import blocks, home_managed, home_now, messages, support_messages
from bot.views.blocks import Block
from bot.views.home_facts import HomeFacts, OwnPair, OwnProgram
from bot.views.home_parts import MOST, line, more
from models import EnrollmentState, PairState, ProgramState
from models.enrollment import TAKING_PART
from prompts.library import Library, Mrkdwn

OPEN_PROFILE = "open_profile"
OPEN_PAUSE = "open_pause"
RESUME_ME = "resume_me"
SKIP_ROUND = "skip_round"
OPEN_LEAVE = "open_leave"
"""Action ids of buttons; handlers/actions has a file of each name."""


NOT_BEGUN = (ProgramState.ENROLLING, ProgramState.MATCHING)


def of_person(library: Library, facts: HomeFacts) -> Block:
    """The view of somebody who may take part."""
    return _view(
        *home_now.what_needs_me(library, facts),
        *_programs(library, facts),
        *_pairs(library, facts.pairs),
        *_goals(library, facts.pairs),
        *_settings(library, facts),
        *home_managed.programs(library, facts.managed),
    )


def of_stranger(library: Library, sentence: str) -> Block:
    """The view of somebody who cannot take part, and why."""
    return _view(blocks.header(library.label("home.stranger_heading")), blocks.section(sentence))


def _view(*shown: Block) -> Block:
    return {"type": "home", "blocks": list(shown)}


def _programs(library: Library, facts: HomeFacts) -> list[Block]:
    shown = [blocks.header(library.label("home.programs_heading"))]
    if not facts.programs:
        shown.append(blocks.section(library.say("home.no_program")))
    for own in facts.programs[:MOST]:
        shown.append(blocks.section(_standing(library, own, facts.today)))
        if buttons := _program_buttons(library, own):
            shown.append(blocks.actions(*buttons))
    return shown + more(library, len(facts.programs) - MOST)


def _standing(library: Library, own: OwnProgram, today: date) -> str:
    """Where the person stands in a program, and what holds them up there."""
    program, enrollment = own.program, own.enrollment
    name, role = program.name, library.say(f"words.{enrollment.role.value}")
    match enrollment.state:
        case EnrollmentState.DECLINED:
            said = library.say("home.declined", program=name)
        case EnrollmentState.LEFT:
            said = library.say("home.left", program=name)
        case _ if program.state is ProgramState.CLOSING and own.pairs:
            said = library.say("home.saying_goodbye", program=name)
        case _ if program.state is ProgramState.CLOSING:
            said = library.say("status.own_closing", program=name)
        case EnrollmentState.APPLIED:
            said = library.say("home.applied", program=name, role=role)
        case EnrollmentState.TALKING:
            said = library.say("home.talking", program=name, role=role)
        case EnrollmentState.WAITLISTED:
            said = library.say("home.waitlisted", program=name, role=role, place=own.place)
        case _ if own.pairs:
            said = library.say("home.paired", program=name, role=role)
        case _:
            said = library.say("home.waiting", program=name, role=role)
    return " ".join([said, *_besides(library, own, today)])


def _besides(library: Library, own: OwnProgram, today: date) -> list[str]:
    program, enrollment, besides = own.program, own.enrollment, []
    if enrollment.state not in TAKING_PART or program.state is ProgramState.CLOSING:
        return []
    if program.state in NOT_BEGUN and program.starts_on >= today:
        besides.append(library.say("home.starts", start=messages.day(program.starts_on)))
    if enrollment.skips_match and own.is_in and not own.pairs:
        besides.append(library.say("home.skips_match"))
    if program.paused_at:
        besides.append(library.say("home.program_rests"))
    if enrollment.paused_since and enrollment.paused_until:
        until = messages.day(enrollment.paused_until)
        besides.append(library.say("home.on_break_until", until=until))
    elif enrollment.paused_since:
        besides.append(library.say("home.on_break"))
    return besides


def _program_buttons(library: Library, own: OwnProgram) -> list[Block]:
    enrollment, value, buttons = own.enrollment, str(own.program.id), []
    if own.program.state is ProgramState.CLOSING:
        return []
    if enrollment.state in TAKING_PART:
        label = library.label("home.change_answers_button")
        buttons.append(blocks.button(label, messages.JOIN, value))
    elif enrollment.state is EnrollmentState.LEFT:
        label = library.label("home.join_again_button")
        buttons.append(blocks.button(label, messages.JOIN, value))
    here = own.is_in and not enrollment.skips_match and not enrollment.paused_since
    if here and (own.has_active_pair or not own.pairs):
        label = library.label("home.skip_round_button")
        buttons.append(blocks.button(label, SKIP_ROUND, value))
    return buttons


def _pairs(library: Library, pairs: Sequence[OwnPair]) -> list[Block]:
    if not pairs:
        return []
    heading = blocks.header(library.label("home.pairs_heading"))
    told = [blocks.section(_pair(library, own)) for own in pairs[:MOST]]
    return [heading, *told, *more(library, len(pairs) - MOST)]


def _pair(library: Library, own: OwnPair) -> str:
    partner, program = messages.person(own.partner.slack_user_id), own.program.name
    match own.pair.state:
        case PairState.OPENING:
            return library.say("home.pair_opening", partner=partner, program=program)
        case PairState.PAUSED:
            return library.say("home.pair_paused", partner=partner, program=program)
    place = messages.place(library, own.program, own.pair)
    lines = [library.say("home.pair", partner=partner, program=program, place=place)]
    match own.pair.state:
        case PairState.RESTING:
            lines.append(library.say("home.pair_resting"))
        case PairState.CLOSING:
            lines.append(library.say("home.pair_closing"))
        case _:
            lines.append(_progress(library, own))
    lines.append(
        library.say("home.met", count=own.meetings)
        if own.meetings
        else library.say("home.never_met")
    )
    return "\n".join(lines)


def _progress(library: Library, own: OwnPair) -> str:
    weeks = own.program.weeks
    if own.week > weeks:
        return library.say("home.pair_over")
    said = (
        library.say("home.pair_week", week=own.week, weeks=weeks)
        if own.week >= 1
        else library.say("home.pair_not_started", start=messages.day(own.pair.first_week_on))
    )
    if own.next_at is None:
        return said
    fallback = f"{messages.day(own.next_at.date())}, {own.next_at:%H:%M} UTC"
    when = f"<!date^{int(own.next_at.timestamp())}^{{date_long_pretty}}, {{time}}|{fallback}>"
    return f"{said} {library.say('home.next_prompt', when=Mrkdwn(when))}"


def _goals(library: Library, pairs: Sequence[OwnPair]) -> list[Block]:
    """A pair without a goal stands among what needs its two."""
    shown = []
    for own in pairs[:MOST]:
        if own.goal_until is None:
            continue
        partner, until = messages.person(own.partner.slack_user_id), messages.day(own.goal_until)
        said = library.say("home.goals", count=own.goals, partner=partner, until=until)
        label = library.label("home.another_goal_button")
        button = blocks.button(label, messages.SET_GOAL, str(own.pair.id))
        is_active = own.pair.state is PairState.ACTIVE
        shown.append(line(said, button if is_active else None))
    return [blocks.header(library.label("home.goals_heading")), *shown] if shown else []


def _settings(library: Library, facts: HomeFacts) -> list[Block]:
    buttons = [blocks.button(library.label("home.profile_button"), OPEN_PROFILE, "me")]
    taking_part = [one for one in facts.programs if one.enrollment.state in TAKING_PART]
    going_on = [
        one.enrollment for one in taking_part if one.program.state is not ProgramState.CLOSING
    ]
    on_break = any(enrollment.paused_since for enrollment in going_on)
    if on_break or any(enrollment.skips_match for enrollment in going_on):
        buttons.append(blocks.button(library.label("home.back_button"), RESUME_ME, "me"))
    if going_on and not on_break:
        buttons.append(blocks.button(library.label("home.break_button"), OPEN_PAUSE, "me"))
    if taking_part:
        label = library.label("support.home_button")
        buttons.append(blocks.button(label, support_messages.OPEN_SUPPORT, "me"))
        buttons.append(blocks.button(library.label("home.leave_button"), OPEN_LEAVE, "me"))
    return [
        blocks.header(library.label("home.settings_heading")),
        blocks.actions(*buttons),
        blocks.context(library.say("home.privacy")),
    ]
