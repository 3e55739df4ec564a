import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import UserFacingError
from bot.people import store as people_store
from bot.programs import settings_service as settings
from bot.roles import Caller
from bot.views.modals.program_settings import NAMES
from models import (
    Audience,
    Cadence,
    Delivery,
    Enrollment,
    Invitation,
    Person,
    Program,
    ProgramManager,
    ProgramState,
    Space,
    Sponsor,
)
from tests.conftest import Clock
from tests.factories import Company
from tests.programs.conftest import Office

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def rows(company: Company, model: type[Any]) -> list[Any]:
    async with company.transaction() as session:
        return list(await session.scalars(select(model).order_by(model.id)))


class TestFromTemplate:
    async def form(self, office: Office, template_id: str, caller: Caller | None = None) -> Any:
        template = office.runtime.library.templates[template_id]
        async with office.company.transaction() as session:
            return await settings.from_template(
                session, office.runtime, caller or office.robin, template, office.channel
            )

    async def test_is_complete_as_it_stands(self, office: Office) -> None:
        await office.company.person(department="Design")
        await office.company.person(department="Care")
        form = await self.form(office, "cross-functional")
        assert form.settings.name == "Cross-functional network"
        assert form.settings.mentee_capacity == 3
        assert form.settings.cadence is Cadence.MONTHLY
        assert form.settings.admin_channel_id == office.channel
        assert form.settings.manager_slack_ids == [office.person.slack_user_id]
        assert (form.settings.join_by, form.settings.starts_on) == (
            date(2026, 1, 14),
            date(2026, 1, 19),
        )
        assert list(form.departments) == ["Care", "Design"]
        assert (form.program, form.fixed) == (None, frozenset())

    @ONE_ENGINE
    async def test_finds_a_name_that_is_free(self, office: Office) -> None:
        await office.draft(name="Digital skills for executives")
        await office.draft(name="Digital skills for executives 2")
        form = await self.form(office, "digital-skills")
        assert form.settings.name == "Digital skills for executives 3"

    @ONE_ENGINE
    async def test_not_for_anybody(self, office: Office) -> None:
        with pytest.raises(UserFacingError, match="not_allowed"):
            await self.form(office, "retention", Caller(await office.company.person()))


class TestFromProgram:
    async def test_is_like_the_other_with_a_name_and_days_of_its_own(
        self, office: Office, clock: Clock
    ) -> None:
        other = await office.company.person()
        program = await office.draft(
            other,
            name="W" * 80,
            weeks=24,
            sponsor_slack_ids=[other.slack_user_id],
            vetted=True,
            asks_participants=True,
            support_contact_slack_id=other.slack_user_id,
        )
        async with office.company.transaction() as session:
            (await session.get_one(Program, program.id)).weights = {"level": 9}
        program = await office.now(program)
        clock.forward(days=70)
        async with office.company.transaction() as session:
            form = await settings.from_program(session, office.runtime, program)
        assert form.settings.name == "W" * 78 + " 2"
        assert form.settings.starts_on == date(2026, 3, 30)
        assert form.settings.join_by == date(2026, 3, 25)
        assert (form.settings.weeks, form.settings.vetted) == (24, True)
        assert form.settings.asks_participants
        assert form.settings.sponsor_slack_ids == [other.slack_user_id]
        assert form.settings.support_contact_slack_id == other.slack_user_id
        assert (form.program, form.weights) == (None, {"level": 9})


class TestSaveDraft:
    async def test_keeps_every_setting_and_tells_nobody(self, office: Office) -> None:
        sam, kim = await office.company.person(), await office.company.person()
        wanted = office.settings(
            level_gap=2,
            weeks=26,
            cadence=Cadence.QUARTERLY,
            hour=15,
            audience=Audience.INVITED,
            departments=["Design"],
            lowest_level=1,
            highest_level=9,
            invited_slack_ids=[kim.slack_user_id],
            seats=20,
            mentor_capacity=2,
            mentee_capacity=3,
            vetted=True,
            training_required=True,
            asks_participants=True,
            approvals_needed=2,
            feedback_group_size=7,
            space=Space.GROUP_DM,
            manager_slack_ids=sorted([office.person.slack_user_id or "", sam.slack_user_id or ""]),
            sponsor_slack_ids=[sam.slack_user_id],
            support_contact_slack_id=kim.slack_user_id,
        )
        program = await office.draft(sam, kim, **{name: getattr(wanted, name) for name in NAMES})
        assert program.state is ProgramState.DRAFT
        assert await office.opened(program) == wanted
        assert await rows(office.company, Delivery) == []
        assert await rows(office.company, Enrollment) == []

    async def test_the_opener_is_among_its_managers(self, office: Office) -> None:
        other = await office.company.person()
        await office.draft(other, manager_slack_ids=[other.slack_user_id])
        managers = await rows(office.company, ProgramManager)
        assert {row.person_id for row in managers} == {office.person.id, other.id}

    @ONE_ENGINE
    async def test_it_shows_on_the_managers_homes(self, office: Office) -> None:
        other = await office.company.person()
        await office.has_home(office.person, other)
        await office.draft(other)
        assert await office.outdated() == {office.person.id}

    @pytest.mark.parametrize(
        ("changes", "key", "field"),
        [
            ({}, "program_exists", "name"),
            ({"name": "Other", "starts_on": date(2026, 1, 4)}, "start_in_past", "starts_on"),
        ],
    )
    @ONE_ENGINE
    async def test_what_cannot_be_stands_beside_its_field(
        self, office: Office, changes: dict[str, Any], key: str, field: str
    ) -> None:
        await office.draft()
        with pytest.raises(UserFacingError) as refused:
            await office.draft(**changes)
        assert (refused.value.key, refused.value.field) == (key, field)
        assert len(await rows(office.company, Program)) == 1

    @ONE_ENGINE
    async def test_anybody_else_may_not(self, office: Office) -> None:
        with pytest.raises(UserFacingError, match="not_allowed"):
            await office.draft(by=Caller(await office.company.person()))
        assert await rows(office.company, Program) == []


class TestSaveChanges:
    async def test_keeps_what_was_changed(self, office: Office) -> None:
        program = await office.draft()
        await office.edit(program, purpose="See anew", topics=["inclusion"], seats=30)
        found = await office.now(program)
        assert (found.purpose, found.topics, found.seats) == ("See anew", ["inclusion"], 30)
        assert found.name == "Fresh Eyes"

    @ONE_ENGINE
    async def test_a_contact_comes_and_goes(self, office: Office) -> None:
        kim = await office.company.person()
        program = await office.draft(kim, support_contact_slack_id=kim.slack_user_id)
        await office.edit(program, purpose="Anew")
        assert (await office.now(program)).support_contact_id == kim.id
        await office.edit(program, support_contact_slack_id="")
        assert (await office.now(program)).support_contact_id is None

    @ONE_ENGINE
    async def test_a_contact_who_has_left_is_not_shown_any_more(self, office: Office) -> None:
        kim = await office.company.person()
        program = await office.draft(kim, support_contact_slack_id=kim.slack_user_id)
        async with office.company.transaction() as session:
            (await session.get_one(Person, kim.id)).active = False
        assert (await office.opened(program)).support_contact_slack_id == ""
        await office.edit(program, purpose="Anew")

    @ONE_ENGINE
    async def test_a_contact_does_not_come_to_run_it(self, office: Office) -> None:
        kim = await office.company.person()
        program = await office.draft(kim, support_contact_slack_id=kim.slack_user_id)
        managers = [office.person.slack_user_id, kim.slack_user_id]
        with pytest.raises(UserFacingError, match="support_contact_manages"):
            await office.edit(program, kim, manager_slack_ids=managers)

    async def test_two_managers_do_not_undo_each_other(self, office: Office) -> None:
        sam = await office.company.person()
        program = await office.draft(sam, manager_slack_ids=[sam.slack_user_id])
        opened = await office.opened(program)
        await asyncio.gather(
            office.edit(program, sam, opened=opened, weeks=20),
            office.edit(program, sam, opened=opened, by=Caller(sam), hour=8, seats=40),
        )
        found = await office.now(program)
        assert (found.weeks, found.hour, found.seats) == (20, 8, 40)

    async def test_people_come_and_go(self, office: Office) -> None:
        sam, kim = await office.company.person(), await office.company.person()
        program = await office.draft(sam, sponsor_slack_ids=[sam.slack_user_id])
        await office.edit(
            program,
            *(sam, kim),
            manager_slack_ids=[sam.slack_user_id],
            sponsor_slack_ids=[kim.slack_user_id],
        )
        [manager] = await rows(office.company, ProgramManager)
        [sponsor] = await rows(office.company, Sponsor)
        assert (manager.person_id, sponsor.person_id) == (sam.id, kim.id)
        with pytest.raises(UserFacingError, match="not_allowed"):
            await office.edit(program, sam, kim, name="Mine again")

    @ONE_ENGINE
    async def test_somebody_has_to_run_it(self, office: Office) -> None:
        program = await office.draft()
        with pytest.raises(UserFacingError, match="manager_missing") as refused:
            await office.edit(program, manager_slack_ids=[])
        assert refused.value.field == "manager_slack_ids"

    @ONE_ENGINE
    async def test_an_admin_takes_over_what_nobody_runs(self, office: Office) -> None:
        gone = await office.company.person()
        program = await office.company.program(gone)
        async with office.company.transaction() as session:
            (await session.get_one(Person, gone.id)).active = False
        assert (await office.opened(program)).manager_slack_ids == []
        with pytest.raises(UserFacingError, match="manager_missing"):
            await office.edit(program, purpose="Ours")
        await office.edit(program, manager_slack_ids=[office.person.slack_user_id])
        [manager] = await rows(office.company, ProgramManager)
        assert manager.person_id == office.person.id

    async def test_a_later_last_day_opens_it_again(self, office: Office, clock: Clock) -> None:
        program = await office.company.program(
            office.person, state=ProgramState.MATCHING, join_by=date(2026, 1, 2)
        )
        await office.edit(program, purpose="Anew")
        assert (await office.now(program)).state is ProgramState.MATCHING
        await office.edit(program, join_by=date(2026, 1, 16))
        assert (await office.now(program)).state is ProgramState.ENROLLING

    async def test_whoever_is_invited_later_is_asked_then_and_once(self, office: Office) -> None:
        kim, lou = await office.company.person(), await office.company.person()
        ids = [kim.slack_user_id, lou.slack_user_id]
        program = await office.company.program(office.person, audience=Audience.INVITED)
        await office.edit(program, kim, invited_slack_ids=ids[:1])
        assert await office.told(kim) == ["invitation"]
        await office.edit(program, kim, lou, invited_slack_ids=ids)
        await office.edit(program, kim, lou, invited_slack_ids=ids[1:])
        await office.edit(program, kim, lou, invited_slack_ids=ids)
        assert await office.told(kim) == ["invitation"]
        assert await office.told(lou) == ["invitation"]
        assert len(await rows(office.company, Invitation)) == 2
        assert await rows(office.company, Enrollment) == []

    @ONE_ENGINE
    async def test_a_draft_invites_nobody_yet(self, office: Office) -> None:
        kim = await office.company.person()
        program = await office.draft()
        await office.edit(program, kim, invited_slack_ids=[kim.slack_user_id])
        assert await office.told(kim) == []

    @ONE_ENGINE
    async def test_it_shows_on_the_homes_of_all_concerned(self, office: Office) -> None:
        sam, kim, other = [await office.company.person() for _ in range(3)]
        program = await office.company.program(office.person, sam)
        await office.company.enrol(program, kim)
        await office.has_home(office.person, sam, kim, other)
        await office.edit(program, sam, manager_slack_ids=[office.person.slack_user_id])
        assert await office.outdated() == {office.person.id, sam.id, kim.id}

    @ONE_ENGINE
    async def test_nothing_of_a_program_that_closed_meanwhile(self, office: Office) -> None:
        program = await office.company.program(office.person)
        opened = await office.opened(program)
        async with office.company.transaction() as session:
            (await session.get_one(Program, program.id)).state = ProgramState.CLOSED
        with pytest.raises(UserFacingError, match="program_is_closed"):
            await office.edit(program, opened=opened, purpose="Late")

    @ONE_ENGINE
    async def test_a_name_in_use_is_another_programs(self, office: Office) -> None:
        await office.draft(name="Winter")
        program = await office.draft()
        with pytest.raises(UserFacingError, match="program_exists"):
            await office.edit(program, name="Winter")
        assert (await office.edit(program, name="Summer")).name == "Summer"


@ONE_ENGINE
class TestSuggestedMenteeLevel:
    async def suggestion(self, company: Company, *levels: int | None) -> int:
        for level in levels:
            await company.person(level=level)
        async with company.transaction() as session:
            return await settings.suggested_mentee_level(session)

    async def test_aims_at_a_third_of_the_people(self, company: Company) -> None:
        assert await self.suggestion(company, 1, 1, 1, 2, 2, 2, 3, 4, 5, None) == 3

    async def test_the_lowest_level_never_leads(self, company: Company) -> None:
        assert await self.suggestion(company, 1, 9, 9, 9, 9, 9) == 9

    @pytest.mark.parametrize("levels", [(), (3, 3), (None,)])
    async def test_has_a_usual_one_when_nothing_is_known(
        self, company: Company, levels: tuple[int | None, ...]
    ) -> None:
        assert await self.suggestion(company, *levels) == settings.DEFAULT_MENTEE_LEVEL

    async def test_leavers_do_not_count(self, company: Company) -> None:
        gone = [await company.person(level=7) for _ in range(5)]
        for level in (1, 2, 2):
            await company.person(level=level)
        async with company.transaction() as session:
            for person in gone:
                (await session.get_one(Person, person.id)).active = False
            await session.flush()
            assert sorted(await people_store.levels(session)) == [1, 2, 2]
            assert await settings.suggested_mentee_level(session) == 2
