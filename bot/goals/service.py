"""Goals in the REAL form (Relevant, Experimental, Aspirational, Learning-based)."""

from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.delivery.service import Outgoing
from bot.errors import UserFacingError
from bot.pairs import service as pairs
from bot.pairs.store import QUIET_NOTE, Partnership
from bot.roles import Act
from bot.runtime import Runtime
from bot.views import goal_messages, messages
from bot.views.modals.goal import PARTS, NewGoal
from models import Goal, IfInDoubt, Person


def last_day(partnership: Partnership) -> date:
    """The day the pair's program ends; a goal's date may not be later."""
    weeks = timedelta(weeks=partnership.program.weeks)
    return partnership.pair.first_week_on + weeks - timedelta(days=1)


async def set_goal(
    session: AsyncSession, runtime: Runtime, person: Person, wanted: NewGoal
) -> Partnership:
    """Keeps a goal, its words sealed, and posts it to the pair's channel; a form that is sent
    twice counts once.

    Raises UserFacingError with the field at fault for a day that has passed or is after the end.
    """
    partnership = await pairs.own(session, person, Act.SET_GOAL, pair_id=wanted.pair_id)
    pair, dedupe_key = partnership.pair, f"goal:{wanted.form_id}"
    if await delivery.is_queued(session, dedupe_key):
        return partnership
    if wanted.due_on <= runtime.clock().date():
        raise UserFacingError("due_in_past", field="due_on")
    if wanted.due_on > last_day(partnership):
        end = messages.day(last_day(partnership))
        raise UserFacingError("due_after_end", field="due_on", end=end)
    sealed = {
        part: runtime.vault.seal(getattr(wanted, part), f"goal:{pair.workspace_id}:{part}")
        for part in PARTS
    }
    goal = Goal(pair_id=pair.id, due_on=wanted.due_on, created_at=runtime.clock(), **sealed)
    session.add(goal)
    await session.flush()
    await delivery_store.let_go_of_pairs(session, [pair.id], [QUIET_NOTE])
    await delivery.outdate_homes(session, runtime, (pair.mentor_id, pair.mentee_id))
    is_mentor = person.id == partnership.mentor.id
    partner = partnership.mentee if is_mentor else partnership.mentor
    outgoing = Outgoing(
        dedupe_key=dedupe_key,
        kind="goal",
        recipient=pair.channel_id or "",
        message=goal_messages.goal(runtime.library, wanted, person, partner),
        if_in_doubt=IfInDoubt.SEND_AGAIN,
        workspace_id=pair.workspace_id,
        pair_id=pair.id,
    )
    await delivery.queue(session, runtime, [outgoing])
    return partnership
