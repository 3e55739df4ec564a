"""A manager who opens programs, and short ways to say what these tests say often."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.delivery import service as delivery
from bot.programs import settings_service as settings
from bot.roles import Caller
from bot.views.modals.program import Filled
from bot.views.modals.program_settings import NAMES, ProgramSettings, marks
from models import Delivery, Home, Person, Program
from tests.factories import Company


class Office:
    def __init__(self, company: Company, robin: Person) -> None:
        self.company, self.runtime, self.person = company, company.runtime, robin
        self.robin = Caller(robin, is_workspace_admin=True)
        self.channel = company.sandbox.add_channel(
            "mentoring-team", [robin.slack_user_id or ""], private=True, app=True
        )

    def settings(self, **changes: Any) -> ProgramSettings:
        whole = ProgramSettings(
            name="Fresh Eyes",
            purpose="See with fresh eyes",
            topics=["digital-tools", "inclusion"],
            mentee_from_level=4,
            starts_on=date(2026, 1, 19),
            join_by=date(2026, 1, 14),
            admin_channel_id=self.channel,
            manager_slack_ids=[self.person.slack_user_id or ""],
        )
        return replace(whole, **changes)

    async def draft(self, *team: Person, by: Caller | None = None, **changes: Any) -> Program:
        wanted = self.settings(**changes)
        filled = Filled(None, {name: getattr(wanted, name) for name in NAMES}, {})
        people = {one.slack_user_id or "": one for one in (self.person, *team)}
        async with self.company.transaction() as session:
            return await settings.save_draft(
                session, self.runtime, by or self.robin, filled, people
            )

    async def opened(self, program: Program) -> ProgramSettings:
        """What a form to edit it shows now."""
        async with self.company.transaction() as session:
            return (await settings.of_program(session, program)).settings

    async def edit(
        self,
        program: Program,
        *team: Person,
        opened: ProgramSettings | None = None,
        by: Caller | None = None,
        **changes: Any,
    ) -> Program:
        shown = opened or await self.opened(program)
        filled = Filled(
            program.id,
            {name: getattr(replace(shown, **changes), name) for name in NAMES},
            marks(shown),
        )
        people = {one.slack_user_id or "": one for one in (self.person, *team)}
        async with self.company.transaction() as session:
            return await settings.save_changes(
                session, self.runtime, by or self.robin, filled, people
            )

    async def now(self, program: Program) -> Program:
        async with self.company.transaction() as session:
            return await session.get_one(Program, program.id)

    async def told(self, person: Person) -> list[str]:
        """What is queued for this person, or has been sent to them, by its kind."""
        async with self.company.transaction() as session:
            kinds = select(Delivery.kind).where(Delivery.recipient == person.slack_user_id)
            return list(await session.scalars(kinds.order_by(Delivery.id)))

    async def posts(self, channel: str) -> list[str]:
        """The notifications in a channel, once what is due has been sent."""
        await delivery.send_due(self.runtime)
        member = self.company.member(self.person)
        return [str(message["text"]) for message in member.messages(channel)]

    async def has_home(self, *people: Person) -> None:
        async with self.company.transaction() as session:
            session.add_all(Home(person_id=person.id) for person in people)

    async def outdated(self) -> set[int]:
        async with self.company.transaction() as session:
            homes = await session.scalars(
                select(Home.person_id).where(Home.outdated_since.is_not(None))
            )
            return set(homes)


@pytest.fixture
async def office(company: Company) -> Office:
    return Office(company, await company.person("Robin Vega", level=3, is_admin=True))
