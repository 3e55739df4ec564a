"""What a Home tells its person, put together from rows that have been read. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import next_monday
from bot.enrollment import audience
from bot.errors import UserFacingError
from bot.home.store import Goals
from bot.pairs.store import Partnership
from bot.programs import lifecycle
from bot.reports import measures
from bot.views.home_facts import ManagedProgram, OwnPair, OwnProgram, ToJoin
from models import (
    Enrollment,
    EnrollmentState,
    MatchRun,
    PairState,
    Person,
    Program,
    ProgramState,
    Role,
)
from models.enrollment import UNDECIDED

OVER = (PairState.COMPLETED, PairState.ENDED)


@dataclass(frozen=True)
class PairFigures:
    """By pair: the periods it has met in, its goals if it has any, and when it hears from us."""

    met: Mapping[int, Collection[int]]
    goals: Mapping[int, Goals]
    next_at: Mapping[int, datetime]


@dataclass(frozen=True)
class ProgramFigures:
    """How many people are in which role and state of a program, those of them who can be matched,
    how many pairs are in which state, and the match run that something may still come of."""

    enrolled: Mapping[tuple[int, Role, EnrollmentState], int]
    waiting: Mapping[tuple[int, Role, EnrollmentState], int]
    pairs: Mapping[int, Mapping[PairState, int]]
    runs: Mapping[int, MatchRun]


def own_programs(
    enrolled: Sequence[tuple[Enrollment, Program]],
    partnerships: Sequence[Partnership],
    places: Mapping[int, int],
    today: date,
) -> list[OwnProgram]:
    """Those that are not closed. Somebody who has left reads of it while they can come back."""
    paired = [found.program.id for found in partnerships if found.pair.state is not PairState.ENDED]
    active = {found.program.id for found in partnerships if found.pair.state is PairState.ACTIVE}
    own = [
        OwnProgram(
            program=program,
            enrollment=enrollment,
            is_open=lifecycle.is_joinable(program, today),
            place=places.get(enrollment.id, 0),
            pairs=paired.count(program.id),
            has_active_pair=program.id in active,
        )
        for enrollment, program in enrolled
    ]
    return [one for one in own if one.is_open or one.enrollment.state is not EnrollmentState.LEFT]


def own_pair(found: Partnership, person: Person, said: PairFigures, today: date) -> OwnPair:
    pair, program = found.pair, found.program
    met, goals = said.met[pair.id], said.goals.get(pair.id)
    week = measures.week_of(pair.first_week_on, today)
    period = (week - 1) // program.cadence.weeks + 1
    return OwnPair(
        pair=pair,
        program=program,
        partner=found.mentee if person.id == found.mentor.id else found.mentor,
        week=week,
        meetings=len(met),
        unmet=period if 1 <= period <= program.periods and period not in met else None,
        next_at=said.next_at.get(pair.id),
        goals=goals.count if goals else 0,
        goal_until=goals.until if goals else None,
    )


def to_join(
    joinable: Sequence[Program],
    person: Person,
    *,
    known: Collection[int],
    invited: Collection[int],
) -> list[ToJoin]:
    """The programs that are open to the person, without those they `know`: they are in them, have
    been, or manage them."""
    return [
        ToJoin(program, invited=program.id in invited)
        for program in joinable
        if program.id not in known and _admits(program, person, invited=program.id in invited)
    ]


def managed(program: Program, counted: ProgramFigures, today: date) -> ManagedProgram:
    """Nobody waits for anything any more in a program that comes to its end."""

    def people(of: Mapping[tuple[int, Role, EnrollmentState], int]) -> Mapping[Role, int]:
        return {role: of.get((program.id, role, EnrollmentState.ENROLLED), 0) for role in Role}

    def both(*states: EnrollmentState) -> int:
        return sum(
            counted.enrolled.get((program.id, role, state), 0) for role in Role for state in states
        )

    ends = program.state is ProgramState.CLOSING
    return ManagedProgram(
        program=program,
        week=measures.week_of(next_monday(program.starts_on), today),
        verbs=lifecycle.verbs(program, today),
        joined=people(counted.enrolled),
        waiting={} if ends else people(counted.waiting),
        applications=0 if ends else both(*UNDECIDED),
        waitlisted=0 if ends else both(EnrollmentState.WAITLISTED),
        pairs=counted.pairs[program.id],
        run=None if ends else counted.runs.get(program.id),
    )


def _admits(program: Program, person: Person, *, invited: bool) -> bool:
    try:
        audience.require_admissible(program, person, person.level, invited=invited, managers="")
    except UserFacingError:
        return False
    return True
