"""The people's queries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from bot.bulk import STEP, add_rows, update_rows
from bot.database import insert_new
from bot.people.merge import Facts
from bot.people.sides import changed_side
from models import (
    Enrollment,
    EnrollmentState,
    HrSource,
    HrSourceKind,
    Pair,
    Person,
    Program,
    ProgramManager,
    ProgramState,
    Role,
)
from models.pair import LIVING

FACTS = [getattr(Person, name) for name in Facts._fields]


async def by_slack_user(session: AsyncSession, slack_user_id: str) -> Person | None:
    return await session.scalar(select(Person).where(Person.slack_user_id == slack_user_id))


async def by_slack_users(
    session: AsyncSession, slack_user_ids: Collection[str]
) -> Sequence[Person]:
    ids, found = sorted(slack_user_ids), list[Person]()
    for start in range(0, len(ids), STEP):
        some = Person.slack_user_id.in_(ids[start : start + STEP])
        found += await session.scalars(select(Person).where(some))
    return found


async def unlinked_by_email(session: AsyncSession, email: str) -> Person | None:
    """The one person HR knows by this address who is not yet known in Slack; None if not exactly
    one, as a shared address says nothing about who somebody is."""
    found = await session.scalars(
        select(Person).where(Person.email == email, Person.slack_user_id.is_(None)).limit(2)
    )
    people = found.all()
    return people[0] if len(people) == 1 else None


async def everyone(session: AsyncSession) -> dict[int, Facts]:
    """Plain facts by id, not rows that a session looks after: there may be 100,000."""
    rows = await session.execute(select(*FACTS).order_by(Person.id))
    return {row[0]: Facts(*row) for row in rows}


async def add_known_to_hr(session: AsyncSession, employee_ids: Sequence[str]) -> dict[str, int]:
    """People of whom nothing is known yet but their employee id; returns it with ours."""
    rows = [{"employee_id": one, "name": ""} for one in employee_ids]
    return await add_rows(session, Person, rows, key="employee_id")


async def save(session: AsyncSession, people: Sequence[Facts]) -> None:
    """Writes all facts of these people. Rows the session has loaded do not notice."""
    await update_rows(session, Person, [person._asdict() for person in people])


async def forget(session: AsyncSession, person_ids: Collection[int]) -> None:
    await session.execute(
        delete(Person).where(Person.id.in_(person_ids)).execution_options(synchronize_session=False)
    )


async def mapping(
    session: AsyncSession, workspace_id: int | None, kind: HrSourceKind
) -> Mapping[str, str]:
    """Which column is which field, as an operator said it last; empty if nobody did."""
    mine = (HrSource.workspace_id == workspace_id, HrSource.kind == kind)
    return await session.scalar(select(HrSource.mapping).where(*mine)) or {}


async def remember_mapping(
    session: AsyncSession, kind: HrSourceKind, mapping: Mapping[str, str]
) -> None:
    await insert_new(
        session,
        HrSource,
        [{"workspace_id": session.info["workspace_id"], "kind": kind, "mapping": {}}],
    )
    await session.execute(
        update(HrSource).where(HrSource.kind == kind).values(mapping=dict(mapping))
    )


async def workspaces_of_the_day(session: AsyncSession, today: date) -> Sequence[int]:
    """Where somebody's first day has come or their last one has passed. Across workspaces."""
    query = select(Person.workspace_id).where(_of_the_day(today)).distinct()
    return (await session.scalars(query.order_by(Person.workspace_id))).all()


async def of_the_day(session: AsyncSession, today: date) -> Sequence[Person]:
    return (await session.scalars(select(Person).where(_of_the_day(today)))).all()


def _of_the_day(today: date) -> ColumnElement[bool]:
    """`bot.people.merge.takes_part` says something else of them than `active`."""
    at_work = and_(
        Person.has_left.is_(False),
        Person.account_closed.is_(False),
        or_(Person.starts_on.is_(None), Person.starts_on <= today),
        or_(Person.ends_on.is_(None), Person.ends_on >= today),
    )
    return or_(
        and_(Person.active, Person.ends_on < today),
        and_(Person.active, Person.starts_on > today),
        and_(Person.active.is_(False), Person.starts_on <= today, at_work),
    )


async def stated_managers(session: AsyncSession) -> frozenset[tuple[int, int]]:
    """(person, manager) of all whom people have stated to be their manager. Where that is their
    manager, a program manager has confirmed it."""
    stated = select(Enrollment.person_id, Enrollment.stated_manager_id)
    rows = await session.execute(stated.where(Enrollment.stated_manager_id.is_not(None)))
    return frozenset((person_id, manager_id or 0) for person_id, manager_id in rows)


async def forget_stated_managers(session: AsyncSession, person_ids: Collection[int]) -> None:
    """What these people have stated of their manager is of no use any more."""
    ids = sorted(person_ids)
    for start in range(0, len(ids), STEP):
        await session.execute(
            update(Enrollment)
            .where(Enrollment.person_id.in_(ids[start : start + STEP]))
            .values(stated_manager_id=None)
            .execution_options(synchronize_session=False)
        )


async def levels(session: AsyncSession) -> Sequence[int]:
    """The levels of everybody who works here, one entry a person."""
    found = await session.scalars(
        select(Person.level).where(Person.active, Person.level.is_not(None))
    )
    return [level for level in found if level is not None]


async def move_line(session: AsyncSession, old_path: str, new_path: str) -> None:
    """Whoever had this path has the new one, and everybody below them has it before the rest of
    theirs. Rows that the session has loaded do not notice."""
    assert old_path, "every path begins with nothing"
    rest = func.substr(Person.reporting_path, len(old_path) + 1)
    await session.execute(
        update(Person)
        .where(func.substr(Person.reporting_path, 1, len(old_path)) == old_path)
        .values(reporting_path=literal(new_path) + rest)
        .execution_options(synchronize_session=False)
    )


async def roles_follow_levels(session: AsyncSession) -> Mapping[int, int]:
    """Whoever has no living pair in a program that is not over takes part in it on the side of
    their level (`changed_side`). Returns the enrollments that have changed sides, and whose they
    are; rows the session has loaded do not notice."""
    roles = Enrollment.__table__.c.role.type
    by_level = case(
        (Person.level >= Program.mentee_from_level, literal(Role.MENTEE, roles)),
        else_=literal(Role.MENTOR, roles),
    )
    paired = union_all(
        select(Pair.program_id, Pair.mentor_id).where(Pair.state.in_(LIVING)),
        select(Pair.program_id, Pair.mentee_id).where(Pair.state.in_(LIVING)),
    )
    moved = await session.execute(
        update(Enrollment)
        .where(
            Person.id == Enrollment.person_id,
            Program.id == Enrollment.program_id,
            Program.state != ProgramState.CLOSED,
            Person.level.is_not(None),
            Enrollment.role != by_level,
            tuple_(Enrollment.program_id, Enrollment.person_id).not_in(paired),
        )
        .values(changed_side(by_level))
        .returning(Enrollment.id, Enrollment.person_id)
        .execution_options(synchronize_session=False)
    )
    return dict(moved.all())


async def managers_of(session: AsyncSession, person_ids: Collection[int]) -> frozenset[int]:
    """Whoever manages a program that one of these people has applied for."""
    ids, found = sorted(person_ids), set[int]()
    for start in range(0, len(ids), STEP):
        found |= set(
            await session.scalars(
                select(ProgramManager.person_id)
                .join(Enrollment, Enrollment.program_id == ProgramManager.program_id)
                .where(Enrollment.person_id.in_(ids[start : start + STEP]))
                .distinct()
            )
        )
    return frozenset(found)


async def to_be_told(
    session: AsyncSession, enrollment_ids: Collection[int]
) -> Sequence[tuple[Enrollment, Program, Person]]:
    """Those of these enrollments, as they are now, with which somebody who works here takes part
    in a program that has not begun to close, or waits to."""
    ids, found = sorted(enrollment_ids), []
    for start in range(0, len(ids), STEP):
        rows = await session.execute(
            select(Enrollment, Program, Person)
            .join(Program, Program.id == Enrollment.program_id)
            .join(Person, Person.id == Enrollment.person_id)
            .where(
                Enrollment.id.in_(ids[start : start + STEP]),
                Enrollment.state.not_in((EnrollmentState.DECLINED, EnrollmentState.LEFT)),
                Program.state.not_in((ProgramState.CLOSING, ProgramState.CLOSED)),
                Person.active,
                Person.slack_user_id.is_not(None),
            )
            .order_by(Enrollment.id)
            .execution_options(populate_existing=True)
        )
        found += [(enrolled, program, person) for enrolled, program, person in rows]
    return found
