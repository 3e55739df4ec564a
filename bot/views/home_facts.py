"""What a Home tells its person, before it is put into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models import Enrollment, EnrollmentState, MatchRun, Pair, PairState, Person, Program, Role


@dataclass(frozen=True)
class OwnProgram:
    """A program the person takes part in, or would like to. `place` is theirs on the waiting list,
    from 1, and 0 for somebody who is not on it. `pairs` counts those that are not over, or were
    completed, and `has_active_pair` says whether one of them meets at the moment."""

    program: Program
    enrollment: Enrollment
    is_open: bool
    place: int
    pairs: int
    has_active_pair: bool

    @property
    def is_in(self) -> bool:
        return self.enrollment.state is EnrollmentState.ENROLLED


@dataclass(frozen=True)
class OwnPair:
    """One of the person's pairs that is not over. `week` is its week of the program, 0 or less
    before it begins. `unmet` is the period under way, while nobody has said that they met in it.
    `next_at` is when the pair hears from us next; what comes to one of the two alone is left out.
    """

    pair: Pair
    program: Program
    partner: Person
    week: int
    meetings: int
    unmet: int | None
    next_at: datetime | None
    goals: int
    goal_until: date | None


@dataclass(frozen=True)
class ToJoin:
    """A program the person could join."""

    program: Program
    invited: bool


@dataclass(frozen=True)
class ManagedProgram:
    """A program the person manages, in figures only. `waiting` are those who can be matched;
    `applications` wait for a program manager's answer. `verbs` are what can be done with it today,
    as the words of `/mentoring program`. `run` is the newest match run of which something may still
    come, if there is one."""

    program: Program
    week: int
    verbs: Sequence[str]
    joined: Mapping[Role, int]
    waiting: Mapping[Role, int]
    applications: int
    waitlisted: int
    pairs: Mapping[PairState, int]
    run: MatchRun | None = None


@dataclass(frozen=True)
class HomeFacts:
    today: date
    programs: Sequence[OwnProgram]
    pairs: Sequence[OwnPair]
    to_join: Sequence[ToJoin]
    managed: Sequence[ManagedProgram]
