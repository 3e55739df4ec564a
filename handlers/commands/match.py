from bot.matching import service as matching
from bot.programs import service as programs
from bot.runtime import Runtime
from bot.views import match_proposal
from handlers.edge import Answer, Request, in_channel, privately


async def listen(runtime: Runtime, request: Request) -> Answer:
    """Where several managers approve, all of them see the proposal; else the one who asked."""
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.managed(session, request.person, request.channel_id)
        sides = await matching.candidates(
            session, runtime, request.person, program, request.channel_id
        )
    solved = await matching.solve(sides)
    async with runtime.database.transaction(request.workspace_id) as session:
        found = await matching.propose(session, runtime, program, solved)
    waiting = (len(sides.mentors), len(sides.mentees))
    message = match_proposal.proposal(
        runtime.library, program, found.best, found.people, waiting, found.not_ready
    )
    return (in_channel if program.approvals_needed > 1 else privately)(message)
