from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.errors import UserFacingError
from bot.runtime import Runtime
from bot.slack.errors import OurFault
from bot.vetting import service as vetting
from bot.views.blocks import Block
from bot.views.modals import queue as form
from bot.views.modals.queue import Shown
from handlers.edge import NOTHING, Answer, Request

HARMLESS = ("hash_conflict", "not_found")
"""Slack's refusals of a view that has been changed since, or closed."""


async def listen(runtime: Runtime, request: Request) -> Answer:
    page = int(request.body["actions"][0]["value"])
    await show(runtime, request, replace(form.read(request.body["view"]), page=page))
    return NOTHING


@asynccontextmanager
async def shown_afterwards(runtime: Runtime, request: Request) -> AsyncIterator[None]:
    """Shows the queue as it is after a decision, be it made or refused."""
    try:
        yield
    except UserFacingError:
        await show(runtime, request, form.read(request.body["view"]))
        raise
    await show(runtime, request, form.read(request.body["view"]))


async def show(runtime: Runtime, request: Request, shown: Shown) -> None:
    """Puts the queue as it is now in the place of the one in which a button was pressed."""

    async def build() -> Block:
        async with runtime.database.transaction(request.workspace_id) as session:
            found = await vetting.queue(session, request.person, shown)
        return form.build(runtime.library, found)

    await put_in_its_place(runtime, request, build)


async def put_in_its_place(
    runtime: Runtime, request: Request, build: Callable[[], Awaitable[Block]]
) -> None:
    """Puts what `build` makes in the place of the modal in which a button was pressed. Of two
    presses at once the later update might be of the older state, so it is made anew."""
    view = request.body["view"]
    for seen in (view["hash"], ""):
        now = await build()
        try:
            await runtime.slack.update_view(view["id"], now, seen)
            break
        except OurFault as error:
            if error.code not in HARMLESS:
                raise
