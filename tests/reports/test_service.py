from datetime import date, timedelta
from itertools import count

import pytest

from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.goals import service as goals
from bot.meetings import service as meetings
from bot.pairs import service as pairs
from bot.reports import service
from bot.reports.measures import ProgramFigures
from bot.views.modals.goal import PARTS, NewGoal
from models import Delivery, DeliveryState, IfInDoubt, Pair, PairState, Person, Program
from tests.conftest import Clock
from tests.factories import Company
from tests.statements import counted

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOTHING = ProgramFigures(*([0] * 16))


FORMS = count(1)


async def figures(company: Company, program: Program) -> ProgramFigures:
    async with company.transaction() as session:
        return await service.program_figures(session, program, company.runtime.clock())


async def met(company: Company, pair: Pair, person: Person, *numbers: int) -> None:
    async with company.transaction() as session:
        for number in numbers:
            await meetings.report(session, company.runtime, person, pair.id, number)


async def set_goal(company: Company, pair: Pair, person: Person) -> None:
    words = dict.fromkeys(PARTS, "a sentence")
    async with company.transaction() as session:
        wanted = NewGoal(
            form_id=f"V{next(FORMS)}", pair_id=pair.id, due_on=date(2026, 3, 30), **words
        )
        await goals.set_goal(session, company.runtime, person, wanted)


async def couples(company: Company, program: Program, count: int) -> list[tuple[Pair, Person]]:
    """Pairs whose people are enrolled, each with its mentor."""
    made = []
    for _ in range(count):
        mentor, mentee = await company.person(level=1), await company.person(level=6)
        for person in (mentor, mentee):
            await company.enrol(program, person)
        made.append((await company.pair(program, mentor, mentee), mentor))
    return made


class TestProgramFigures:
    @ONE_ENGINE
    async def test_of_an_empty_program_are_all_nothing(self, company: Company) -> None:
        assert await figures(company, await company.program()) == NOTHING

    async def test_of_a_known_small_program(self, company: Company, clock: Clock) -> None:
        """Three pairs in the fourth week: one meets, one is paused, one has done nothing."""
        program = await company.program()
        [(busy, busy_mentor), (paused, paused_mentor), _] = await couples(company, program, 3)
        for level in (1, 2, 6):
            await company.enrol(program, await company.person(level=level))
        another = await company.program(name="Another")
        [(other, other_mentor)] = await couples(company, another, 1)
        assert await pairs.open_spaces(company.runtime) == 4
        await delivery.send_due(company.runtime)
        clock.now += timedelta(days=36)  # the second day of the fourth week
        await met(company, busy, busy_mentor, 1, 2, 4)
        await met(company, paused, paused_mentor, 1)
        await met(company, other, other_mentor, 1)
        await set_goal(company, busy, busy_mentor)
        await set_goal(company, busy, busy_mentor)
        async with company.transaction() as session:
            (await session.get_one(Pair, paused.id)).state = PairState.PAUSED
        assert await figures(company, program) == ProgramFigures(
            mentors=5,
            mentees=4,
            waiting_mentors=2,
            waiting_mentees=1,
            active_pairs=2,
            paused_pairs=1,
            completed_pairs=0,
            ended_pairs=0,
            pairs_that_met=2,
            quiet_pairs=1,
            meetings=4,
            expected_meetings=9,
            pairs_with_goal=1,
            messages_sent=3,
            messages_waiting=2,
            messages_failed=0,
        )

    async def test_messages_are_counted_by_what_became_of_them(self, company: Company) -> None:
        program = await company.program()
        [(pair, _)] = await couples(company, program, 1)
        async with company.transaction() as session:
            session.add_all(
                Delivery(
                    key=f"key {number}",
                    dedupe_key=f"test:{number}",
                    kind="test",
                    pair_id=pair.id,
                    recipient="C1",
                    if_in_doubt=IfInDoubt.LET_GO,
                    state=state,
                    not_before=company.runtime.clock(),
                    created_at=company.runtime.clock(),
                )
                for number, state in enumerate([*DeliveryState, DeliveryState.SENT])
            )
        found = await figures(company, program)
        assert (found.messages_sent, found.messages_waiting, found.messages_failed) == (2, 3, 3)
        assert len(DeliveryState) == 7, "each state is waiting, sent or failed"

    @ONE_ENGINE
    async def test_nobody_is_quiet_before_the_first_week(
        self, company: Company, clock: Clock
    ) -> None:
        """Pairs are often published weeks before the program begins."""
        program = await company.program(starts_on=date(2026, 3, 2))
        mentor, mentee = await company.person(level=1), await company.person(level=6)
        await company.pair(program, mentor, mentee, first_week_on=date(2026, 3, 2))
        await pairs.open_spaces(company.runtime)
        clock.now += timedelta(weeks=9)  # 9 March
        assert (await figures(company, program)).quiet_pairs == 0
        clock.now += timedelta(weeks=2)
        assert (await figures(company, program)).quiet_pairs == 1

    @pytest.mark.parametrize("state", [PairState.OPENING, PairState.PAUSED, PairState.COMPLETED])
    @ONE_ENGINE
    async def test_only_active_pairs_are_quiet(
        self, company: Company, clock: Clock, state: PairState
    ) -> None:
        program = await company.program()
        mentor, mentee = await company.person(level=1), await company.person(level=6)
        await company.pair(program, mentor, mentee, state=state)
        clock.now += timedelta(weeks=20)
        assert (await figures(company, program)).quiet_pairs == 0

    @ONE_ENGINE
    async def test_a_pair_that_rests_is_not_expected_to_meet(
        self, company: Company, clock: Clock
    ) -> None:
        program = await company.program()
        mentor, mentee = await company.person(level=1), await company.person(level=6)
        pair = await company.pair(program, mentor, mentee, state=PairState.RESTING)
        async with company.transaction() as session:
            (await session.get_one(Pair, pair.id)).resting_since = date(2026, 2, 2)
        clock.now += timedelta(weeks=9)
        found = await figures(company, program)
        assert (found.active_pairs, found.expected_meetings, found.quiet_pairs) == (1, 2, 0)

    @pytest.mark.parametrize(("state", "active"), [(PairState.CLOSING, 1), (PairState.ENDED, 0)])
    @ONE_ENGINE
    async def test_a_pair_counts_until_it_has_ended(
        self, company: Company, state: PairState, active: int
    ) -> None:
        program = await company.program()
        mentor, mentee = await company.person(level=1), await company.person(level=6)
        await company.pair(program, mentor, mentee, state=state)
        assert (await figures(company, program)).active_pairs == active

    @pytest.mark.parametrize(
        ("state", "answers", "completed"),
        [
            (PairState.COMPLETED, (None, None), 1),
            (PairState.ENDED, (None, None), 0),
            (PairState.ENDED, (True, None), 1),
            (PairState.ENDED, (True, True), 1),
            (PairState.ENDED, (True, False), 0),
            (PairState.ENDED, (False, None), 0),
            (PairState.CLOSING, (True, True), 0),
        ],
    )
    @ONE_ENGINE
    async def test_a_pair_whose_program_ended_early_is_completed_as_the_two_say(
        self,
        company: Company,
        state: PairState,
        answers: tuple[bool | None, bool | None],
        completed: int,
    ) -> None:
        """And not before the last of them could say otherwise."""
        program = await company.program()
        mentor, mentee = await company.person(level=1), await company.person(level=6)
        pair = await company.pair(program, mentor, mentee, state=state)
        async with company.transaction() as session:
            kept = await session.get_one(Pair, pair.id)
            kept.mentor_counts, kept.mentee_counts = answers
        found = await figures(company, program)
        assert found.completed_pairs == completed
        assert found.ended_pairs == (state is PairState.ENDED and not completed)

    @ONE_ENGINE
    async def test_a_pair_that_ended_early_is_among_the_pairs_that_met(
        self, company: Company
    ) -> None:
        program = await company.program()
        [(pair, mentor)] = await couples(company, program, 1)
        await pairs.open_spaces(company.runtime)
        await met(company, pair, mentor, 1)
        async with company.transaction() as session:
            (await session.get_one(Pair, pair.id)).state = PairState.ENDED
        found = await figures(company, program)
        assert (found.pairs_that_met, found.pairs) == (1, 1)

    @ONE_ENGINE
    async def test_take_as_many_queries_for_fifty_pairs_as_for_one(self, company: Company) -> None:
        one, fifty = await company.program(name="One"), await company.program(name="Fifty")
        await couples(company, one, 1)
        people = [(await company.person(level=1), await company.person(level=6)) for _ in range(50)]
        for mentor, mentee in people:
            await company.pair(fifty, mentor, mentee)
        counts = []
        for program in (one, fifty):
            with counted(company) as statements:
                await figures(company, program)
            counts.append(sum("SELECT" in statement for statement in statements))
        assert counts == [4, 4]


class TestProgramReport:
    async def test_says_the_week(self, company: Company, clock: Clock) -> None:
        manager = await company.person()
        program = await company.program(manager, starts_on=date(2026, 1, 21))
        weeks = []
        for _ in range(4):
            async with company.transaction() as session:
                report = await service.program_report(session, company.runtime, manager, program)
            weeks.append(report.week)
            clock.now += timedelta(weeks=1)
        assert weeks == [-2, -1, 0, 1]

    @ONE_ENGINE
    async def test_is_for_its_managers_alone(self, company: Company) -> None:
        program = await company.program(await company.person())
        other = await company.person(is_admin=True)
        await company.program(other, name="Another")
        await company.enrol(program, other)
        async with company.transaction() as session:
            with pytest.raises(UserFacingError, match="not_allowed"):
                await service.program_report(session, company.runtime, other, program)


class TestOwnStatus:
    async def test_of_each_program_the_newest_first(self, company: Company, clock: Clock) -> None:
        old, new = await company.program(name="Old"), await company.program(name="New")
        mentor, mentee = await company.person(level=1), await company.person(level=6)
        for program in (old, new):
            await company.enrol(program, mentor)
        pair = await company.pair(old, mentor, mentee)
        await pairs.open_spaces(company.runtime)
        clock.now += timedelta(weeks=4)
        await met(company, pair, mentee, 1, 2)
        async with company.transaction() as session:
            [waits, mentors] = await service.own_status(session, company.runtime, mentor)
        assert (waits.program.id, waits.pair, waits.partner) == (new.id, None, None)
        assert (mentors.program.id, mentors.week) == (old.id, 3)
        assert mentors.partner is not None
        assert mentors.partner.id == mentee.id
        assert (mentors.meetings, mentors.goals) == (2, 0)

    @ONE_ENGINE
    async def test_of_somebody_who_joined_nothing_is_empty(self, company: Company) -> None:
        await company.program()
        person = await company.person()
        async with company.transaction() as session:
            assert await service.own_status(session, company.runtime, person) == []
