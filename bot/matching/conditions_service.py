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


async def can_rematch(session: AsyncSession, program: Program) -> bool:
    """Whether the app may ask for a match by itself: not while one is under way or being approved,
    and where the program makes no pairs just now."""
    try:
        require_makes_pairs(program)
    except UserFacingError:
        return False
    if await store.under_way(session, program.id) is not None:
        return False
    return not await store.is_being_approved(session, program.id)


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
    """The managers who are left out of this run though they wait (None: of one that the app asks
    for), so that there is somebody to decide on it: who asked for it; or, where the app did and
    nobody else can see it, all of them."""
    if run is not None and run.requested_by_id is not None:
        return frozenset({run.requested_by_id})
    if await can_see(session, program):
        return frozenset()
    return frozenset(one.id for one in await pair_store.managers(session, program.id))


async def can_see(session: AsyncSession, program: Program) -> list[Person]:
    """The managers who take no part in the program."""
    managers = await pair_store.managers(session, program.id)
    takes_part = await store.enrolled(session, program.id, [one.id for one in managers])
    return [one for one in managers if one.id not in takes_part]


async def require_outside(
    session: AsyncSession, program: Program, run: MatchRun, person: Person
) -> None:
    """Raises UserFacingError for a manager who is in the run, whatever has become of it, and for
    one who takes part in the program, unless the run has left them out and there is still nobody
    else to look at it. They would read who does not want to be their partner, or decide it."""
    if await store.is_in(session, run.id, person.id):
        raise UserFacingError("match_another_manager")
    if not await store.enrolled(session, program.id, [person.id]):
        return
    left_out = await kept_out(session, program, run)
    if person.id not in left_out or await can_see(session, program):
        raise UserFacingError("match_another_manager")
