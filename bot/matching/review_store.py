"""The queries of who looks at a match run. Of a big one nothing reads more than a page, but what
says so."""

from collections import Counter
from collections.abc import Sequence
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    func,
    literal,
    not_,
    or_,
    select,
    union,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.matching.explanations import Point
from bot.matching.summary_store import BOTH_SAID_YES
from bot.views.modals.match_run import Counts, LeftAlone, Listed, Two
from models import (
    Hold,
    HoldKind,
    LeftOver,
    MatchRun,
    MatchRunState,
    Person,
    Proposal,
    Role,
)

IN_VAIN, WAITS = Point("asked_in_vain").as_json(), Point("goes_on_waiting").as_json()
MENTOR, MENTEE = aliased(Person), aliased(Person)


def of_run(run: MatchRun) -> list[ColumnElement[bool]]:
    """Its pairs: once its people were asked, those that came about."""
    pairs = Proposal.match_run_id == run.id
    return [pairs, BOTH_SAID_YES] if _is_concluded(run) else [pairs]


def _is_concluded(run: MatchRun) -> bool:
    return run.answer_by is not None and run.state is MatchRunState.PUBLISHED


def _holds(run: MatchRun, person: Person, kind: HoldKind) -> list[ColumnElement[bool]]:
    """Those of the program that are not about this person."""
    about = (Hold.mentor_id, Hold.mentee_id)
    others = (side != person.id for side in about)
    return [Hold.program_id == run.program_id, Hold.kind == kind, *others]


async def counts(session: AsyncSession, run: MatchRun, person: Person) -> Counts:
    pairs = await session.scalar(select(func.count()).select_from(Proposal).where(*of_run(run)))
    left_over = await session.execute(
        select(LeftOver.role, func.count())
        .where(LeftOver.match_run_id == run.id)
        .group_by(LeftOver.role)
    )
    by_role = Counter({role: int(count) for role, count in left_over})
    if _is_concluded(run):
        roles = await session.scalars(select(_in_vain(run).c.role))
        by_role.update(Role(role) for role in roles)
    held = {
        kind: await session.scalar(
            select(func.count()).select_from(Hold).where(*_holds(run, person, kind))
        )
        for kind in HoldKind
    }
    locked, never = held[HoldKind.LOCKED] or 0, held[HoldKind.FORBIDDEN] or 0
    return Counts(pairs or 0, locked, by_role, never)


async def listed(
    session: AsyncSession, run: MatchRun, person: Person, what: Listed, *, skip: int, limit: int
) -> Sequence[Two | LeftAlone]:
    if what is Listed.LEFT_OVER:
        return await _left_over(session, run, skip, limit)
    if what is Listed.NEVER:
        return await _never(session, run, person, skip, limit)
    if what is Listed.LOCKED:
        return await _locked(session, run, person, skip, limit)
    score = Proposal.score.asc() if what is Listed.WEAKEST else Proposal.score.desc()
    rows = await session.execute(
        select(MENTOR, MENTEE, Proposal)
        .join(MENTOR, MENTOR.id == Proposal.mentor_id)
        .join(MENTEE, MENTEE.id == Proposal.mentee_id)
        .where(*of_run(run))
        .order_by(score, Proposal.id)
        .offset(skip)
        .limit(limit)
    )
    return [Two(*row) for row in rows]


async def _left_over(
    session: AsyncSession, run: MatchRun, skip: int, limit: int
) -> Sequence[LeftAlone]:
    """Those whom the run had no partner for, and after them those who were asked in vain."""
    of_them = LeftOver.match_run_id == run.id
    rows = await session.execute(
        select(Person, LeftOver)
        .join(LeftOver, LeftOver.person_id == Person.id)
        .where(of_them)
        .order_by(LeftOver.role, Person.name, Person.id)
        .offset(skip)
        .limit(limit)
    )
    found = [LeftAlone(*row) for row in rows]
    if not _is_concluded(run) or len(found) == limit:
        return found
    before = await session.scalar(select(func.count()).select_from(LeftOver).where(of_them)) or 0
    in_vain = _in_vain(run)
    asked = await session.execute(
        select(Person, in_vain.c.role)
        .join(in_vain, in_vain.c.person_id == Person.id)
        .order_by(in_vain.c.role, Person.name, Person.id)
        .offset(max(0, skip - before))
        .limit(limit - len(found))
    )
    return [
        *found,
        *(
            LeftAlone(person, LeftOver(role=Role(role), reason=IN_VAIN, help=WAITS))
            for person, role in asked
        ),
    ]


def _in_vain(run: MatchRun) -> Subquery:
    """Who was asked for their yes, and is in no pair that has come about. The two of a pair are
    treated alike, whoever said what."""
    pairs = Proposal.match_run_id == run.id
    sides = {Role.MENTOR: Proposal.mentor_id, Role.MENTEE: Proposal.mentee_id}
    made = union(*(select(side).where(pairs, BOTH_SAID_YES) for side in sides.values()))
    return union(
        *(
            select(side.label("person_id"), literal(role.value).label("role")).where(
                pairs, not_(BOTH_SAID_YES), side.not_in(made)
            )
            for role, side in sides.items()
        )
    ).subquery()


async def _locked(
    session: AsyncSession, run: MatchRun, person: Person, skip: int, limit: int
) -> Sequence[Two]:
    """Those first that the run could not keep."""
    proposed = and_(
        *of_run(run), Proposal.mentor_id == Hold.mentor_id, Proposal.mentee_id == Hold.mentee_id
    )
    rows = await session.execute(
        select(MENTOR, MENTEE, Proposal, Hold)
        .select_from(Hold)
        .join(MENTOR, MENTOR.id == Hold.mentor_id)
        .join(MENTEE, MENTEE.id == Hold.mentee_id)
        .outerjoin(Proposal, proposed)
        .where(*_holds(run, person, HoldKind.LOCKED))
        .order_by(Proposal.id.is_not(None), Proposal.score, Hold.id)
        .offset(skip)
        .limit(limit)
    )
    found = cast("Sequence[tuple[Person, Person, Proposal | None, Hold]]", rows.all())
    return [
        Two(mentor, mentee, held if proposal is None else proposal)
        for mentor, mentee, proposal, held in found
    ]


async def _never(
    session: AsyncSession, run: MatchRun, person: Person, skip: int, limit: int
) -> Sequence[Two]:
    rows = await session.execute(
        select(MENTOR, MENTEE, Hold)
        .join(MENTOR, MENTOR.id == Hold.mentor_id)
        .join(MENTEE, MENTEE.id == Hold.mentee_id)
        .where(*_holds(run, person, HoldKind.FORBIDDEN))
        .order_by(Hold.id)
        .offset(skip)
        .limit(limit)
    )
    return [Two(*row) for row in rows]


async def newest_after(session: AsyncSession, run_id: int) -> MatchRun | None:
    """The newest run of the same program that is younger than this one, if it has been worked out
    and was not dropped."""
    program_id = select(MatchRun.program_id).where(MatchRun.id == run_id).scalar_subquery()
    found = select(MatchRun).where(
        MatchRun.program_id == program_id,
        MatchRun.id > run_id,
        MatchRun.state.not_in((MatchRunState.REQUESTED, MatchRunState.DROPPED)),
    )
    return await session.scalar(found.order_by(MatchRun.id.desc()).limit(1))


async def certificate(session: AsyncSession, run_id: int) -> bytes | None:
    return await session.scalar(select(MatchRun.certificate).where(MatchRun.id == run_id))


async def two(session: AsyncSession, run_id: int) -> Sequence[tuple[int, int]]:
    """Mentor and mentee of all its pairs."""
    rows = await session.execute(
        select(Proposal.mentor_id, Proposal.mentee_id)
        .where(Proposal.match_run_id == run_id)
        .order_by(Proposal.id)
    )
    return [(mentor_id, mentee_id) for mentor_id, mentee_id in rows]


async def left_over_ids(session: AsyncSession, run_id: int) -> Sequence[int]:
    """Of all whom it left over."""
    found = select(LeftOver.person_id).where(LeftOver.match_run_id == run_id)
    return (await session.scalars(found)).all()


async def everybody(
    session: AsyncSession, run: MatchRun
) -> Sequence[tuple[str, int | None, float | None]]:
    """The department and level of everybody in the run, and the mean score of their pairs, None
    without any."""
    found: list[tuple[str, int | None, float | None]] = []
    for side in (Proposal.mentor_id, Proposal.mentee_id):
        rows = await session.execute(
            select(Person.department, Person.level, func.avg(Proposal.score))
            .join(Proposal, side == Person.id)
            .where(*of_run(run))
            .group_by(Person.id, Person.department, Person.level)
        )
        found += [(department, level, score) for department, level, score in rows]
    alone = [Person.id.in_(select(LeftOver.person_id).where(LeftOver.match_run_id == run.id))]
    if _is_concluded(run):
        alone.append(Person.id.in_(select(_in_vain(run).c.person_id)))
    left_over = await session.execute(select(Person.department, Person.level).where(or_(*alone)))
    return [*found, *((department, level, None) for department, level in left_over)]
