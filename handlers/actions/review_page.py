from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.errors import UserFacingError
from bot.matching import review_service as matches
from bot.matching import summary_service as summary
from bot.runtime import Runtime
from bot.slack.errors import OurFault
from bot.views.blocks import Block
from bot.views.modals import match_run as form
from bot.views.modals import match_run_cards as cards
from bot.views.modals.match_run import Listed, Shown
from handlers.actions import queue_page
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    """A page has been turned, or something else chosen to be listed."""
    shown, action = form.read(request.body["view"]), request.body["actions"][0]
    if "selected_option" in action:
        wanted = replace(shown, listed=Listed(action["selected_option"]["value"]), page=0)
    else:
        wanted = replace(shown, page=int(action["value"]))
    await show(runtime, request, wanted)
    return NOTHING


@asynccontextmanager
async def shown_afterwards(
    runtime: Runtime, request: Request, note: str = ""
) -> AsyncIterator[None]:
    """Shows the run as it is after a decision, be it made, with this `note` then, or refused; and
    lets the admin channel's message say what is true now."""
    shown = form.read(request.body["view"])
    async with shown_if_refused(runtime, request):
        yield
    await show(runtime, request, shown, note)
    await summary.redraw(runtime, request.workspace_id, shown.run_id)


@asynccontextmanager
async def shown_if_refused(runtime: Runtime, request: Request) -> AsyncIterator[None]:
    try:
        yield
    except UserFacingError:
        await show(runtime, request, form.read(request.body["view"]))
        raise


async def show(runtime: Runtime, request: Request, shown: Shown, note: str = "") -> None:
    """Puts the run as it is now in the place of the one in which something was pressed."""

    async def build() -> Block:
        return await _built(runtime, request, shown, note)

    await queue_page.put_in_its_place(runtime, request, build)


async def show_below(runtime: Runtime, request: Request, shown: Shown) -> None:
    """The same for the run below a form that was opened from it."""
    view = await _built(runtime, request, shown)
    try:
        await runtime.slack.update_view(request.body["view"]["root_view_id"], view)
    except OurFault as error:
        if error.code not in queue_page.HARMLESS:
            raise


async def _built(runtime: Runtime, request: Request, shown: Shown, note: str = "") -> Block:
    async with runtime.database.transaction(request.workspace_id) as session:
        found = await matches.review(session, request.person, shown)
    return form.build(runtime.library, found, cards.build(runtime.library, found), note)
