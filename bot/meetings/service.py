"""A pair says with one tap that it met. Which of the two did is not kept."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import insert_new
from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.errors import UserFacingError
from bot.pairs import service as pairs
from bot.pairs.store import QUIET_NOTE
from bot.roles import Act
from bot.runtime import Runtime
from models import Meeting, PairState, Person

STILL_MEETING = (
    PairState.ACTIVE,
    PairState.RESTING,
    PairState.CLOSING,
    PairState.COMPLETED,
)
"""Many a last meeting comes after the farewell, and a pair may meet in its break."""


async def report(
    session: AsyncSession, runtime: Runtime, person: Person, pair_id: int, number: int
) -> int:
    """Notes the pair's meeting in period `number`, once, however often and by whomever it is
    reported; returns how many meetings the pair has had."""
    partnership = await pairs.own(
        session, person, Act.REPORT_MEETING, pair_id=pair_id, states=STILL_MEETING
    )
    if not 1 <= number <= partnership.program.periods:
        raise UserFacingError("meeting_out_of_place")
    row = {
        "workspace_id": partnership.pair.workspace_id,
        "pair_id": pair_id,
        "number": number,
        "reported_at": runtime.clock(),
    }
    await insert_new(session, Meeting, [row])
    await delivery_store.let_go_of_pairs(session, [pair_id], [QUIET_NOTE])
    both = (partnership.mentor.id, partnership.mentee.id)
    await delivery.outdate_homes(session, runtime, both)
    held = select(func.count()).select_from(Meeting).where(Meeting.pair_id == pair_id)
    return (await session.scalars(held)).one()
