from bot.matching import service as matching
from bot.programs import service as programs
from bot.runtime import Runtime
from bot.views import match_proposal
from handlers.edge import Answer, Request, privately


async def listen(runtime: Runtime, request: Request) -> Answer:
    """The manager who asked sees the proposal; where several approve, each of them gets it."""
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.managed(session, request.person, request.channel_id)
        sides = await matching.candidates(session, runtime, request.person, program)
    solved = await matching.solve(sides)
    waiting = (len(sides.mentors), len(sides.mentees))
    async with runtime.database.transaction(request.workspace_id) as session:
        found = await matching.propose(session, runtime, program, solved)
        message = match_proposal.proposal(
            runtime.library,
            program,
            found.best,
            found.people,
            waiting,
            found.not_ready,
            without_runner=sides.without_runner,
        )
        if program.approvals_needed > 1:
            shown_to = await matching.show(session, runtime, request.person, program, message)
            message = match_proposal.sent(runtime.library, shown_to)
    return privately(message)
