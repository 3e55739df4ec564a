from bot.matching import service as matching
from bot.programs import service as programs
from bot.runtime import Runtime
from bot.views import match_proposal
from handlers.edge import Answer, Request, privately


async def listen(runtime: Runtime, request: Request) -> Answer:
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.managed(session, request.person, request.channel_id)
        sides = await matching.candidates(session, request.person, program)
    solved = await matching.solve(sides)
    async with runtime.database.transaction(request.workspace_id) as session:
        found = await matching.propose(session, runtime, program, solved)
    waiting = (len(sides.mentors), len(sides.mentees))
    return privately(
        match_proposal.proposal(runtime.library, program, found.best, found.people, waiting)
    )
