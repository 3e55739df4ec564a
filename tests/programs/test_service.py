from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.people import store as people_store
from bot.programs import service
from bot.roles import Caller
from bot.views.modals.join import Join
from bot.views.modals.new_program import NewProgram
from models import (
    Cadence,
    Delivery,
    Enrollment,
    Person,
    Program,
    ProgramManager,
    ProgramState,
    Role,
)
from tests.factories import Company

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def wanted(company: Company, opener: Person, **changes: object) -> NewProgram:
    channel = company.sandbox.add_channel(
        "mentoring-team", [opener.slack_user_id or ""], private=True, app=True
    )
    form = NewProgram(
        name="Fresh Eyes",
        purpose="See with fresh eyes",
        topics=["digital-tools", "inclusion"],
        mentee_from_level=4,
        weeks=12,
        cadence=Cadence.FORTNIGHTLY,
        starts_on=date(2026, 1, 5),
        admin_channel_id=channel,
        manager_slack_ids=[],
    )
    return replace(form, **changes)


async def open_program(
    company: Company, caller: Caller, form: NewProgram, *team: Person
) -> Program:
    async with company.transaction() as session:
        return await service.open_program(session, company.runtime, caller, form, team)


async def rows(company: Company, model: type) -> int:
    async with company.transaction() as session:
        return (await session.scalars(select(func.count()).select_from(model))).one()


class TestOpenProgram:
    async def test_keeps_what_was_asked_for_and_announces_it(self, company: Company) -> None:
        admin = await company.person("Robin Vega", is_admin=True)
        form = wanted(company, admin)
        program = await open_program(company, Caller(admin, is_workspace_admin=True), form)
        for name in ("name", "purpose", "topics", "weeks", "cadence", "starts_on"):
            assert getattr(program, name) == getattr(form, name), name
        assert (program.mentee_from_level, program.state) == (4, ProgramState.ENROLLING)
        await delivery.send_due(company.runtime)
        robin = company.member(admin)
        assert "Fresh Eyes" in str(robin.messages(form.admin_channel_id)[-1]["blocks"])
        assert "12" in str(robin.messages(robin.direct())[-1]["blocks"])

    async def test_the_opener_and_the_team_manage_it(self, company: Company) -> None:
        admin, other = await company.person(is_admin=True), await company.person()
        caller = Caller(admin, is_workspace_admin=True)
        program = await open_program(company, caller, wanted(company, admin), other, admin)
        async with company.transaction() as session:
            managing = select(ProgramManager.person_id).where(
                ProgramManager.program_id == program.id
            )
            assert sorted(await session.scalars(managing)) == [admin.id, other.id]

    @ONE_ENGINE
    async def test_a_program_manager_may_open_another(self, company: Company) -> None:
        manager = await company.person()
        await company.program(manager, name="Winter")
        await open_program(company, Caller(manager), wanted(company, manager))
        assert await rows(company, Program) == 2

    @ONE_ENGINE
    async def test_anybody_else_may_not(self, company: Company) -> None:
        manager, other = await company.person(), await company.person()
        await company.program(manager, name="Winter")
        with pytest.raises(UserFacingError, match="not_allowed"):
            await open_program(company, Caller(other), wanted(company, other))
        assert await rows(company, Program) == 1
        assert await rows(company, Delivery) == 0

    @pytest.mark.parametrize(
        ("changes", "key", "field"),
        [
            ({"name": "Winter"}, "program_exists", "name"),
            ({"starts_on": date(2026, 1, 4)}, "start_in_past", "starts_on"),
        ],
    )
    @ONE_ENGINE
    async def test_what_cannot_be_stands_beside_its_field(
        self, company: Company, changes: dict[str, object], key: str, field: str
    ) -> None:
        manager = await company.person()
        await company.program(manager, name="Winter")
        with pytest.raises(UserFacingError) as refused:
            await open_program(company, Caller(manager), wanted(company, manager, **changes))
        assert (refused.value.key, refused.value.field) == (key, field)
        assert await rows(company, Program) == 1


@ONE_ENGINE
class TestSuggestedMenteeLevel:
    async def suggestion(self, company: Company, *levels: int | None) -> int:
        for level in levels:
            await company.person(level=level)
        async with company.transaction() as session:
            return await service.suggested_mentee_level(session)

    async def test_aims_at_a_third_of_the_people(self, company: Company) -> None:
        assert await self.suggestion(company, 1, 1, 1, 2, 2, 2, 3, 4, 5, None) == 3

    async def test_the_lowest_level_never_leads(self, company: Company) -> None:
        assert await self.suggestion(company, 1, 9, 9, 9, 9, 9) == 9

    @pytest.mark.parametrize("levels", [(), (3, 3), (None,)])
    async def test_has_a_usual_one_when_nothing_is_known(
        self, company: Company, levels: tuple[int | None, ...]
    ) -> None:
        assert await self.suggestion(company, *levels) == service.DEFAULT_MENTEE_LEVEL

    async def test_leavers_do_not_count(self, company: Company) -> None:
        gone = [await company.person(level=7) for _ in range(5)]
        for level in (1, 2, 2):
            await company.person(level=level)
        async with company.transaction() as session:
            for person in gone:
                (await session.get_one(Person, person.id)).active = False
            await session.flush()
            assert sorted(await people_store.levels(session)) == [1, 2, 2]
            assert await service.suggested_mentee_level(session) == 2


class TestJoin:
    async def join(self, company: Company, person: Person, program: Program, *topics: str) -> None:
        async with company.transaction() as session:
            form = Join(program_id=program.id, topics=list(topics))
            await service.join(session, company.runtime, person, form)

    async def enrolled(self, company: Company) -> list[Enrollment]:
        async with company.transaction() as session:
            return list(await session.scalars(select(Enrollment)))

    @pytest.mark.parametrize(
        ("level", "role"), [(1, Role.MENTOR), (3, Role.MENTOR), (4, Role.MENTEE), (9, Role.MENTEE)]
    )
    @ONE_ENGINE
    async def test_the_role_follows_from_the_level(
        self, company: Company, level: int, role: Role
    ) -> None:
        program = await company.program(mentee_from_level=4)
        person = await company.person(level=level)
        await self.join(company, person, program, "digital-tools")
        [enrollment] = await self.enrolled(company)
        assert (enrollment.role, enrollment.topics) == (role, ["digital-tools"])

    async def test_twice_updates_the_topics(self, company: Company) -> None:
        program, person = await company.program(), await company.person()
        await self.join(company, person, program, "digital-tools")
        await self.join(company, person, program, "social-media", "digital-tools")
        [enrollment] = await self.enrolled(company)
        assert enrollment.topics == ["social-media", "digital-tools"]
        await delivery.send_due(company.runtime)
        member = company.member(person)
        assert len(member.messages(member.direct())) == 2

    @ONE_ENGINE
    async def test_again_after_a_promotion_updates_the_role(self, company: Company) -> None:
        program, person = await company.program(), await company.person(level=3)
        await self.join(company, person, program, "digital-tools")
        async with company.transaction() as session:
            (await session.get_one(Person, person.id)).level = person.level = 5
        await self.join(company, person, program, "digital-tools")
        [enrollment] = await self.enrolled(company)
        assert enrollment.role is Role.MENTEE

    @ONE_ENGINE
    async def test_a_topic_of_another_program_is_refused(self, company: Company) -> None:
        program, person = await company.program(topics=["inclusion"]), await company.person()
        with pytest.raises(UserFacingError) as refused:
            await self.join(company, person, program, "inclusion", "digital-tools")
        assert (refused.value.key, refused.value.field) == ("topic_unknown", "topics")
        assert await self.enrolled(company) == []

    @ONE_ENGINE
    async def test_somebody_without_a_level_is_told_so(self, company: Company) -> None:
        program, person = await company.program(), await company.person(level=None)
        with pytest.raises(UserFacingError, match="unknown_person_level"):
            await self.join(company, person, program, "digital-tools")
        assert await self.enrolled(company) == []

    @ONE_ENGINE
    async def test_a_program_that_closed_meanwhile_takes_nobody(self, company: Company) -> None:
        program = await company.program(state=ProgramState.CLOSED)
        with pytest.raises(UserFacingError, match="no_program_open"):
            await self.join(company, await company.person(), program, "digital-tools")
        assert await self.enrolled(company) == []


@ONE_ENGINE
class TestJoining:
    async def joining(
        self, company: Company, person: Person, program_id: int | None = None
    ) -> service.Joining:
        async with company.transaction() as session:
            return await service.joining(session, person, program_id)

    async def test_is_about_the_newest_open_program(self, company: Company) -> None:
        person = await company.person()
        await company.program(name="Old")
        new = await company.program(name="New")
        await company.program(name="Closed", state=ProgramState.CLOSED)
        found = await self.joining(company, person)
        assert (found.program.id, found.chosen) == (new.id, None)

    async def test_or_about_the_one_named(self, company: Company) -> None:
        person = await company.person()
        old = await company.program(name="Old")
        await company.program(name="New")
        assert (await self.joining(company, person, old.id)).program.id == old.id

    async def test_knows_what_was_chosen_before(self, company: Company) -> None:
        person, program = await company.person(), await company.program()
        await company.enrol(program, person, ["social-media"])
        assert (await self.joining(company, person)).chosen == ["social-media"]

    @pytest.mark.parametrize("program_id", [None, 404])
    async def test_says_when_there_is_none(self, company: Company, program_id: int | None) -> None:
        with pytest.raises(UserFacingError, match="no_program_open"):
            await self.joining(company, await company.person(), program_id)


class TestManaged:
    async def test_the_one_whose_channel_it_is_else_the_newest(self, company: Company) -> None:
        manager = await company.person()
        old = await company.program(manager, name="Old")
        new = await company.program(manager, name="New")
        await company.program(await company.person(), name="Another's")
        async with company.transaction() as session:
            for channel, meant in (
                (old.admin_channel_id, old),
                (new.admin_channel_id, new),
                ("C404", new),
            ):
                assert (await service.managed(session, manager, channel)).id == meant.id

    @ONE_ENGINE
    async def test_others_are_refused_in_its_channel_too(self, company: Company) -> None:
        program = await company.program(await company.person())
        other = await company.person()
        async with company.transaction() as session:
            with pytest.raises(UserFacingError, match="not_allowed"):
                await service.managed(session, other, program.admin_channel_id)

    @ONE_ENGINE
    async def test_here_is_only_the_admin_channel(self, company: Company) -> None:
        manager, other = await company.person(), await company.person()
        program = await company.program(manager)
        async with company.transaction() as session:
            here = await service.managed_here(session, manager, program.admin_channel_id)
            assert here is not None
            assert here.id == program.id
            assert await service.managed_here(session, manager, "C404") is None
            assert await service.managed_here(session, other, program.admin_channel_id) is None
            assert [found.id for found in await service.managed_by(session, manager)] == [
                program.id
            ]
            assert not await service.managed_by(session, other)
