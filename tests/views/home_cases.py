"""Every Home, in every form it can take, by the name of its golden file."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count

from bot.programs import lifecycle
from bot.views import home
from bot.views.home_facts import HomeFacts, ManagedProgram, OwnPair, OwnProgram, ToJoin
from models import (
    Cadence,
    Enrollment,
    EnrollmentState,
    MatchRun,
    MatchRunState,
    Pair,
    PairState,
    Program,
    ProgramState,
    Role,
    Space,
)
from prompts.library import Library
from tests.views.cases import PLAIN, Payload, Style, person

TODAY = date(2026, 1, 28)
LATER = date(2026, 1, 30)
MOMENT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Made:
    """The things that a Home is about, with one style of writing."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self._ids = count(1)

    def program(self, state: ProgramState = ProgramState.RUNNING, **settings: object) -> Program:
        plain = {"weeks": 12, "cadence": Cadence.WEEKLY, "starts_on": date(2026, 1, 19)}
        return Program(
            id=next(self._ids),
            name=self.style.words("Fresh Eyes", 80),
            state=state,
            admin_channel_id="C0000009",
            topics=["digital-tools"],
            **{"space": Space.PRIVATE_CHANNEL, "training_required": False, **plain, **settings},
        )

    def own(
        self,
        state: EnrollmentState = EnrollmentState.ENROLLED,
        *,
        program: Program | None = None,
        is_open: bool = True,
        pairs: int = 0,
        meets: bool = True,
        **more: object,
    ) -> OwnProgram:
        plain = {"lesson_cards": 0, "lesson_done_at": MOMENT, "skips_match": False}
        plain["topics"] = ["digital-tools"]
        enrollment = Enrollment(
            id=next(self._ids), role=Role.MENTOR, state=state, **{**plain, **more}
        )
        place = 3 if state is EnrollmentState.WAITLISTED else 0
        return OwnProgram(
            program or self.program(), enrollment, is_open, place, pairs, bool(pairs) and meets
        )

    def pair(
        self,
        state: PairState = PairState.ACTIVE,
        *,
        week: int = 2,
        meetings: int = 1,
        unmet: int | None = None,
        prompted: bool = False,
        goals: int = 1,
        **settings: object,
    ) -> OwnPair:
        number = next(self._ids)
        return OwnPair(
            pair=Pair(
                id=number,
                state=state,
                channel_id=f"C{number:07d}",
                first_week_on=date(2026, 2, 2),
            ),
            program=self.program(**settings),
            partner=person(number, level=6),
            week=week,
            meetings=meetings,
            unmet=unmet,
            next_at=datetime(2026, 2, 2, 10, 0, tzinfo=UTC) if prompted else None,
            goals=goals,
            goal_until=date(2026, 3, 2) if goals else None,
        )

    def managed(
        self,
        state: ProgramState,
        *,
        people: int = 2,
        week: int = 2,
        run: MatchRun | None = None,
        **more: object,
    ) -> ManagedProgram:
        pairs = {PairState.OPENING: 1, PairState.ACTIVE: people, PairState.RESTING: 1}
        begun = state in (ProgramState.RUNNING, ProgramState.CLOSING)
        program = self.program(state, **more)
        return ManagedProgram(
            program=program,
            week=week,
            verbs=lifecycle.verbs(program, TODAY),
            joined=dict.fromkeys(Role, people),
            waiting=dict.fromkeys(Role, people // 2),
            applications=people // 2,
            waitlisted=0,
            pairs={**pairs, PairState.PAUSED: 1, PairState.COMPLETED: 0} if begun else {},
            run=run,
        )


def home_cases(library: Library, style: Style = PLAIN) -> dict[str, Payload]:
    made = Made(style)
    told = {
        "nothing": _facts(),
        "to_join": _to_join(made),
        "not_in": _not_in(made),
        "waiting": _waiting(made),
        "of_programs_that_close": _of_programs_that_close(made),
        "in_a_pair": _in_a_pair(made),
        "in_a_pair_that_rests": _facts(
            [made.own(pairs=1, meets=False)], [made.pair(PairState.RESTING)]
        ),
        "in_many_pairs": _in_many_pairs(made),
        "of_a_manager": _of_a_manager(made),
        "of_a_manager_with_match_runs": _with_match_runs(made),
        "overfull": _overfull(made),
    }
    cases = {f"home_{name}": home.of_person(library, facts) for name, facts in told.items()}
    sentence = library.say("errors.unknown_person")
    return cases | {"home_of_a_stranger": home.of_stranger(library, sentence)}


def _facts(
    programs: Sequence[OwnProgram] = (),
    pairs: Sequence[OwnPair] = (),
    to_join: Sequence[ToJoin] = (),
    managed: Sequence[ManagedProgram] = (),
) -> HomeFacts:
    return HomeFacts(TODAY, programs, pairs, to_join, managed)


def _to_join(made: Made) -> HomeFacts:
    return _facts(
        to_join=[
            ToJoin(made.program(ProgramState.ENROLLING, join_by=day), invited=invited)
            for invited in (True, False)
            for day in (LATER, None)
        ]
    )


def _not_in(made: Made) -> HomeFacts:
    states = (
        EnrollmentState.APPLIED,
        EnrollmentState.TALKING,
        EnrollmentState.WAITLISTED,
        EnrollmentState.DECLINED,
        EnrollmentState.LEFT,
    )
    return _facts([made.own(state, lesson_done_at=None) for state in states])


def _waiting(made: Made) -> HomeFacts:
    soon = {"join_by": LATER, "starts_on": date(2026, 2, 9)}
    until = {"program": made.program(ProgramState.ENROLLING, **soon)}
    strict = {"program": made.program(training_required=True)}
    rests = {"paused_since": TODAY, "paused_until": LATER}
    return _facts(
        [
            made.own(**until),
            made.own(lesson_done_at=None, lesson_cards=2, **strict),
            made.own(skips_match=True),
            made.own(topics=["inclusion"]),
            made.own(**rests),
            made.own(paused_since=TODAY, program=made.program(paused_at=MOMENT)),
            made.own(EnrollmentState.ENROLLED, program=made.program(ProgramState.CLOSING)),
        ]
    )


def _of_programs_that_close(made: Made) -> HomeFacts:
    def closing() -> Program:
        return made.program(ProgramState.CLOSING, paused_at=MOMENT)

    alone = [
        made.own(state, program=closing(), skips_match=True, paused_since=None)
        for state in (
            EnrollmentState.APPLIED,
            EnrollmentState.TALKING,
            EnrollmentState.WAITLISTED,
            EnrollmentState.ENROLLED,
        )
    ]
    return _facts(
        [*alone, made.own(program=closing(), pairs=1)],
        [made.pair(PairState.CLOSING)],
    )


def _in_a_pair(made: Made) -> HomeFacts:
    own = made.own(pairs=1, is_open=False, lesson_done_at=None)
    return _facts([own], [made.pair(meetings=0, unmet=2, prompted=True, goals=0)])


def _in_many_pairs(made: Made) -> HomeFacts:
    return _facts(
        [made.own(pairs=1, is_open=False)],
        [
            made.pair(goals=2, meetings=4, prompted=True),
            made.pair(week=0, meetings=0, prompted=True, space=Space.GROUP_DM),
            made.pair(week=13),
            *(
                made.pair(state)
                for state in (
                    PairState.OPENING,
                    PairState.RESTING,
                    PairState.PAUSED,
                    PairState.CLOSING,
                )
            ),
        ],
    )


def _of_a_manager(made: Made) -> HomeFacts:
    day = {"join_by": LATER}
    return _facts(
        managed=[
            made.managed(ProgramState.DRAFT, people=0),
            made.managed(ProgramState.ENROLLING),
            made.managed(ProgramState.ENROLLING, people=0, **day),
            made.managed(ProgramState.MATCHING, week=0, **day),
            made.managed(ProgramState.RUNNING, week=0, **day),
            made.managed(ProgramState.RUNNING, paused_at=MOMENT),
            made.managed(ProgramState.CLOSING),
            made.managed(ProgramState.CLOSING, people=40, closes_on=LATER),
        ]
    )


def _with_match_runs(made: Made) -> HomeFacts:
    states = (MatchRunState.REQUESTED, MatchRunState.PROPOSED, MatchRunState.ASKING)
    runs = [
        MatchRun(id=number, state=state, progress=40, answer_by=datetime(2026, 2, 4, tzinfo=UTC))
        for number, state in enumerate(states, 1)
    ]
    return _facts(managed=[made.managed(ProgramState.MATCHING, week=0, run=run) for run in runs])


def _overfull(made: Made) -> HomeFacts:
    return _facts(
        [made.own(pairs=1, lesson_done_at=None) for _ in range(40)],
        [made.pair(unmet=1) for _ in range(40)],
        [ToJoin(made.program(), invited=True) for _ in range(40)],
        [made.managed(ProgramState.RUNNING) for _ in range(40)],
    )
