"""What the admin channel reads of a match run, from the database at any time: the message is drawn
anew whenever the run is not what it says any more, so that nobody approves what they did not read.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.log import get_logger
from bot.matching import conditions_service as conditions
from bot.matching import store, summary_store
from bot.matching.explanations import Wish
from bot.programs import notes as program_notes
from bot.programs import store as programs
from bot.runtime import Runtime
from bot.slack.errors import SlackError
from bot.views import match_proposal
from bot.views.blocks import Message
from bot.views.match_proposal import RunFacts
from models import MatchRun, MatchRunState, Program, Role
from models.match_run import Point

KIND = "match_summary"
LOOKS = 3
HELPFUL = {"mentors_needed": Role.MENTOR, "mentees_needed": Role.MENTEE}
"""What would help somebody, and who that would be."""


async def announce(
    session: AsyncSession, runtime: Runtime, program: Program, run: MatchRun
) -> None:
    """Queues the message of a run that has just been worked out."""
    said = match_proposal.summary(runtime.library, await facts(session, program, run))
    channel = program.admin_channel_id
    note = program_notes.to_channel(program, KIND, str(run.id), channel, said)
    await delivery.queue(session, runtime, [note])


async def redraw(runtime: Runtime, workspace_id: int, run_id: int) -> None:
    """Makes the run's message say what is true now; called when what has changed is committed. Does
    nothing where there is no message yet. What Slack refuses is lost: a button of an older message
    says to which state of the run it belongs.

    Of two who do it at once the later update might be of the older state, so it is looked at again.
    """
    before: Message | None = None
    for _ in range(LOOKS):
        said, posted = await _now(runtime, workspace_id, run_id)
        if said is None or said == before:
            return
        for channel, ts in posted:
            await _update(runtime, channel, ts, said)
        if not posted:
            return
        before = said


async def _now(
    runtime: Runtime, workspace_id: int, run_id: int
) -> tuple[Message | None, Sequence[tuple[str, str]]]:
    """What the run's message is to say, and where it stands (channel and ts)."""
    async with runtime.database.transaction(workspace_id) as session:
        found = await store.run(session, run_id)
        if found is None:
            return None, ()
        program, run = found
        said = match_proposal.summary(runtime.library, await facts(session, program, run))
        key = program_notes.keys(program, [KIND])[0] + f"{run.id}:"
        return said, await delivery.say_instead(session, runtime, key, said)


async def facts(session: AsyncSession, program: Program, run: MatchRun) -> RunFacts:
    """All that is said of a run, as it is now."""
    left_over = await summary_store.left_over(session, run.id)
    is_open = run.state is MatchRunState.PROPOSED
    not_ready = await programs.not_ready(session, program.id) if is_open else []
    left_out = await conditions.kept_out(session, program, run) if is_open else frozenset()
    asked, made = await summary_store.asked(session, run.id) if run.answer_by else (0, 0)
    return RunFacts(
        program=program,
        run=run,
        scores=await summary_store.scores(session, run.id),
        locked=await summary_store.locked(session, run.id),
        skipped=await summary_store.skipped(session, run) if is_open else 0,
        left_over=Counter(role for role, _ in left_over),
        wishes=wishes(program, [help_ for _, help_ in left_over]),
        not_ready=Counter(reason for *_, reason in not_ready),
        without_runner=await summary_store.is_enrolled(session, program.id, sorted(left_out)),
        approvers=await summary_store.approvers(session, run),
        asked=asked,
        made=made,
    )


def wishes(program: Program, helps: Sequence[Point]) -> list[Wish]:
    """What would help most of those who are left over, from what would help each; the strongest
    first. Who comes is taken to have room for as many as the program lets them have."""
    levels: dict[tuple[Role, str], list[int]] = defaultdict(list)
    for help_ in helps:
        if (role := HELPFUL.get(help_["key"])) is not None:
            for topic in help_["values"].get("topics", ()):
                levels[role, topic].append(int(help_["values"]["level"]))
    room = {Role.MENTOR: program.mentor_capacity, Role.MENTEE: program.mentee_capacity}
    strictest = {Role.MENTOR: min, Role.MENTEE: max}
    found = [
        Wish(topic, len(some), math.ceil(len(some) / room[role]), strictest[role](some), role)
        for (role, topic), some in levels.items()
    ]
    return sorted(found, key=lambda wish: (-wish.people, wish.role, wish.topic))


async def _update(runtime: Runtime, channel: str, ts: str, said: Message) -> None:
    try:
        await runtime.slack.update(channel, ts, said.text, said.blocks)
    except SlackError as error:
        get_logger().warning("redraw_lost", code=error.code)
