from datetime import date

import pytest

from bot.errors import UserFacingError
from bot.programs import service
from bot.programs.lifecycle import Verb
from bot.roles import Act, Caller
from models import Person, ProgramState
from tests.factories import Company

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TODAY = date(2026, 1, 5)


async def leave(company: Company, person: Person) -> None:
    async with company.transaction() as session:
        (await session.get_one(Person, person.id)).active = False


@ONE_ENGINE
class TestRequireMayOpen:
    async def test_workspace_admins_and_program_managers_may(self, company: Company) -> None:
        manager, other = await company.person(), await company.person()
        await company.program(manager)
        async with company.transaction() as session:
            await service.require_may_open(session, Caller(other, is_workspace_admin=True))
            await service.require_may_open(session, Caller(manager))
            with pytest.raises(UserFacingError, match="not_allowed"):
                await service.require_may_open(session, Caller(other))


class TestMeant:
    async def meant(
        self,
        company: Company,
        caller: Caller,
        verb: Verb,
        channel: str = "",
        id_: int | None = None,
    ) -> int:
        async with company.transaction() as session:
            found = await service.meant(
                session, caller, verb, TODAY, channel_id=channel, program_id=id_
            )
            return found.id

    async def test_is_the_one_of_the_channel_else_the_newest_that_it_fits(
        self, company: Company
    ) -> None:
        robin = Caller(await company.person())
        draft = await company.program(robin.person, name="Draft", state=ProgramState.DRAFT)
        old = await company.program(robin.person, name="Old")
        new = await company.program(robin.person, name="New")
        closed = await company.program(robin.person, name="Past", state=ProgramState.CLOSED)
        assert await self.meant(company, robin, Verb.PAUSE) == new.id
        assert await self.meant(company, robin, Verb.PAUSE, old.admin_channel_id) == old.id
        assert await self.meant(company, robin, Verb.LAUNCH) == draft.id
        assert await self.meant(company, robin, Verb.COPY) == closed.id
        assert await self.meant(company, robin, Verb.EDIT, id_=old.id) == old.id

    @ONE_ENGINE
    async def test_a_channels_program_is_meant_even_where_it_does_not_fit(
        self, company: Company
    ) -> None:
        robin = Caller(await company.person())
        draft = await company.program(robin.person, name="Draft", state=ProgramState.DRAFT)
        await company.program(robin.person)
        with pytest.raises(UserFacingError, match="program_is_draft"):
            await self.meant(company, robin, Verb.PAUSE, draft.admin_channel_id)

    @ONE_ENGINE
    async def test_says_where_it_is_when_it_fits_none(self, company: Company) -> None:
        robin = Caller(await company.person())
        program = await company.program(robin.person, state=ProgramState.RUNNING)
        with pytest.raises(UserFacingError, match="program_is_running") as refused:
            await self.meant(company, robin, Verb.LAUNCH)
        assert refused.value.values == {"program": program.name}

    @ONE_ENGINE
    async def test_others_programs_are_nobodys_business(self, company: Company) -> None:
        other = Caller(await company.person(), is_workspace_admin=True)
        with pytest.raises(UserFacingError, match="no_program"):
            await self.meant(company, other, Verb.EDIT)
        program = await company.program(await company.person())
        for id_ in (None, program.id):
            with pytest.raises(UserFacingError, match="not_allowed"):
                await self.meant(company, other, Verb.EDIT, program.admin_channel_id, id_)

    async def test_an_admin_may_edit_one_that_all_managers_have_left(
        self, company: Company
    ) -> None:
        gone, admin = await company.person(), await company.person()
        program = await company.program(gone)
        await leave(company, gone)
        caller = Caller(admin, is_workspace_admin=True)
        assert await self.meant(company, caller, Verb.EDIT, program.admin_channel_id) == program.id
        for other, verb in ((caller, Verb.CLOSE), (Caller(admin), Verb.EDIT)):
            with pytest.raises(UserFacingError, match="not_allowed"):
                await self.meant(company, other, verb, id_=program.id)

    @ONE_ENGINE
    async def test_one_manager_who_stays_is_enough(self, company: Company) -> None:
        gone, stays = await company.person(), await company.person()
        program = await company.program(gone, stays)
        await leave(company, gone)
        admin = Caller(await company.person(), is_workspace_admin=True)
        with pytest.raises(UserFacingError, match="not_allowed"):
            await self.meant(company, admin, Verb.EDIT, id_=program.id)


@ONE_ENGINE
class TestRequireManager:
    async def test_gives_the_program_to_its_managers_alone(self, company: Company) -> None:
        manager, other = await company.person(), await company.person()
        program = await company.program(manager)
        async with company.transaction() as session:
            found = await service.require_manager(session, manager, Act.VET, program.id)
            assert found.id == program.id
            with pytest.raises(UserFacingError, match="not_allowed"):
                await service.require_manager(session, other, Act.VET, program.id)


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
    async def test_drafts_and_closed_ones_are_meant_last(self, company: Company) -> None:
        manager = await company.person()
        running = await company.program(manager, name="Runs", state=ProgramState.RUNNING)
        draft = await company.program(manager, name="Draft", state=ProgramState.DRAFT)
        await company.program(manager, name="Closed", state=ProgramState.CLOSED)
        async with company.transaction() as session:
            assert (await service.managed(session, manager, "C404")).id == running.id
            here = await service.managed(session, manager, draft.admin_channel_id)
            assert here.id == draft.id

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
