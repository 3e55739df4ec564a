"""The first part of a Home: what needs its person now, the most pressing first."""

from collections.abc import Iterator
from datetime import timedelta

from bot.views import (
    blocks,
    decision_messages,
    lesson_messages,
    match_proposal,
    messages,
    program_messages,
)
from bot.views.blocks import Block
from bot.views.home_facts import HomeFacts, ManagedProgram, OwnPair, OwnProgram, ToJoin
from bot.views.home_parts import MOST, line, more
from bot.views.modals.queue import OPEN_QUEUE
from models import MatchRunState, PairState, Program, ProgramState, Role
from prompts.library import Library, Mrkdwn

NEAR = timedelta(days=3)
"""So long before the last day to join people are reminded of it on their Home."""


def what_needs_me(library: Library, facts: HomeFacts) -> list[Block]:
    lines = list(_lines(library, facts))
    heading = blocks.header(library.label("home.now_heading"))
    if not lines:
        return [heading, blocks.section(library.say("home.nothing_now"))]
    return [heading, *lines[:MOST], *more(library, len(lines) - MOST)]


def _lines(library: Library, facts: HomeFacts) -> Iterator[Block]:
    for pair in facts.pairs:
        yield from _of_pair(library, pair)
    for managed in facts.managed:
        yield from _of_managed(library, managed)
    for own in facts.programs:
        yield from _of_program(library, facts, own)
    for found in facts.to_join:
        yield _to_join(library, found)


def _of_pair(library: Library, own: OwnPair) -> Iterator[Block]:
    if own.pair.state is not PairState.ACTIVE:
        return
    partner = messages.person(own.partner.slack_user_id)
    if own.unmet is not None:
        value = f"{own.pair.id}:{own.unmet}"
        button = blocks.button(library.label("pair.met_button"), messages.WE_MET, value)
        yield line(library.say("home.have_you_met", partner=partner), button)
    if not own.goals:
        value = str(own.pair.id)
        button = blocks.button(library.label("pair.goals_button"), messages.SET_GOAL, value)
        yield line(library.say("home.no_goal", partner=partner), button)


def _of_program(library: Library, facts: HomeFacts, own: OwnProgram) -> Iterator[Block]:
    program, enrollment = own.program, own.enrollment
    if not own.is_in or program.state is ProgramState.CLOSING:
        return
    if enrollment.lesson_done_at is None:
        key = "home.lesson_first" if program.training_required else "home.lesson"
        has_begun = enrollment.lesson_cards > 0
        label = library.label("home.lesson_on_button" if has_begun else "home.lesson_button")
        button = blocks.button(label, lesson_messages.OPEN_LESSON, str(enrollment.id))
        yield line(library.say(key, program=program.name), button)
    if not own.pairs and set(enrollment.topics).isdisjoint(program.topics):
        label = library.label("home.change_answers_button")
        button = blocks.button(label, messages.JOIN, str(program.id))
        yield line(library.say("home.no_topic_left", program=program.name), button)
    last = program.join_by
    if own.is_open and not own.pairs and last and last <= facts.today + NEAR:
        label = library.label("home.change_answers_button")
        button = blocks.button(label, messages.JOIN, str(program.id))
        day = messages.day(last)
        yield line(library.say("home.last_day", program=program.name, last=day), button)


def _to_join(library: Library, found: ToJoin) -> Block:
    program, invited = found.program, found.invited
    button = blocks.button(library.label("program.join_button"), messages.JOIN, str(program.id))
    if program.join_by is None:
        said = library.say("home.invited" if invited else "home.open", program=program.name)
    else:
        said = library.say(
            "home.invited_until" if invited else "home.open_until",
            program=program.name,
            last=messages.day(program.join_by),
        )
    return line(said, button)


def _of_managed(library: Library, managed: ManagedProgram) -> Iterator[Block]:
    program = managed.program
    if paused := managed.pairs.get(PairState.PAUSED, 0):
        label = library.label("home.decide_button")
        button = blocks.button(label, decision_messages.OPEN_PAUSED, str(program.id))
        yield line(library.say("home.pairs_to_decide", program=program.name, count=paused), button)
    if managed.applications:
        button = blocks.button(library.label("home.queue_button"), OPEN_QUEUE, str(program.id))
        people = managed.applications
        said = library.say("home.applications_wait", program=program.name, count=people)
        yield line(said, button)
    if program.state is ProgramState.DRAFT:
        label = library.label("home.launch_button")
        button = blocks.button(label, program_messages.LAUNCH, str(program.id), style="primary")
        yield line(library.say("home.not_launched", program=program.name), button)
    everybody_waits = all(managed.waiting.get(role) for role in Role)
    if managed.run is not None and managed.run.state is MatchRunState.PROPOSED:
        said = library.say("home.match_proposed", program=program.name, channel=_team(program))
        button = blocks.button(
            library.label("match.review_button"), match_proposal.REVIEW, str(managed.run.id)
        )
        yield line(said, button)
    elif program.state is ProgramState.MATCHING and everybody_waits and managed.run is None:
        yield line(library.say("home.matching", program=program.name, channel=_team(program)))


def _team(program: Program) -> Mrkdwn:
    return Mrkdwn(f"<#{program.admin_channel_id}>")
