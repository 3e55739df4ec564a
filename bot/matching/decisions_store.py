"""The queries of who decided what about a program's matches."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.views.modals.match_decisions import Decided
from models import Decision, DecisionKind, Person

WHO, MENTOR, MENTEE = aliased(Person), aliased(Person), aliased(Person)


def _decisions(program_id: int, person: Person) -> list[ColumnElement[bool]]:
    """Those of the program that are not about a pair of this person."""
    about = (Decision.mentor_id, Decision.mentee_id)
    others = (func.coalesce(side, 0) != person.id for side in about)
    return [Decision.program_id == program_id, *others]


async def count(session: AsyncSession, program_id: int, person: Person) -> int:
    found = select(func.count()).select_from(Decision).where(*_decisions(program_id, person))
    return await session.scalar(found) or 0


async def listed(
    session: AsyncSession, program_id: int, person: Person, *, skip: int, limit: int
) -> Sequence[Decided]:
    """The newest first."""
    rows = await session.execute(
        select(Decision, WHO, MENTOR, MENTEE)
        .outerjoin(WHO, WHO.id == Decision.person_id)
        .outerjoin(MENTOR, MENTOR.id == Decision.mentor_id)
        .outerjoin(MENTEE, MENTEE.id == Decision.mentee_id)
        .where(*_decisions(program_id, person))
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .offset(skip)
        .limit(limit)
    )
    return [Decided(*row) for row in rows]


async def tries_since(
    session: AsyncSession, program_id: int, person_id: int, since: datetime
) -> int:
    """How many pairs this manager has wanted to make by hand that could not be."""
    found = (
        select(func.count())
        .select_from(Decision)
        .where(
            Decision.program_id == program_id,
            Decision.person_id == person_id,
            Decision.kind == DecisionKind.TRIED,
            Decision.decided_at >= since,
        )
    )
    return await session.scalar(found) or 0
