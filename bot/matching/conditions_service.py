"""When a match can be made at all, and who may ask for it and see it."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserFacingError
from bot.matching import store
from bot.pairs import store as pair_store
from bot.programs import lifecycle
from bot.programs import store as programs
from bot.programs.lifecycle import Move
from bot.views import match_proposal
from models import MatchRun, MatchRunState, Person, Program, Role
from prompts.library import Library, Mrkdwn


def require_open(run: MatchRun) -> None:
    """Raises UserFacingError unless the run waits for approval, and says what has become of it."""
    if run.state is MatchRunState.PUBLISHED:
        raise UserFacingError("match_already_published")
    if run.state is MatchRunState.ASKING:
        raise UserFacingError("match_is_asking")
    if run.state is not MatchRunState.PROPOSED:
        raise UserFacingError("match_replaced")


def require_makes_pairs(program: Program) -> None:
    """Raises UserFacingError while the program has a break, and where it has not begun or comes to
    its end."""
    if program.paused_at is not None:
        raise UserFacingError("program_is_paused", program=program.name)
    lifecycle.require_move(program, Move.PUBLISH)


async def require_both_sides(
    session: AsyncSession,
    library: Library,
    program: Program,
    sizes: Mapping[Role, int],
    *,
    without_runner: bool,
) -> None:
    """Raises UserFacingError when nobody of one side can be matched, and says what keeps people
    there."""
    mentors, mentees = sizes.get(Role.MENTOR, 0), sizes.get(Role.MENTEE, 0)
    if mentors and mentees:
        return
    if without_runner:
        raise UserFacingError("match_without_you")
    not_ready = await programs.not_ready(session, program.id)

    def why(else_: str, *roles: Role) -> Mrkdwn:
        reasons = Counter(reason for enrolled, _, reason in not_ready if enrolled.role in roles)
        return match_proposal.why_nobody(library, reasons, else_)

    if mentors:
        invite = library.say("match.invite_mentees")
        raise UserFacingError("no_mentee_waiting", why=why(invite, Role.MENTEE))
    if mentees:
        invite = library.say("match.invite_mentors")
        raise UserFacingError("no_mentor_waiting", why=why(invite, Role.MENTOR))
    raise UserFacingError("nobody_to_match", why=why(library.say("match.invite_anybody"), *Role))


async def kept_out(session: AsyncSession, program: Program, run: MatchRun | None) -> frozenset[int]:
    """The managers who wait and are left out of this run (None: of one that the app asks for), so
    that there is somebody to decide on it: who asked for it; or, where the app did and nobody else
    can see it, all of them."""
    if run is not None and run.requested_by_id is not None:
        return frozenset({run.requested_by_id})
    if await can_see(session, program):
        return frozenset()
    return frozenset(one.id for one in await pair_store.managers(session, program.id))


async def can_see(session: AsyncSession, program: Program) -> list[Person]:
    """The managers who could not be in a match of those who wait now."""
    waiting = await store.waiting(session, program.id)
    managers = await pair_store.managers(session, program.id)
    return [one for one in managers if one.id not in waiting]
