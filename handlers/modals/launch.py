import asyncio
from collections.abc import Sequence

from bot.errors import UserFacingError
from bot.programs import moves_service as moves
from bot.programs import service as programs
from bot.programs.lifecycle import Verb
from bot.roles import Caller
from bot.runtime import Runtime
from bot.views.modals import launch as form
from handlers.edge import NOTHING, Answer, Request


async def listen(runtime: Runtime, request: Request) -> Answer:
    wanted = form.read(request.body["view"])
    caller, today = Caller(request.person), runtime.clock().date()
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.meant(
            session, caller, Verb.LAUNCH, today, program_id=wanted.program_id
        )
    if not await runtime.slack.is_in(program.admin_channel_id):
        raise UserFacingError("channel_lost", program=program.name)
    await require_reachable(runtime, wanted.channels)
    async with runtime.database.transaction(request.workspace_id) as session:
        await moves.launch(session, runtime, request.person, wanted)
    return NOTHING


async def require_reachable(runtime: Runtime, channels: Sequence[str]) -> None:
    """Shared with the form that announces a program. Raises UserFacingError that names the
    channels in which we cannot post, where we can see their names."""
    reachable = await asyncio.gather(*map(runtime.slack.is_in, channels))
    lost = [channel for channel, ok in zip(channels, reachable, strict=True) if not ok]
    names = await asyncio.gather(*map(runtime.slack.channel_name, lost))
    if lost and all(names):
        named = ", ".join(f"#{name}" for name in names)
        raise UserFacingError("channel_not_joined", field="channels", channels=named)
    if lost:
        raise UserFacingError("channels_not_reachable", field="channels")
