"""The people's queries."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import Person, ProgramManager


async def by_slack_user(session: AsyncSession, slack_user_id: str) -> Person | None:
    return await session.scalar(select(Person).where(Person.slack_user_id == slack_user_id))


async def unlinked_by_email(session: AsyncSession, email: str) -> Person | None:
    """The one person HR knows by this address who is not yet known in Slack; None if not exactly
    one, as a shared address says nothing about who somebody is."""
    found = await session.scalars(
        select(Person).where(Person.email == email, Person.slack_user_id.is_(None)).limit(2)
    )
    people = found.all()
    return people[0] if len(people) == 1 else None


async def everyone(session: AsyncSession) -> Sequence[Person]:
    return (await session.scalars(select(Person).order_by(Person.id))).all()


async def levels(session: AsyncSession) -> Sequence[int]:
    """The levels of everybody who works here, one entry a person."""
    found = await session.scalars(
        select(Person.level).where(Person.active, Person.level.is_not(None))
    )
    return [level for level in found if level is not None]


async def hand_programs_over(session: AsyncSession, giver: Person, taker: Person) -> None:
    """What one managed, the other manages; `taker` must manage none of these programs yet."""
    await session.execute(
        update(ProgramManager)
        .where(ProgramManager.person_id == giver.id)
        .values(person_id=taker.id)
        .execution_options(synchronize_session=False)
    )
