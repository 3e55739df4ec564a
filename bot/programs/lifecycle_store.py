"""The queries about a program's way, its team, and everybody who takes part."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import IntEnum

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.views.modals.close_program import Size
from models import (
    Delivery,
    Enrollment,
    Invitation,
    Pair,
    PairState,
    Person,
    Program,
    ProgramManager,
    ProgramState,
    Sponsor,
)
from models.enrollment import TAKING_PART, UNDECIDED
from models.pair import LIVING

REMINDED_BEFORE = timedelta(days=2)
"""So long before the last day to join, people are reminded of it."""


class Past(IntEnum):
    """What became of somebody's pair in a program, the best last.

    GONE: it ended before the program did. TOLD: it ended with the program, which was said to the
    two. PARTNER: they have a partner, or had one to the end.
    """

    GONE = 1
    TOLD = 2
    PARTNER = 3


async def exists(session: AsyncSession) -> bool:
    """Whether there is a program here that is not closed."""
    query = select(Program.id).where(Program.state != ProgramState.CLOSED)
    return await session.scalar(query.limit(1)) is not None


async def locked(session: AsyncSession, program_id: int) -> Program | None:
    """As it is now, and nobody changes it until this transaction is over."""
    return await session.get(Program, program_id, with_for_update=True, populate_existing=True)


async def names(session: AsyncSession) -> frozenset[str]:
    """Of all programs there have been."""
    return frozenset(await session.scalars(select(Program.name)))


async def departments(session: AsyncSession) -> Sequence[str]:
    """Those that people who work here are in, by name."""
    found = await session.scalars(
        select(Person.department)
        .where(Person.active, Person.department != "")
        .distinct()
        .order_by(Person.department)
    )
    return found.all()


async def team(
    session: AsyncSession, table: type[ProgramManager | Sponsor | Invitation], program_id: int
) -> Sequence[Person]:
    """The managers, sponsors or invited of a program who work here and are in Slack."""
    found = await session.scalars(
        select(Person)
        .join(table, table.person_id == Person.id)
        .where(table.program_id == program_id, Person.active, Person.slack_user_id.is_not(None))
        .order_by(Person.id)
    )
    return found.all()


async def people(session: AsyncSession, person_ids: Collection[int]) -> Sequence[Person]:
    found = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id)
    return (await session.scalars(found)).all()


async def put_into_team(
    session: AsyncSession,
    table: type[ProgramManager | Sponsor | Invitation],
    program_id: int,
    person_ids: Collection[int],
) -> frozenset[int]:
    """From now on these and nobody else; returns who is new."""
    before = frozenset(
        await session.scalars(select(table.person_id).where(table.program_id == program_id))
    )
    await session.execute(
        delete(table)
        .where(table.program_id == program_id, table.person_id.not_in(person_ids))
        .execution_options(synchronize_session=False)
    )
    new = frozenset(person_ids) - before
    session.add_all(table(program_id=program_id, person_id=one) for one in sorted(new))
    await session.flush()
    return new


async def without_manager(session: AsyncSession) -> Sequence[Program]:
    """The programs that are not over and whose managers have all left, the newest first."""
    found = await session.scalars(
        select(Program).where(_is_without_manager()).order_by(Program.id.desc())
    )
    return found.all()


async def taking_part(
    session: AsyncSession, program_id: int
) -> Sequence[tuple[Enrollment, Person]]:
    """Everybody who has joined, applied or waits, and works here."""
    rows = await session.execute(
        select(Enrollment, Person)
        .join(Person, Person.id == Enrollment.person_id)
        .where(
            Enrollment.program_id == program_id,
            Enrollment.state.in_(TAKING_PART),
            Person.active,
            Person.slack_user_id.is_not(None),
        )
        .order_by(Person.id)
    )
    return [(enrolled, person) for enrolled, person in rows]


async def sizes(session: AsyncSession, program_ids: Collection[int]) -> Mapping[int, Size]:
    """Of people who work here, and of pairs that have not come to their end."""
    going_on = Pair.state.not_in((PairState.COMPLETED, PairState.ENDED))
    paired = select(Pair.id).where(
        Pair.program_id == Enrollment.program_id,
        or_(Pair.mentor_id == Enrollment.person_id, Pair.mentee_id == Enrollment.person_id),
        Pair.state != PairState.ENDED,
    )
    people = (
        select(Enrollment.program_id, Enrollment.state, paired.exists().label("paired"))
        .join(Person, Person.id == Enrollment.person_id)
        .where(
            Enrollment.program_id.in_(program_ids),
            Enrollment.state.in_(TAKING_PART),
            Person.active,
        )
        .subquery()
    )
    key = (people.c.program_id, people.c.state, people.c.paired)
    counted = await session.execute(select(*key, func.count()).group_by(*key))
    pairs = await session.execute(
        select(Pair.program_id, func.count())
        .where(Pair.program_id.in_(program_ids), going_on)
        .group_by(Pair.program_id)
    )
    found = {program_id: Size() for program_id in program_ids}
    for program_id, state, is_paired, count in counted:
        one = found[program_id]
        found[program_id] = replace(
            one,
            people=one.people + count,
            alone=one.alone + count * (not is_paired),
            applications=one.applications + count * (state in UNDECIDED),
        )
    for program_id, count in pairs:
        found[program_id] = replace(found[program_id], pairs=count)
    return found


async def ids_taking_part(session: AsyncSession, program_id: int) -> Sequence[int]:
    """Who has joined, applied or waits."""
    found = await session.scalars(
        select(Enrollment.person_id).where(
            Enrollment.program_id == program_id, Enrollment.state.in_(TAKING_PART)
        )
    )
    return found.all()


async def pasts(session: AsyncSession, program_id: int) -> Mapping[int, Past]:
    """The best that became of each person's pairs, by person. Pairs that ended before the two were
    introduced are left out, except when that is how they heard of the program's end."""
    noted = select(Delivery.id).where(Delivery.pair_id == Pair.id)
    rows = await session.execute(
        select(
            Pair.mentor_id,
            Pair.mentee_id,
            Pair.state,
            Pair.channel_id,
            noted.where(Delivery.kind == "pair_ended").exists(),
            noted.where(Delivery.kind == "pair_ended_early").exists(),
        ).where(Pair.program_id == program_id)
    )
    best: dict[int, Past] = {}
    for mentor_id, mentee_id, state, channel_id, parted, told in rows:
        if state is not PairState.ENDED:
            past = Past.PARTNER
        elif told:
            past = Past.TOLD
        elif channel_id is None:
            continue
        else:
            past = Past.GONE if parted else Past.PARTNER
        for person_id in (mentor_id, mentee_id):
            best[person_id] = max(past, best.get(person_id, past))
    return best


async def has_living_pairs(session: AsyncSession, program_id: int) -> bool:
    query = select(Pair.id).where(Pair.program_id == program_id, Pair.state.in_(LIVING))
    return await session.scalar(query.limit(1)) is not None


async def of_the_day(session: AsyncSession, today: date) -> Sequence[tuple[int, int]]:
    """(workspace, program) of those for which a day may have come. Across workspaces."""
    soon = today + REMINDED_BEFORE
    unreminded = or_(Program.reminded_for.is_(None), Program.reminded_for != Program.join_by)
    living = select(Pair.id).where(Pair.program_id == Program.id, Pair.state.in_(LIVING))
    undecided = select(Enrollment.id).where(
        Enrollment.program_id == Program.id, Enrollment.state.in_(UNDECIDED)
    )
    enrolling = and_(Program.state == ProgramState.ENROLLING, Program.paused_at.is_(None))
    running = and_(Program.state == ProgramState.RUNNING, Program.paused_at.is_(None))
    rows = await session.execute(
        select(Program.workspace_id, Program.id)
        .where(
            or_(
                and_(enrolling, Program.join_by < today),
                and_(enrolling, Program.join_by <= soon, unreminded),
                and_(running, Program.starts_on < today, ~living.exists()),
                and_(running, Program.starts_on < today, undecided.exists()),
                and_(Program.state == ProgramState.CLOSING, Program.closes_on < today),
                _is_without_manager(),
            )
        )
        .order_by(Program.id)
    )
    return [(workspace_id, program_id) for workspace_id, program_id in rows]


def _is_without_manager() -> ColumnElement[bool]:
    active = (
        select(ProgramManager.id)
        .join(Person, Person.id == ProgramManager.person_id)
        .where(ProgramManager.program_id == Program.id, Person.active)
    )
    return and_(Program.state != ProgramState.CLOSED, ~active.exists())
