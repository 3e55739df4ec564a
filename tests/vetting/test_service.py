import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.enrollment import breaks_service as breaks
from bot.enrollment import service as enrollment
from bot.errors import UserFacingError
from bot.people import hr_service
from bot.people.hr_file import read_rows
from bot.roles import Actor
from bot.vetting import service
from bot.views.modals.queue import ON_A_PAGE, Queue, Shown, stated
from models import (
    Delivery,
    Enrollment,
    EnrollmentState,
    Home,
    PairState,
    Person,
    Program,
    ProgramState,
    Role,
    Space,
)
from tests.applications import apply, change, manager, reread
from tests.conftest import Clock
from tests.factories import Company

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
APPLIED, TALKING = EnrollmentState.APPLIED, EnrollmentState.TALKING
ENROLLED, DECLINED = EnrollmentState.ENROLLED, EnrollmentState.DECLINED
CHANNEL = "G1"
EVERYTHING = Shown(None)

Decide = Callable[[Company, Person, Enrollment], Awaitable[None]]


@pytest.fixture
async def robin(company: Company) -> Person:
    return await company.person("Robin Vega", level=3)


@pytest.fixture
async def jo(company: Company) -> Person:
    return await company.person("Jo Young", level=1)


@pytest.fixture
async def program(company: Company, robin: Person) -> Program:
    return await company.program(robin)


@pytest.fixture
async def application(company: Company, program: Program, jo: Person) -> Enrollment:
    return await apply(company, program, jo)


async def look(company: Company, person: Person, shown: Shown = EVERYTHING) -> Queue:
    async with company.transaction() as session:
        return await service.queue(session, person, shown)


async def approve(company: Company, person: Person, application: Enrollment) -> None:
    async with company.transaction() as session:
        seen = stated(application)
        await service.approve(session, company.runtime, person, application.id, seen)


async def decline(company: Company, person: Person, application: Enrollment) -> None:
    async with company.transaction() as session:
        await service.decline(session, company.runtime, person, application.id)


async def talk_first(company: Company, person: Person, application: Enrollment) -> None:
    async with company.transaction() as session:
        await service.talk_first(session, company.runtime, person, application.id, CHANNEL)


async def queued(company: Company, recipient: str) -> list[str]:
    async with company.transaction() as session:
        found = select(Delivery.kind).where(Delivery.recipient == recipient)
        return sorted(await session.scalars(found))


decisions = pytest.mark.parametrize("decide", [approve, decline, talk_first])


class TestQueue:
    async def test_applied_come_before_talking_and_the_oldest_first(
        self, company: Company, robin: Person, program: Program, clock: Clock
    ) -> None:
        expected = []
        for state, days in ((TALKING, 9), (APPLIED, 1), (APPLIED, 5), (TALKING, 2)):
            person = await company.person(level=1)
            joined_at = clock() - timedelta(days=days)
            one = await apply(company, program, person, state=state, joined_at=joined_at)
            expected.append(one.id)
        found = await look(company, robin)
        assert [one.enrollment.id for one in found.applications] == [
            expected[2],
            expected[1],
            expected[0],
            expected[3],
        ]

    async def test_shows_nobody_who_is_not_to_be_decided_on(
        self, company: Company, robin: Person, program: Program
    ) -> None:
        for state in set(EnrollmentState) - {APPLIED, TALKING}:
            await apply(company, program, await company.person(level=1), state=state)
        gone = await company.person("Go Ne", level=1)
        await change(company, gone, active=False)
        await apply(company, program, gone)
        assert (await look(company, robin)).total == 0

    async def test_is_of_all_programs_a_manager_has_or_of_one(
        self, company: Company, robin: Person, program: Program, jo: Person
    ) -> None:
        other = await company.program(robin, name="Other")
        strange = await company.program(name="Not theirs")
        for one in (program, other, strange):
            await apply(company, one, jo)
        everything, single = await look(company, robin), await look(company, robin, Shown(other.id))
        assert {found.program.id for found in everything.applications} == {program.id, other.id}
        assert [found.program.id for found in single.applications] == [other.id]

    @ONE_ENGINE
    async def test_leaves_out_programs_that_are_over(
        self, company: Company, robin: Person, program: Program, application: Enrollment
    ) -> None:
        await change(company, program, state=ProgramState.CLOSING)
        assert (await look(company, robin)).total == 0

    @ONE_ENGINE
    async def test_is_for_managers_of_the_program_alone(
        self, company: Company, program: Program, jo: Person
    ) -> None:
        other = await company.person("Other Manager", level=3)
        await company.program(other, name="Other")
        for person in (jo, other):
            with pytest.raises(UserFacingError, match="not_allowed"):
                await look(company, person, Shown(program.id))
        with pytest.raises(UserFacingError, match="not_allowed"):
            await look(company, jo)

    @ONE_ENGINE
    async def test_pages_follow_each_other_and_one_that_is_gone_is_the_last(
        self, company: Company, robin: Person, program: Program
    ) -> None:
        ids = [
            (await apply(company, program, await company.person(level=1))).id
            for _ in range(ON_A_PAGE + 2)
        ]
        pages = [await look(company, robin, Shown(None, page)) for page in (0, 1, 7)]
        shown = [[one.enrollment.id for one in page.applications] for page in pages]
        assert shown == [ids[:ON_A_PAGE], ids[ON_A_PAGE:], ids[ON_A_PAGE:]]
        assert [page.shown.page for page in pages] == [0, 1, 1]
        assert {page.total for page in pages} == {ON_A_PAGE + 2}


class TestApprove:
    async def test_lets_the_applicant_in(
        self, company: Company, robin: Person, jo: Person, application: Enrollment, clock: Clock
    ) -> None:
        await approve(company, robin, application)
        kept = await reread(company, application)
        assert (kept.state, kept.decided_by_id) == (ENROLLED, robin.id)
        assert kept.decided_at == clock()
        assert await queued(company, jo.slack_user_id or "") == ["joined", "lesson"]

    async def test_confirms_what_was_stated(
        self, company: Company, robin: Person, program: Program
    ) -> None:
        boss = await company.person("Lena Boss", level=8)
        new = await company.person("Ne W", level=None)
        applied = await apply(
            company, program, new, role=Role.MENTEE, stated_level=6, stated_manager_id=boss.id
        )
        await approve(company, robin, applied)
        person, kept = await reread(company, new), await reread(company, applied)
        assert (person.level, person.manager_id) == (6, boss.id)
        assert person.reporting_path == f"/{boss.id}/{new.id}/"
        assert (kept.state, kept.role) == (ENROLLED, Role.MENTEE)
        assert (kept.stated_level, kept.stated_manager_id) == (None, boss.id)

    async def test_a_manager_whom_hr_knows_stays(
        self, company: Company, robin: Person, program: Program
    ) -> None:
        boss, other = await company.person(level=8), await company.person(level=7)
        new = await company.person("Ne W", level=None, manager=boss)
        stated = {"stated_level": 6, "stated_manager_id": other.id}
        applied = await apply(company, program, new, role=Role.MENTEE, **stated)
        [shown] = (await look(company, robin)).applications
        assert shown.manager is not None
        assert shown.manager.id == boss.id
        await approve(company, robin, applied)
        person, kept = await reread(company, new), await reread(company, applied)
        assert (person.level, person.manager_id) == (6, boss.id)
        assert kept.stated_manager_id is None

    @ONE_ENGINE
    async def test_a_stated_manager_counts_when_hr_says_only_the_level_meanwhile(
        self, company: Company, robin: Person, program: Program
    ) -> None:
        boss = await company.person(level=8)
        new = await company.person("Ne W", level=None)
        stated = {"stated_level": 6, "stated_manager_id": boss.id}
        applied = await apply(company, program, new, role=Role.MENTEE, **stated)
        file = read_rows(f"id,level\n{new.employee_id},2\n".encode(), {})
        async with company.transaction() as session:
            await hr_service.import_people(session, company.runtime, file, Actor.OPERATOR)
        await approve(company, robin, applied)
        person = await reread(company, new)
        assert (person.level, person.manager_id) == (2, boss.id)

    @ONE_ENGINE
    @pytest.mark.parametrize(("said_by_hr", "stated_level"), [(None, 9), (9, 4)])
    async def test_of_a_level_that_the_program_is_not_for_changes_nothing(
        self,
        company: Company,
        robin: Person,
        program: Program,
        said_by_hr: int | None,
        stated_level: int,
    ) -> None:
        new = await company.person("Ne W", level=said_by_hr)
        applied = await apply(company, program, new, stated_level=stated_level)
        await change(company, program, highest_level=8)
        with pytest.raises(UserFacingError, match="applicant_other_level"):
            await approve(company, robin, applied)
        assert (await reread(company, new)).level == said_by_hr
        assert (await reread(company, applied)).state is APPLIED

    async def test_of_a_level_that_hr_has_said_meanwhile_the_role_is_hrs(
        self, company: Company, robin: Person, program: Program
    ) -> None:
        new = await company.person("Ne W", level=None)
        applied = await apply(company, program, new, role=Role.MENTEE, stated_level=9)
        file = read_rows(f"id,level\n{new.employee_id},2\n".encode(), {})
        async with company.transaction() as session:
            await hr_service.import_people(session, company.runtime, file, Actor.OPERATOR)
        await approve(company, robin, applied)
        assert (await reread(company, new)).level == 2
        assert (await reread(company, applied)).role is Role.MENTOR

    @ONE_ENGINE
    async def test_confirms_nothing_that_the_manager_has_not_seen(
        self, company: Company, robin: Person, program: Program
    ) -> None:
        new = await company.person("Ne W", level=None)
        applied = await apply(company, program, new, role=Role.MENTEE, stated_level=6)
        for changed in ({"stated_level": 9}, {"stated_level": 6, "stated_manager_id": robin.id}):
            await change(company, applied, **changed)
            with pytest.raises(UserFacingError, match="application_changed"):
                await approve(company, robin, applied)
        assert (await reread(company, new)).level is None

    @ONE_ENGINE
    async def test_a_circle_of_managers_changes_nothing(
        self, company: Company, robin: Person, program: Program
    ) -> None:
        new = await company.person("Ne W", level=None)
        below = await company.person("Be Low", level=1, manager=new)
        stated = {"stated_level": 6, "stated_manager_id": below.id}
        applied = await apply(company, program, new, role=Role.MENTEE, **stated)
        with pytest.raises(UserFacingError, match="reporting_circle"):
            await approve(company, robin, applied)
        assert (await reread(company, new)).level is None
        assert (await reread(company, applied)).state is APPLIED

    @ONE_ENGINE
    async def test_after_a_talk(
        self, company: Company, robin: Person, application: Enrollment, program: Program
    ) -> None:
        kim = await manager(company, program)
        await talk_first(company, kim, application)
        await approve(company, robin, application)
        kept = await reread(company, application)
        assert (kept.state, kept.decided_by_id) == (ENROLLED, robin.id)


class TestDecline:
    async def test_says_so_kindly_and_gives_no_reason(
        self, company: Company, robin: Person, jo: Person, application: Enrollment
    ) -> None:
        await decline(company, robin, application)
        kept = await reread(company, application)
        assert (kept.state, kept.decided_by_id) == (DECLINED, robin.id)
        assert await queued(company, jo.slack_user_id or "") == ["declined"]

    @ONE_ENGINE
    async def test_the_break_of_an_applicant_ends_with_the_application(
        self, company: Company, robin: Person, jo: Person, application: Enrollment
    ) -> None:
        async with company.transaction() as session:
            await breaks.pause(session, company.runtime, jo, date(2026, 3, 1))
        await decline(company, robin, application)
        kept = await reread(company, application)
        assert (kept.paused_since, kept.paused_until) == (None, None)


class TestTalkFirst:
    async def test_notes_who_talks_and_opens_the_talk(
        self, company: Company, robin: Person, application: Enrollment
    ) -> None:
        await talk_first(company, robin, application)
        kept = await reread(company, application)
        assert (kept.state, kept.decided_by_id) == (TALKING, robin.id)
        assert await queued(company, CHANNEL) == ["talk"]

    async def test_pressed_several_times_it_is_said_once(
        self, company: Company, robin: Person, application: Enrollment
    ) -> None:
        await asyncio.gather(*(talk_first(company, robin, application) for _ in range(3)))
        assert await queued(company, CHANNEL) == ["talk"]

    async def test_somebody_talks_with_them_already(
        self, company: Company, robin: Person, program: Program, application: Enrollment
    ) -> None:
        kim = await manager(company, program)
        await talk_first(company, kim, application)
        with pytest.raises(UserFacingError, match="already_talking") as caught:
            await talk_first(company, robin, application)
        assert caught.value.values["who"] == f"<@{kim.slack_user_id}>"
        assert (await reread(company, application)).decided_by_id == kim.id

    @ONE_ENGINE
    async def test_whoever_talked_with_them_has_left(
        self, company: Company, robin: Person, program: Program, application: Enrollment
    ) -> None:
        kim = await manager(company, program)
        await talk_first(company, kim, application)
        await change(company, kim, active=False)
        [shown] = (await look(company, robin)).applications
        assert shown.talker is None
        await talk_first(company, robin, application)
        assert (await reread(company, application)).decided_by_id == robin.id

    @ONE_ENGINE
    async def test_one_cannot_talk_with_oneself(
        self, company: Company, robin: Person, program: Program
    ) -> None:
        own = await apply(company, program, robin)
        with pytest.raises(UserFacingError, match="own_application"):
            await talk_first(company, robin, own)

    @ONE_ENGINE
    @pytest.mark.parametrize("state", [PairState.ACTIVE, PairState.ENDED])
    async def test_another_manager_talks_with_ones_own_partner(
        self,
        company: Company,
        robin: Person,
        jo: Person,
        program: Program,
        application: Enrollment,
        state: PairState,
    ) -> None:
        other = await company.program(name="Other", space=Space.GROUP_DM)
        await company.pair(other, jo, robin, state=state, channel_id=CHANNEL)
        with pytest.raises(UserFacingError, match="talk_with_partner"):
            await talk_first(company, robin, application)
        assert (await reread(company, application)).state is APPLIED
        assert await queued(company, CHANNEL) == []
        await talk_first(company, await manager(company, program), application)
        assert (await reread(company, application)).state is TALKING

    @ONE_ENGINE
    async def test_who_talks_is_asked_before_the_talk_is_opened(
        self, company: Company, robin: Person, jo: Person, application: Enrollment
    ) -> None:
        async with company.transaction() as session:
            found = await service.conversation(session, robin, application.id)
        assert [person.id for person in found] == [robin.id, jo.id]
        await approve(company, robin, application)
        async with company.transaction() as session:
            with pytest.raises(UserFacingError, match="already_approved"):
                await service.conversation(session, robin, application.id)


class TestTwoManagers:
    async def test_at_once_only_one_decides(
        self, company: Company, robin: Person, jo: Person, program: Program, application: Enrollment
    ) -> None:
        kim = await manager(company, program)
        done = await asyncio.gather(
            approve(company, robin, application),
            decline(company, kim, application),
            return_exceptions=True,
        )
        [refused] = [one for one in done if one is not None]
        assert isinstance(refused, UserFacingError)
        kept = await reread(company, application)
        said = await queued(company, jo.slack_user_id or "")
        if kept.state is ENROLLED:
            assert (refused.key, kept.decided_by_id) == ("already_approved", robin.id)
            assert said == ["joined", "lesson"]
        else:
            assert (refused.key, kept.decided_by_id) == ("already_declined", kim.id)
            assert said == ["declined"]

    async def test_who_approve_both_let_in_once(
        self, company: Company, robin: Person, jo: Person, program: Program, application: Enrollment
    ) -> None:
        managers = [robin, *[await manager(company, program, f"Kim {n}") for n in "ABC"]]
        done = await asyncio.gather(
            *(approve(company, one, application) for one in managers), return_exceptions=True
        )
        assert [getattr(one, "key", one) for one in done].count(None) == 1
        assert {getattr(one, "key", None) for one in done} == {None, "already_approved"}
        assert await queued(company, jo.slack_user_id or "") == ["joined", "lesson"]

    @ONE_ENGINE
    @pytest.mark.parametrize("decide", [approve, decline])
    async def test_the_same_one_who_presses_twice_is_not_bothered(
        self, company: Company, robin: Person, jo: Person, application: Enrollment, decide: Decide
    ) -> None:
        await decide(company, robin, application)
        before = await queued(company, jo.slack_user_id or "")
        await decide(company, robin, application)
        assert await queued(company, jo.slack_user_id or "") == before

    async def test_while_the_applicant_leaves(
        self, company: Company, robin: Person, jo: Person, program: Program, application: Enrollment
    ) -> None:
        async def leave() -> None:
            async with company.transaction() as session:
                await enrollment.leave(session, company.runtime, jo, program.id)

        done = await asyncio.gather(
            approve(company, robin, application), leave(), return_exceptions=True
        )
        assert {getattr(one, "key", one) for one in done} <= {None, "application_gone"}
        assert (await reread(company, application)).state is EnrollmentState.LEFT


@decisions
class TestEveryDecision:
    @ONE_ENGINE
    async def test_is_for_managers_of_the_program_alone(
        self, company: Company, jo: Person, application: Enrollment, decide: Decide
    ) -> None:
        other = await company.person("Other Manager", level=3)
        await company.program(other, name="Other")
        for person in (jo, other):
            with pytest.raises(UserFacingError, match="not_allowed"):
                await decide(company, person, application)
        assert (await reread(company, application)).state is APPLIED

    @ONE_ENGINE
    @pytest.mark.parametrize("state", [ProgramState.CLOSING, ProgramState.CLOSED])
    async def test_comes_too_late_when_the_program_is_over(
        self,
        company: Company,
        robin: Person,
        program: Program,
        application: Enrollment,
        decide: Decide,
        state: ProgramState,
    ) -> None:
        await change(company, program, state=state)
        with pytest.raises(UserFacingError, match="vetting_over"):
            await decide(company, robin, application)
        assert (await reread(company, application)).state is APPLIED

    @ONE_ENGINE
    async def test_comes_too_late_when_the_applicant_has_left_the_company(
        self, company: Company, robin: Person, jo: Person, application: Enrollment, decide: Decide
    ) -> None:
        await change(company, jo, active=False)
        with pytest.raises(UserFacingError, match="applicant_left"):
            await decide(company, robin, application)

    @ONE_ENGINE
    @pytest.mark.parametrize(
        "state", [EnrollmentState.LEFT, EnrollmentState.WAITLISTED, EnrollmentState.ENROLLED]
    )
    async def test_comes_too_late_when_the_application_is_gone(
        self,
        company: Company,
        robin: Person,
        application: Enrollment,
        decide: Decide,
        state: EnrollmentState,
    ) -> None:
        await change(company, application, state=state)
        with pytest.raises(UserFacingError, match="application_gone"):
            await decide(company, robin, application)
        assert (await reread(company, application)).state is state

    @ONE_ENGINE
    async def test_of_an_application_that_is_not_there(
        self, company: Company, robin: Person, application: Enrollment, decide: Decide
    ) -> None:
        application.id = 4711
        with pytest.raises(UserFacingError, match="application_gone"):
            await decide(company, robin, application)

    @ONE_ENGINE
    async def test_on_ones_own_application_is_another_managers(
        self, company: Company, robin: Person, program: Program, decide: Decide
    ) -> None:
        kim = await manager(company, program)
        own = await apply(company, program, robin)
        with pytest.raises(UserFacingError, match="own_application"):
            await decide(company, robin, own)
        await decide(company, kim, own)
        assert (await reread(company, own)).decided_by_id == kim.id

    @ONE_ENGINE
    async def test_outdates_the_homes_of_all_whom_it_concerns(
        self,
        company: Company,
        robin: Person,
        jo: Person,
        program: Program,
        application: Enrollment,
        decide: Decide,
        clock: Clock,
    ) -> None:
        kim = await manager(company, program)
        stranger = await company.person(level=1)
        async with company.transaction() as session:
            session.add_all(Home(person_id=one.id) for one in (robin, jo, kim, stranger))
        await decide(company, robin, application)
        async with company.transaction() as session:
            homes = await session.scalars(select(Home).order_by(Home.id))
            outdated = [home.outdated_since == clock() for home in homes]
        assert outdated == [True, True, True, False]


class TestTheOnlyManager:
    @ONE_ENGINE
    @pytest.mark.parametrize("decide", [approve, decline])
    async def test_decides_on_their_own_application_too(
        self, company: Company, robin: Person, program: Program, decide: Decide
    ) -> None:
        own = await apply(company, program, robin)
        found = await look(company, robin)
        assert found.may_decide(found.applications[0])
        await decide(company, robin, own)
        assert (await reread(company, own)).decided_by_id == robin.id

    @ONE_ENGINE
    @pytest.mark.parametrize("stated", [{"stated_level": 9}, {"stated_manager_id": 1}])
    async def test_does_not_confirm_their_own_word(
        self, company: Company, robin: Person, program: Program, stated: dict[str, int]
    ) -> None:
        me = await company.person("Self Made", level=None if "stated_level" in stated else 2)
        alone = await company.program(me, name="Alone")
        own = await apply(company, alone, me, **stated)
        assert not (found := await look(company, me)).may_decide(found.applications[0])
        with pytest.raises(UserFacingError, match="own_word"):
            await approve(company, me, own)
        assert (await reread(company, own)).state is APPLIED
        await change(company, me, level=3, manager_id=robin.id)
        assert (found := await look(company, me)).may_decide(found.applications[0])
        await approve(company, me, own)
        assert (await reread(company, own)).state is ENROLLED

    @ONE_ENGINE
    async def test_is_who_is_left_when_the_others_have_gone(
        self, company: Company, robin: Person, program: Program
    ) -> None:
        kim = await manager(company, program)
        own = await apply(company, program, robin)
        assert not (found := await look(company, robin)).may_decide(found.applications[0])
        await change(company, kim, active=False)
        assert (found := await look(company, robin)).may_decide(found.applications[0])
        await approve(company, robin, own)
        assert (await reread(company, own)).state is ENROLLED
