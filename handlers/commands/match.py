from bot.matching import service as matching
from bot.programs import service as programs
from bot.runtime import Runtime
from bot.views import match_proposal
from handlers.edge import Answer, Request, privately


async def listen(runtime: Runtime, request: Request) -> Answer:
    """A match is asked for; its proposal comes to the admin channel, in figures only."""
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.managed(session, request.person, request.channel_id)
        asked = await matching.request(session, runtime, request.person, program)
    message = match_proposal.requested(
        runtime.library,
        program,
        asked.mentors,
        asked.mentees,
        without_runner=asked.without_runner,
    )
    return privately(message)
