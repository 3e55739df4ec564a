"""The forms of support: what would help leads to one of the two others, or to a notice."""

from bot.errors import UserFacingError
from bot.runtime import Runtime
from bot.support import service as support
from bot.views import enrollment_messages, support_messages
from bot.views.blocks import Block
from bot.views.modals import support as form
from bot.views.modals.support import Wish
from handlers.edge import Answer, Request, in_its_place


async def listen(runtime: Runtime, request: Request) -> Answer:
    return {"response_action": "update", "view": await _next(runtime, request)}


async def part(runtime: Runtime, request: Request) -> Answer:
    pair_id = form.number(request.body["view"])
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await support.part(session, runtime, request.person, pair_id)
    return in_its_place(runtime, request, support_messages.parted(runtime.library, program))


async def ask_contact(runtime: Runtime, request: Request) -> Answer:
    view = request.body["view"]
    async with runtime.database.transaction(request.workspace_id) as session:
        contact = await support.ask_contact(
            session, runtime, request.person, form.number(view), view["id"]
        )
    return in_its_place(runtime, request, support_messages.asked(runtime.library, contact))


async def _next(runtime: Runtime, request: Request) -> Block:
    library, person, asked = runtime.library, request.person, form.read(request.body["view"])
    async with runtime.database.transaction(request.workspace_id) as session:
        matter = await support.matter(session, person, asked.matter)
        contact = await support.contact(session, person, matter.program)
        managers = await support.managers(session, person, matter.program)
    match asked.wish:
        case Wish.PARTNER if matter.pair and matter.partner:
            return form.part(library, matter.program, matter.pair, matter.partner)
        case Wish.PARTNER:
            raise UserFacingError("support_no_pair", field="wish")
        case Wish.WORRY:
            return form.contact(library, matter.program, contact)
        case Wish.OTHER:
            names = enrollment_messages.managers(library, managers)
            return form.managers(library, matter.program, names)
