"""`/mentoring program` and its words. The buttons for them (`handlers/actions`) use the same
functions; they name their program, where the command leaves it to be found."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypedDict

from bot.matching import weights_service as matching
from bot.people import service as people
from bot.programs import moves_service as moves
from bot.programs import service as programs
from bot.programs import settings_service as settings
from bot.programs.lifecycle import Verb
from bot.roles import Caller
from bot.runtime import Runtime
from bot.views import blocks, program_messages
from bot.views.modals import announce as announce_form
from bot.views.modals import close_program as close_form
from bot.views.modals import launch as launch_form
from bot.views.modals import program as form
from bot.views.modals import template as template_form
from bot.views.modals import weights as weights_form
from handlers.edge import NOTHING, Answer, Request, privately

NEW = "new"
WEIGHTS = "weights"


class _Where(TypedDict):
    """Which program is meant: the one named, else the one of this channel."""

    channel_id: str
    program_id: int | None


async def listen(runtime: Runtime, request: Request) -> Answer:
    word = request.text.lower()
    if word == NEW:
        return await new(runtime, request)
    if word in WORDS:
        return await WORDS[word](runtime, request, None)
    async with runtime.database.transaction(request.workspace_id) as session:
        managed = await programs.managed_by(session, request.person)
        sizes = await programs.sizes(session, managed)
    unknown = bool(word)
    return privately(program_messages.overview(runtime.library, managed, sizes, unknown=unknown))


async def new(runtime: Runtime, request: Request) -> Answer:
    caller = await people.with_workspace_rights(runtime, request.person)
    async with runtime.database.transaction(request.workspace_id) as session:
        await programs.require_may_open(session, caller)
    view = template_form.build(runtime.library, _likely_channel(request.channel_id))
    await runtime.slack.open_view(request.body["trigger_id"], view)
    return NOTHING


async def edit(runtime: Runtime, request: Request, program_id: int | None) -> Answer:
    caller = await people.with_workspace_rights(runtime, request.person)
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.meant(
            session, caller, Verb.EDIT, runtime.clock().date(), **_where(request, program_id)
        )
        found = await settings.of_program(session, program)
    view = form.build(
        runtime.library,
        found.settings,
        found.departments,
        program_id=program.id,
        fixed=found.fixed,
    )
    await runtime.slack.open_view(request.body["trigger_id"], view)
    return NOTHING


async def launch(runtime: Runtime, request: Request, program_id: int | None) -> Answer:
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.meant(
            session,
            Caller(request.person),
            Verb.LAUNCH,
            runtime.clock().date(),
            **_where(request, program_id),
        )
        invited = await moves.invited(session, program)
        contact = await settings.support_contact(session, program)
    join_by = moves.proposed_join_by(program, runtime.clock().date())
    view = launch_form.build(runtime.library, program, join_by, invited, contact)
    await runtime.slack.open_view(request.body["trigger_id"], view)
    return NOTHING


async def announce(runtime: Runtime, request: Request, program_id: int | None) -> Answer:
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.meant(
            session,
            Caller(request.person),
            Verb.ANNOUNCE,
            runtime.clock().date(),
            **_where(request, program_id),
        )
    view = announce_form.build(runtime.library, program)
    await runtime.slack.open_view(request.body["trigger_id"], view)
    return NOTHING


async def pause(runtime: Runtime, request: Request, program_id: int | None) -> Answer:
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.meant(
            session,
            Caller(request.person),
            Verb.PAUSE,
            runtime.clock().date(),
            **_where(request, program_id),
        )
        await moves.pause(session, runtime, request.person, program.id)
    say = runtime.library.say
    return privately(blocks.message(say("program.pause_done", program=program.name)))


async def resume(runtime: Runtime, request: Request, program_id: int | None) -> Answer:
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.meant(
            session,
            Caller(request.person),
            Verb.RESUME,
            runtime.clock().date(),
            **_where(request, program_id),
        )
        await moves.resume(session, runtime, request.person, program.id)
    say = runtime.library.say
    return privately(blocks.message(say("program.resume_done", program=program.name)))


async def close(runtime: Runtime, request: Request, program_id: int | None) -> Answer:
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.meant(
            session,
            Caller(request.person),
            Verb.CLOSE,
            runtime.clock().date(),
            **_where(request, program_id),
        )
        sizes = await programs.sizes(session, [program])
    days = moves.TIME_TO_SAY_GOODBYE.days
    view = close_form.build(runtime.library, program, sizes[program.id], days)
    await runtime.slack.open_view(request.body["trigger_id"], view)
    return NOTHING


async def copy(runtime: Runtime, request: Request, program_id: int | None) -> Answer:
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.meant(
            session,
            Caller(request.person),
            Verb.COPY,
            runtime.clock().date(),
            **_where(request, program_id),
        )
        found = await settings.from_program(session, runtime, program)
    view = form.build(runtime.library, found.settings, found.departments, weights=found.weights)
    await runtime.slack.open_view(request.body["trigger_id"], view)
    return NOTHING


async def weights(runtime: Runtime, request: Request, program_id: int | None) -> Answer:
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.meant(
            session,
            Caller(request.person),
            Verb.EDIT,
            runtime.clock().date(),
            **_where(request, program_id),
        )
        filled = await matching.opened(session, request.person, program)
    view = weights_form.build(runtime.library, program.name, filled)
    in_modal = request.body.get("view", {}).get("type") == "modal"
    show = runtime.slack.push_view if in_modal else runtime.slack.open_view
    await show(request.body["trigger_id"], view)
    return NOTHING


WORDS: Mapping[str, Callable[[Runtime, Request, int | None], Awaitable[Answer]]] = {
    Verb.EDIT: edit,
    Verb.LAUNCH: launch,
    Verb.ANNOUNCE: announce,
    Verb.PAUSE: pause,
    Verb.RESUME: resume,
    Verb.CLOSE: close,
    Verb.COPY: copy,
    WEIGHTS: weights,
}


def _where(request: Request, program_id: int | None) -> _Where:
    return {"channel_id": request.channel_id, "program_id": program_id}


def _likely_channel(channel_id: str) -> str:
    """Where the command was typed, unless that is a direct message, which nobody else sees."""
    return "" if channel_id.startswith("D") else channel_id
