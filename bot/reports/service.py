"""What program managers see of a program, and participants of themselves."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import next_monday
from bot.enrollment import store as enrollment_store
from bot.pairs import store as pairs
from bot.pairs.store import Partnership
from bot.programs import service as program_service
from bot.programs import store as programs
from bot.reports import measures, store
from bot.reports.measures import ProgramFigures
from bot.reports.store import PairFacts
from bot.roles import Act
from bot.runtime import Runtime
from bot.views.status import Own, ProgramStatus
from models import DeliveryState, Enrollment, EnrollmentState, PairState, Person, Program, Role
from models.pair import LIVING

WAITING = (DeliveryState.DUE, DeliveryState.CLAIMED, DeliveryState.IN_DOUBT)
UNDER_WAY = (*LIVING, PairState.CLOSING)
FAILED = (DeliveryState.FAILED, DeliveryState.GONE, DeliveryState.LET_GO)


async def program_report(
    session: AsyncSession, runtime: Runtime, person: Person, program: Program
) -> ProgramStatus:
    """What a program's managers see. Raises UserFacingError for anybody else."""
    await program_service.require_manager(session, person, Act.SEE_PROGRAM_STATUS, program.id)
    now = runtime.clock()
    figures = await program_figures(session, program, now)
    return ProgramStatus(
        program=program,
        week=_week(program, figures, now.date()),
        rows=_rows(figures),
        quiet_pairs=figures.quiet_pairs,
        quiet_weeks=measures.quiet_after(program.cadence.weeks).days // 7,
    )


async def program_figures(session: AsyncSession, program: Program, now: datetime) -> ProgramFigures:
    enrolled = await store.enrolled(session, program.id)
    waiting = [enrollment.role for enrollment, _ in await programs.waiting(session, program.id)]
    facts = await store.pairs(session, program.id)
    messages = await store.deliveries(session, program.id)
    return ProgramFigures(
        mentors=enrolled.get(Role.MENTOR, 0),
        mentees=enrolled.get(Role.MENTEE, 0),
        waiting_mentors=waiting.count(Role.MENTOR),
        waiting_mentees=waiting.count(Role.MENTEE),
        active_pairs=sum(pair.state in UNDER_WAY for pair in facts),
        paused_pairs=sum(pair.state is PairState.PAUSED for pair in facts),
        completed_pairs=sum(pair.completed for pair in facts),
        ended_pairs=sum(pair.state is PairState.ENDED and not pair.completed for pair in facts),
        pairs_that_met=sum(pair.meetings > 0 for pair in facts),
        quiet_pairs=sum(_is_quiet(program, pair, now) for pair in facts),
        meetings=sum(pair.meetings for pair in facts),
        expected_meetings=sum(_expected(program, pair, now.date()) for pair in facts),
        pairs_with_goal=sum(pair.goals > 0 for pair in facts),
        messages_sent=messages.get(DeliveryState.SENT, 0),
        messages_waiting=sum(messages.get(state, 0) for state in WAITING),
        messages_failed=sum(messages.get(state, 0) for state in FAILED),
    )


async def own_status(session: AsyncSession, runtime: Runtime, person: Person) -> list[Own]:
    """One entry for each of the person's pairs, and for each program in which they have none; the
    newest program first."""
    found = await pairs.of_person(session, person.id)
    today, entries = runtime.clock().date(), []
    for enrollment, program in await store.enrollments_of(session, person.id):
        own: list[Partnership | None] = [
            one
            for one in found
            if one.program.id == program.id and one.pair.state is not PairState.ENDED
        ]
        for one in own or [None]:
            entries.append(await _own(session, person, (enrollment, program), one, today))
    return entries


async def _own(
    session: AsyncSession,
    person: Person,
    joined: tuple[Enrollment, Program],
    found: Partnership | None,
    today: date,
) -> Own:
    enrollment, program = joined
    if found is None:
        is_waitlisted = enrollment.state is EnrollmentState.WAITLISTED
        place = await enrollment_store.place(session, enrollment) if is_waitlisted else 0
        return Own(program, enrollment, None, None, 0, 0, 0, place)
    meetings, goals = await store.meetings_and_goals(session, found.pair.id)
    return Own(
        program=program,
        enrollment=enrollment,
        pair=found.pair,
        partner=found.mentee if person.id == found.mentor.id else found.mentor,
        week=measures.week_of(found.pair.first_week_on, today),
        meetings=meetings,
        goals=goals,
    )


def _rows(figures: ProgramFigures) -> dict[str, dict[str, int]]:
    return {
        "enrolled": {"mentors": figures.mentors, "mentees": figures.mentees},
        "waiting": {"mentors": figures.waiting_mentors, "mentees": figures.waiting_mentees},
        "pairs": {
            "active": figures.active_pairs,
            "paused": figures.paused_pairs,
            "completed": figures.completed_pairs,
            "ended": figures.ended_pairs,
        },
        "meetings": {
            "total": figures.meetings,
            "expected": figures.expected_meetings,
            "met": figures.pairs_that_met,
            "pairs": figures.pairs,
        },
        "goals": {"pairs": figures.pairs_with_goal, "total": figures.pairs},
        "messages": {
            "sent": figures.messages_sent,
            "waiting": figures.messages_waiting,
            "failed": figures.messages_failed,
        },
    }


def _week(program: Program, figures: ProgramFigures, today: date) -> int:
    """The program's week; its last one as long as some pairs, made late, still run."""
    week = measures.week_of(next_monday(program.starts_on), today)
    return min(week, program.weeks) if figures.active_pairs else week


def _expected(program: Program, pair: PairFacts, today: date) -> int:
    """A pair that rests or is paused is not expected to have met since."""
    until = pair.resting_since or today
    return measures.expected_meetings(
        pair.first_week_on, until, program.weeks, program.cadence.weeks
    )


def _is_quiet(program: Program, pair: PairFacts, now: datetime) -> bool:
    active, weeks = pair.state is PairState.ACTIVE, program.cadence.weeks
    return active and measures.is_quiet(pair.first_week_on, pair.last_met_at, now, weeks)
