import asyncio
from datetime import date

import pytest

from bot.delivery import service as delivery
from bot.enrollment import admission_service, service, store
from bot.enrollment.store import SEATED
from bot.errors import UserFacingError
from bot.programs import moves_service
from bot.views.modals.join import Asked
from bot.views.modals.profile import About
from models import (
    Audience,
    EnrollmentState,
    Home,
    Invitation,
    PairState,
    Person,
    Profile,
    ProgramState,
    Role,
)
from tests.conftest import Clock
from tests.enrollment.conftest import Desk
from tests.factories import Company

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
APPLIED, TALKING, WAITLISTED, ENROLLED, DECLINED, LEFT = EnrollmentState


async def choices(company: Company, person: Person) -> list[tuple[str, bool]]:
    async with company.transaction() as session:
        found = await service.choices(session, company.runtime, person)
        return [(choice.program.name, choice.is_in) for choice in found]


async def joining(company: Company, person: Person, program_id: int) -> Asked:
    async with company.transaction() as session:
        return await service.joining(session, company.runtime, person, program_id)


@ONE_ENGINE
class TestChoices:
    async def test_are_what_is_open_and_what_one_is_in(self, company: Company) -> None:
        person = await company.person()
        running = await company.program(name="In", state=ProgramState.MATCHING)
        await company.enrol(running, person)
        await company.program(name="Open")
        await company.program(name="Late", state=ProgramState.RUNNING)
        await company.program(name="Over", join_by=date(2026, 1, 4))
        for state in (ProgramState.DRAFT, ProgramState.CLOSING, ProgramState.CLOSED):
            await company.program(name=state.value, state=state)
        assert await choices(company, person) == [("Late", False), ("Open", False), ("In", True)]

    async def test_leave_out_what_is_not_for_the_person(self, company: Company) -> None:
        person = await company.person(level=2, department="Sales")
        invited = await company.program(name="Invited", audience=Audience.INVITED)
        await company.program(name="Others", audience=Audience.INVITED)
        await company.program(name="IT", departments=["IT"])
        await company.program(name="High", lowest_level=3)
        async with company.transaction() as session:
            session.add(Invitation(program_id=invited.id, person_id=person.id))
        assert await choices(company, person) == [("Invited", False)]

    async def test_offer_again_what_one_has_left_and_not_what_declined(
        self, company: Company
    ) -> None:
        person = await company.person()
        for state in (LEFT, DECLINED):
            program = await company.program(name=state.value)
            await company.enrol(program, person, state=state)
        assert await choices(company, person) == [("left", False)]

    async def test_say_when_there_are_none(self, company: Company) -> None:
        with pytest.raises(UserFacingError, match="no_program_open"):
            await choices(company, await company.person())

    async def test_say_why_the_only_one_is_not_for_them(self, company: Company) -> None:
        manager, person = await company.person("Robin Vega"), await company.person()
        await company.program(manager, departments=["IT"])
        with pytest.raises(UserFacingError) as refused:
            await choices(company, person)
        assert refused.value.key == "join_other_department"
        assert refused.value.values["managers"] == f"<@{manager.slack_user_id}>"


@ONE_ENGINE
class TestJoining:
    async def test_a_newcomer(self, company: Company) -> None:
        person, program = await company.person(level=5), await company.program()
        asked = await joining(company, person, program.id)
        assert (asked.role, asked.before, asked.about) == (Role.MENTEE, None, About())

    async def test_knows_the_answers_of_last_time(self, company: Company, desk: Desk) -> None:
        person = await company.person()
        program = await company.program(topics=["inclusion", "social-media"])
        about = About(strengths=("listening",), works_from=8, works_to=17, means=("walk",))
        yes = {"identity_topics": ["inclusion"], "refused_topics": ["social-media"]}
        await desk.join(person, program, "inclusion", about=about, **yes)
        asked = await joining(company, person, program.id)
        assert asked.about == about
        assert asked.before is not None
        assert asked.before.topics == asked.before.identity_topics == ["inclusion"]
        assert asked.before.refused_topics == ["social-media"]

    async def test_remembers_what_matters_most_as_long_as_it_is_said(
        self, company: Company, desk: Desk
    ) -> None:
        person, program = await company.person(), await company.program()
        topics = ["digital-tools", "social-media"]
        for main in ("social-media", None):
            await desk.join(person, program, *topics, main_topic=main)
            before = (await joining(company, person, program.id)).before
            assert before is not None
            assert before.main_topic == main

    async def test_a_yes_to_an_identity_topic_counts_for_its_program_alone(
        self, company: Company, desk: Desk
    ) -> None:
        person = await company.person()
        old = await company.program(name="Old", topics=["inclusion"])
        new = await company.program(name="New", topics=["inclusion"])
        await desk.join(person, old, "inclusion", identity_topics=["inclusion"])
        assert (await joining(company, person, new.id)).before is None

    async def test_who_has_left_is_asked_anew(self, company: Company) -> None:
        person, program = await company.person(), await company.program()
        await company.enrol(program, person, state=LEFT, identity_topics=["inclusion"])
        assert (await joining(company, person, program.id)).before is None

    async def test_asks_for_what_hr_does_not_know(self, company: Company, desk: Desk) -> None:
        program, boss = await company.program(), await company.person()
        nobody_knows = await company.person(level=None)
        managed = await company.person(level=None, manager=boss)
        asked = await joining(company, nobody_knows, program.id)
        assert (asked.role, asked.asks_manager) == (None, True)
        assert not (await joining(company, managed, program.id)).asks_manager
        await desk.join(nobody_knows, program, manager=boss, stated_level=2)
        assert (await joining(company, nobody_knows, program.id)).stated_manager == (
            boss.slack_user_id
        )

    async def test_a_program_that_is_not_there(self, company: Company) -> None:
        with pytest.raises(UserFacingError, match="no_program_open"):
            await joining(company, await company.person(), 404)


class TestJoin:
    @pytest.mark.parametrize(
        ("level", "role"), [(1, Role.MENTOR), (3, Role.MENTOR), (4, Role.MENTEE), (9, Role.MENTEE)]
    )
    @ONE_ENGINE
    async def test_the_role_follows_from_the_level(
        self, company: Company, desk: Desk, level: int, role: Role
    ) -> None:
        program, person = await company.program(), await company.person(level=level)
        await desk.join(person, program)
        [enrolled] = await desk.enrollments()
        assert (enrolled.role, enrolled.topics) == (role, ["digital-tools"])
        assert enrolled.state is ENROLLED
        assert enrolled.agreed_at == company.runtime.clock()

    @ONE_ENGINE
    async def test_one_may_mentor_here_and_be_mentored_there(
        self, company: Company, desk: Desk
    ) -> None:
        person = await company.person(level=4)
        for level in (4, 5):
            program = await company.program(name=f"From {level}", mentee_from_level=level)
            await desk.join(person, program)
        assert [one.role for one in await desk.enrollments()] == [Role.MENTEE, Role.MENTOR]

    async def test_again_changes_the_answers_and_nothing_else(
        self, company: Company, desk: Desk, clock: Clock
    ) -> None:
        program, person = await company.program(), await company.person()
        await desk.join(person, program, "digital-tools")
        [before] = await desk.enrollments()
        clock.forward(hours=1)
        await desk.join(person, program, "social-media", refused_topics=["inclusion"])
        [enrolled] = await desk.enrollments()
        assert enrolled.topics == ["social-media"]
        assert enrolled.refused_topics == ["inclusion"]
        assert (enrolled.state, enrolled.joined_at) == (ENROLLED, before.joined_at)
        topics = company.runtime.library.topics["social-media"]
        told = await desk.told(person)
        assert told[-1] == desk.say("join.updated", program="Fresh Eyes", topics=topics)

    @pytest.mark.parametrize("state", [APPLIED, TALKING, WAITLISTED, ENROLLED])
    @ONE_ENGINE
    async def test_again_keeps_the_state_even_after_the_last_day(
        self, company: Company, desk: Desk, state: EnrollmentState
    ) -> None:
        program = await company.program(state=ProgramState.MATCHING, join_by=date(2026, 1, 2))
        person = await company.person()
        await company.enrol(program, person, state=state)
        await desk.join(person, program, "social-media")
        assert await desk.states() == [state]

    @ONE_ENGINE
    async def test_a_pair_that_is_there_stays_as_it_is(self, company: Company, desk: Desk) -> None:
        program = await company.program(state=ProgramState.RUNNING)
        mentor, mentee = await company.person(level=1), await company.person(level=6)
        for person in (mentor, mentee):
            await company.enrol(program, person)
        pair = await company.pair(program, mentor, mentee, state=PairState.ACTIVE)
        await desk.join(mentor, program, "social-media")
        async with company.transaction() as session:
            kept = await session.get_one(type(pair), pair.id)
            assert (kept.topics, kept.state) == (["digital-tools"], PairState.ACTIVE)

    @ONE_ENGINE
    async def test_again_after_a_promotion_changes_the_side(
        self, company: Company, desk: Desk
    ) -> None:
        program, person = await company.program(), await company.person(level=3)
        await desk.join(person, program)
        await desk.change(person, level=5)
        await desk.join(person, program)
        [enrolled] = await desk.enrollments()
        assert enrolled.role is Role.MENTEE

    @ONE_ENGINE
    async def test_who_changes_sides_has_the_other_lesson_before_them(
        self, company: Company, desk: Desk, clock: Clock
    ) -> None:
        program, person = await company.program(), await company.person(level=3)
        await company.enrol(program, person, lesson_cards=5, lesson_done_at=clock())
        await desk.join(person, program)
        [enrolled] = await desk.enrollments()
        assert (enrolled.lesson_cards, enrolled.lesson_done_at) == (5, clock())
        await desk.change(person, level=5)
        await desk.join(person, program)
        [enrolled] = await desk.enrollments()
        assert (enrolled.lesson_cards, enrolled.lesson_done_at) == (0, None)

    async def test_while_a_pair_lives_the_side_stays(self, company: Company, desk: Desk) -> None:
        program, person = await company.program(), await company.person(level=3)
        await desk.join(person, program)
        await company.pair(program, person, await company.person(level=8))
        await desk.change(person, level=5)
        assert (await joining(company, person, program.id)).role is Role.MENTOR
        await desk.join(person, program, "social-media")
        [enrolled] = await desk.enrollments()
        assert (enrolled.role, enrolled.topics) == (Role.MENTOR, ["social-media"])

    async def test_two_forms_at_once_enrol_once(self, company: Company, desk: Desk) -> None:
        program, person = await company.program(), await company.person()
        await asyncio.gather(*(desk.join(person, program) for _ in range(4)))
        assert await desk.states() == [ENROLLED]

    @pytest.mark.parametrize(
        ("answers", "key", "field"),
        [
            ({"topics": ["inclusion", "sustainability"]}, "topic_unknown", "topics"),
            ({"topics": ["inclusion"]}, "identity_yes_missing", "identity_topics"),
        ],
    )
    @ONE_ENGINE
    async def test_what_does_not_go_together_stands_beside_its_field(
        self, company: Company, desk: Desk, answers: dict[str, object], key: str, field: str
    ) -> None:
        program = await company.program(topics=["inclusion", "digital-tools"])
        with pytest.raises(UserFacingError) as refused:
            await desk.join(await company.person(), program, **answers)
        assert (refused.value.key, refused.value.field) == (key, field)
        assert await desk.enrollments() == []

    @ONE_ENGINE
    async def test_a_yes_to_what_was_not_chosen_is_not_kept(
        self, company: Company, desk: Desk
    ) -> None:
        program = await company.program(topics=["inclusion", "digital-tools"])
        await desk.join(
            await company.person(), program, "digital-tools", identity_topics=["inclusion"]
        )
        [enrolled] = await desk.enrollments()
        assert enrolled.identity_topics == []

    @pytest.mark.parametrize(
        ("rules", "key"),
        [
            ({"state": ProgramState.CLOSED}, "join_closed"),
            ({"state": ProgramState.DRAFT}, "join_not_yet"),
            ({"join_by": date(2026, 1, 4)}, "join_over"),
            ({"audience": Audience.INVITED}, "join_invited_only"),
            ({"highest_level": 2}, "join_other_level"),
        ],
    )
    @ONE_ENGINE
    async def test_a_stale_form_is_refused(
        self, company: Company, desk: Desk, rules: dict[str, object], key: str
    ) -> None:
        program = await company.program(**rules)
        with pytest.raises(UserFacingError, match=key):
            await desk.join(await company.person(level=3), program)
        assert await desk.enrollments() == []

    @ONE_ENGINE
    async def test_a_stated_level_is_held_against_the_range_too(
        self, company: Company, desk: Desk
    ) -> None:
        program, person = await company.program(highest_level=2), await company.person(level=None)
        with pytest.raises(UserFacingError, match="join_other_level"):
            await desk.join(person, program, stated_level=3)
        await desk.join(person, program, stated_level=2)
        with pytest.raises(UserFacingError, match="join_other_level"):
            await desk.join(person, program, stated_level=90)
        [enrolled] = await desk.enrollments()
        assert (enrolled.stated_level, enrolled.role) == (2, Role.MENTOR)

    @ONE_ENGINE
    async def test_who_is_in_may_change_answers_whatever_hr_says_by_now(
        self, company: Company, desk: Desk
    ) -> None:
        program, person = await company.program(highest_level=5), await company.person(level=2)
        await desk.join(person, program)
        await desk.change(person, level=6)
        await desk.join(person, program, "social-media")
        [enrolled] = await desk.enrollments()
        assert enrolled.topics == ["social-media"]

    @ONE_ENGINE
    async def test_whom_a_manager_declined_has_to_talk_to_them(
        self, company: Company, desk: Desk
    ) -> None:
        program, person = await company.program(), await company.person()
        await company.enrol(program, person, state=DECLINED)
        with pytest.raises(UserFacingError, match="join_declined"):
            await desk.join(person, program)
        assert await desk.states() == [DECLINED]

    async def test_who_has_left_may_come_back(
        self, company: Company, desk: Desk, clock: Clock
    ) -> None:
        program, person = await company.program(), await company.person()
        await desk.join(person, program)
        assert await desk.leave(person, program)
        clock.forward(days=1)
        await desk.join(person, program)
        [enrolled] = await desk.enrollments()
        assert (enrolled.state, enrolled.joined_at) == (ENROLLED, clock.now)

    @ONE_ENGINE
    async def test_back_in_a_vetted_program_is_looked_at_again(
        self, company: Company, desk: Desk
    ) -> None:
        program, person = await company.program(vetted=True), await company.person()
        await company.enrol(program, person, state=LEFT, decided_at=company.runtime.clock())
        await desk.join(person, program)
        [enrolled] = await desk.enrollments()
        assert (enrolled.state, enrolled.decided_at) == (APPLIED, None)

    @ONE_ENGINE
    async def test_a_level_of_ones_own_word_is_looked_at_first(
        self, company: Company, desk: Desk
    ) -> None:
        program, boss = await company.program(), await company.person(level=6)
        person = await company.person(level=None)
        await desk.join(person, program, stated_level=5, manager=boss)
        [enrolled] = await desk.enrollments()
        assert (enrolled.state, enrolled.role) == (APPLIED, Role.MENTEE)
        assert (enrolled.stated_level, enrolled.stated_manager_id) == (5, boss.id)

    @ONE_ENGINE
    async def test_a_stated_manager_is_not_forgotten_when_hr_says_the_level(
        self, company: Company, desk: Desk
    ) -> None:
        program, boss = await company.program(), await company.person(level=6)
        person = await company.person(level=None)
        await desk.join(person, program, stated_level=5, manager=boss)
        await desk.change(person, level=2)
        await desk.join(person, program)
        [enrolled] = await desk.enrollments()
        assert (enrolled.stated_level, enrolled.stated_manager_id) == (None, boss.id)
        other = await company.program(name="Other")
        await desk.join(person, other, stated_level=5, manager=boss)
        assert await desk.states() == [APPLIED, APPLIED]

    @ONE_ENGINE
    async def test_of_the_manager_hr_counts_too(self, company: Company, desk: Desk) -> None:
        program, boss = await company.program(), await company.person(level=6)
        person = await company.person(level=None, manager=boss)
        await desk.join(person, program, stated_level=5, manager=await company.person(level=7))
        [enrolled] = await desk.enrollments()
        assert enrolled.stated_manager_id is None

    @ONE_ENGINE
    async def test_hr_counts_where_it_knows_by_now(self, company: Company, desk: Desk) -> None:
        program, person = await company.program(), await company.person(level=None)
        await desk.change(person, level=1)
        await desk.join(person, program, stated_level=9)
        [enrolled] = await desk.enrollments()
        assert (enrolled.state, enrolled.role) == (ENROLLED, Role.MENTOR)
        assert enrolled.stated_level is None

    @ONE_ENGINE
    async def test_a_level_that_hr_has_forgotten_meanwhile(
        self, company: Company, desk: Desk
    ) -> None:
        program, person = await company.program(), await company.person(level=None)
        with pytest.raises(UserFacingError, match="join_ask_again"):
            await desk.join(person, program)

    @ONE_ENGINE
    async def test_a_break_in_a_program_one_is_out_of_goes_on_nowhere(
        self, company: Company, desk: Desk
    ) -> None:
        old, new = await company.program(name="Old"), await company.program(name="New")
        person = await company.person()
        await company.enrol(old, person, paused_since=date(2026, 1, 2), state=DECLINED)
        await desk.join(person, new)
        assert (await desk.enrollments())[1].paused_since is None

    @ONE_ENGINE
    async def test_a_break_goes_on_in_a_new_program(self, company: Company, desk: Desk) -> None:
        old, new = await company.program(name="Old"), await company.program(name="New")
        person, until = await company.person(), date(2026, 2, 1)
        await company.enrol(old, person, paused_since=date(2026, 1, 2), paused_until=until)
        await desk.join(person, new)
        enrolled = (await desk.enrollments())[1]
        assert (enrolled.paused_since, enrolled.paused_until) == (date(2026, 1, 2), until)
        await delivery.send_due(company.runtime)
        member = company.member(person)
        first = member.messages(member.direct())[0]
        assert desk.say("join.on_break") in str(first["blocks"])


class TestSeats:
    async def test_a_full_program_has_a_waiting_list_for_each_side(
        self, company: Company, desk: Desk
    ) -> None:
        program = await company.program(seats=2)
        juniors = [await company.person(level=1) for _ in range(3)]
        leader = await company.person(level=6)
        for person in (*juniors, leader):
            await desk.join(person, program)
        assert await desk.states() == [ENROLLED, WAITLISTED, WAITLISTED, ENROLLED]
        assert await desk.told(juniors[2]) == [
            desk.say("join.waitlisted_mentor", program="Fresh Eyes", place=2)
        ]

    async def test_the_last_seat_is_given_once(self, company: Company, desk: Desk) -> None:
        program = await company.program(seats=4)
        juniors = [await company.person(level=1) for _ in range(6)]
        await asyncio.gather(*(desk.join(person, program) for person in juniors))
        states = await desk.states()
        assert (states.count(ENROLLED), states.count(WAITLISTED)) == (2, 4)

    @pytest.mark.parametrize("state", EnrollmentState)
    @ONE_ENGINE
    async def test_who_is_looked_at_has_a_seat_already(
        self, company: Company, desk: Desk, state: EnrollmentState
    ) -> None:
        program = await company.program(seats=2)
        await company.enrol(program, await company.person(), state=state)
        await desk.join(await company.person(), program)
        is_free = state in (DECLINED, LEFT)
        assert (await desk.states())[1] is (ENROLLED if is_free else WAITLISTED)

    async def test_somebody_leaving_makes_room_for_the_first_in_line(
        self, company: Company, desk: Desk, clock: Clock
    ) -> None:
        program = await company.program(seats=2)
        first, second, third = [await company.person(level=1) for _ in range(3)]
        for person in (first, second, third):
            await desk.join(person, program)
            clock.forward(minutes=1)
        assert await service.fill_seats(company.runtime) == 0
        await desk.leave(first, program)
        assert await service.fill_seats(company.runtime) == 1
        assert await desk.states() == [LEFT, ENROLLED, WAITLISTED]
        topics = company.runtime.library.topics["digital-tools"]
        welcome = desk.say("join.confirmed_mentor", program="Fresh Eyes", topics=topics)
        assert welcome in await desk.told(second)
        assert await service.fill_seats(company.runtime) == 0

    @ONE_ENGINE
    async def test_nobody_new_comes_before_those_in_line(
        self, company: Company, desk: Desk
    ) -> None:
        program = await company.program(seats=2)
        first, second, third = [await company.person(level=1) for _ in range(3)]
        for person in (first, second):
            await desk.join(person, program)
        await desk.leave(first, program)
        await desk.join(third, program)
        assert await desk.states() == [LEFT, WAITLISTED, WAITLISTED]
        await service.fill_seats(company.runtime)
        assert await desk.states() == [LEFT, ENROLLED, WAITLISTED]

    @ONE_ENGINE
    async def test_in_a_vetted_program_a_free_seat_is_an_application(
        self, company: Company, desk: Desk
    ) -> None:
        program = await company.program(await company.person(), seats=2, vetted=True)
        person = await company.person()
        await company.enrol(program, person, state=WAITLISTED)
        assert await service.fill_seats(company.runtime) == 1
        assert await desk.states() == [APPLIED]
        applied = desk.say("join.applied", program="Fresh Eyes", role="mentor")
        assert await desk.told(person) == [applied]

    @ONE_ENGINE
    async def test_without_a_cap_any_more_everybody_is_in(
        self, company: Company, desk: Desk
    ) -> None:
        program = await company.program(seats=None)
        for _ in range(3):
            await company.enrol(program, await company.person(), state=WAITLISTED)
        assert await service.fill_seats(company.runtime) == 3
        assert await desk.states() == [ENROLLED] * 3

    @pytest.mark.parametrize("rules", [{"state": ProgramState.CLOSING}, {"paused_at": Clock().now}])
    @ONE_ENGINE
    async def test_nobody_moves_up_while_a_program_rests_or_closes(
        self, company: Company, desk: Desk, rules: dict[str, object]
    ) -> None:
        program = await company.program(seats=2, **rules)
        await company.enrol(program, await company.person(), state=WAITLISTED)
        assert await service.fill_seats(company.runtime) == 0

    @ONE_ENGINE
    async def test_who_works_here_no_more_takes_no_seat_and_gets_none(
        self, company: Company, desk: Desk
    ) -> None:
        program = await company.program(seats=2)
        gone, waits, next_one = [await company.person(level=1) for _ in range(3)]
        await company.enrol(program, gone)
        for person in (waits, next_one):
            await company.enrol(program, person, state=WAITLISTED)
        for person in (gone, waits):
            await desk.change(person, active=False)
        assert await service.fill_seats(company.runtime) == 1
        assert await desk.states() == [ENROLLED, WAITLISTED, ENROLLED]

    @ONE_ENGINE
    async def test_not_in_a_program_that_was_paused_a_moment_ago(
        self, company: Company, desk: Desk
    ) -> None:
        """After the ticker had found it."""
        program = await company.program(seats=4)
        await company.enrol(program, await company.person(), state=WAITLISTED)
        await desk.change(program, paused_at=company.runtime.clock())
        async with company.transaction() as session:
            assert await admission_service._fill(session, company.runtime, program.id) == 0
        assert await desk.states() == [WAITLISTED]

    @ONE_ENGINE
    async def test_looks_no_further_down_the_list_than_there_are_seats(
        self, company: Company, desk: Desk
    ) -> None:
        program = await company.program(seats=4)
        for _ in range(5):
            await company.enrol(program, await company.person(), state=WAITLISTED)
        async with company.transaction() as session:
            found = await store.waitlist(session, program.id, Role.MENTOR, 2)
        [first, second, *_] = await desk.enrollments()
        assert [enrolled.id for enrolled, _ in found] == [first.id, second.id]

    async def test_two_tickers_give_a_seat_once(self, company: Company, desk: Desk) -> None:
        program = await company.program(seats=4)
        for _ in range(5):
            await company.enrol(program, await company.person(), state=WAITLISTED)
        await asyncio.gather(*(service.fill_seats(company.runtime) for _ in range(3)))
        assert [state in SEATED for state in await desk.states()].count(True) == 2


class TestApplications:
    @ONE_ENGINE
    async def test_managers_hear_of_them_once_a_day(
        self, company: Company, desk: Desk, clock: Clock
    ) -> None:
        manager = await company.person("Robin Vega")
        program = await company.program(manager, vetted=True)
        for _ in range(3):
            await desk.join(await company.person(), program)
        assert len(await desk.told(manager)) == 1
        clock.forward(days=1)
        await desk.join(await company.person(), program)
        assert await desk.told(manager) == [desk.say("join.applications", program=program.name)] * 2

    @ONE_ENGINE
    async def test_a_new_one_is_told_when_the_others_have_been_looked_at(
        self, company: Company, desk: Desk
    ) -> None:
        manager = await company.person("Robin Vega")
        program = await company.program(manager, vetted=True)
        await desk.join(await company.person(), program)
        for state in (TALKING, DECLINED):
            [*_, last] = await desk.enrollments()
            await desk.change(last, state=state)
            await desk.join(await company.person(), program)
        assert len(await desk.told(manager)) == 3


class TestAdmit:
    async def test_welcomes_and_invites_to_the_lesson(self, company: Company, desk: Desk) -> None:
        manager, person = await company.person(), await company.person()
        program = await company.program(manager)
        enrolled = await company.enrol(program, person, state=TALKING)
        async with company.transaction() as session:
            for one in (manager, person):
                session.add(Home(person_id=one.id))
        async with company.transaction() as session:
            fresh = await session.get_one(type(enrolled), enrolled.id)
            await service.admit(session, company.runtime, program, fresh, person)
        assert await desk.states() == [ENROLLED]
        assert len(await desk.told(person)) == 2
        async with company.transaction() as session:
            homes = [await session.get_one(Home, number) for number in (1, 2)]
            assert all(home.outdated_since for home in homes)

    @ONE_ENGINE
    async def test_a_lesson_that_was_done_is_not_asked_for_again(
        self, company: Company, desk: Desk
    ) -> None:
        program, person = await company.program(), await company.person()
        await company.enrol(
            program, person, state=LEFT, lesson_cards=5, lesson_done_at=company.runtime.clock()
        )
        await desk.join(person, program)
        assert len(await desk.told(person)) == 1


class TestLeave:
    async def test_what_was_still_to_be_said_of_the_program_is_not_said_any_more(
        self, company: Company, desk: Desk, clock: Clock
    ) -> None:
        robin, person = await company.person(level=3), await company.person()
        programs = [await company.program(robin, name=name) for name in ("One", "Other")]
        for program in programs:
            await company.enrol(program, person)
        clock.forward(hours=12)
        for program in programs:
            async with company.transaction() as session:
                await moves_service.pause(session, company.runtime, robin, program.id)
        await desk.leave(person, programs[0])
        clock.forward(hours=13)
        assert await desk.told(person) == [desk.say("program.paused", program="Other")]

    async def test_ends_their_pairs_there(self, company: Company, desk: Desk) -> None:
        program = await company.program(state=ProgramState.RUNNING)
        mentor, mentee = await company.person(level=1), await company.person(level=6)
        for person in (mentor, mentee):
            await company.enrol(program, person)
        pair = await company.pair(program, mentor, mentee, state=PairState.ACTIVE, channel_id="C1")
        await desk.leave(mentor, program)
        assert await desk.states() == [LEFT, ENROLLED]
        async with company.transaction() as session:
            assert (await session.get_one(type(pair), pair.id)).state is PairState.ENDED

    @ONE_ENGINE
    async def test_takes_break_and_skipping_along(self, company: Company, desk: Desk) -> None:
        program, person = await company.program(), await company.person()
        day = date(2026, 1, 2)
        await company.enrol(program, person, paused_since=day, paused_until=day, skips_match=True)
        await desk.leave(person, program)
        [enrolled] = await desk.enrollments()
        assert (enrolled.paused_since, enrolled.paused_until) == (None, None)
        assert not enrolled.skips_match

    @pytest.mark.parametrize("state", [None, LEFT, DECLINED])
    @ONE_ENGINE
    async def test_says_when_there_is_nothing_to_leave(
        self, company: Company, desk: Desk, state: EnrollmentState | None
    ) -> None:
        program, person = await company.program(), await company.person()
        if state:
            await company.enrol(program, person, state=state)
        with pytest.raises(UserFacingError, match="nothing_to_leave"):
            await desk.leave(person, program)
        async with company.transaction() as session:
            with pytest.raises(UserFacingError, match="nothing_to_leave_at_all"):
                await service.leavable(session, person)

    async def test_twice_at_once_leaves_once(self, company: Company, desk: Desk) -> None:
        program, person = await company.program(), await company.person()
        await company.enrol(program, person)
        results = await asyncio.gather(
            *(desk.leave(person, program) for _ in range(2)), return_exceptions=True
        )
        assert sorted(map(str, results)) == ["True", "nothing_to_leave"]

    @ONE_ENGINE
    async def test_says_whether_one_could_come_back(self, company: Company, desk: Desk) -> None:
        program = await company.program(state=ProgramState.MATCHING)
        person = await company.person()
        await company.enrol(program, person)
        assert not await desk.leave(person, program)


class TestProfile:
    async def test_is_one_for_all_programs(self, company: Company, desk: Desk) -> None:
        person = await company.person()
        old, new = await company.program(name="Old"), await company.program(name="New")
        await desk.join(person, old, about=About(interests=("outdoors",)))
        await desk.join(person, new, about=About(interests=("cooking",), hours_a_month=3))
        asked = await joining(company, person, old.id)
        assert asked.about == About(interests=("cooking",), hours_a_month=3)
        async with company.transaction() as session:
            assert await session.get(Profile, 2) is None
