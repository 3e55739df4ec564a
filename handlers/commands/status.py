from bot.programs import service as programs
from bot.reports import service as reports
from bot.runtime import Runtime
from bot.views import status
from handlers.edge import Answer, Request, in_channel, privately


async def listen(runtime: Runtime, request: Request) -> Answer:
    """A manager in the program's admin channel gets the program's figures, for all there to see;
    anybody, anywhere, gets their own."""
    async with runtime.database.transaction(request.workspace_id) as session:
        program = await programs.managed_here(session, request.person, request.channel_id)
        if program is None:
            own = await reports.own_status(session, runtime, request.person)
            managed = await programs.managed_by(session, request.person)
            return privately(status.of_person(runtime.library, own, managed))
        report = await reports.program_report(session, runtime, request.person, program)
    return in_channel(status.of_program(runtime.library, report))
