from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select

from bot.delivery import service as delivery
from bot.pairs import service as pairs
from bot.runtime import Runtime
from models import Delivery, Enrollment, Pair, Person, Program, Touchpoint, TouchpointKind
from sandbox.state.records import Conversation
from tests.factories import Company

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Story:
    """A program with its manager, and a pair that waits for its channel."""

    company: Company
    program: Program
    manager: Person
    mentor: Person
    mentee: Person
    pair: Pair

    @property
    def runtime(self) -> Runtime:
        return self.company.runtime

    @property
    def name(self) -> str:
        return self.pair.channel_name

    async def now(self) -> Pair:
        async with self.runtime.database.transaction(self.company.workspace_id) as session:
            return await session.get_one(Pair, self.pair.id)

    async def all(self, model: type) -> Sequence[object]:
        async with self.runtime.database.transaction(self.company.workspace_id) as session:
            return (await session.scalars(select(model).order_by(model.id))).all()

    async def due(self) -> int:
        return sum(row.due_at is not None for row in await self.all(Touchpoint))

    async def in_channel(self) -> list[str]:
        """What the pair's channel has been told in all, after what is due has been sent."""
        await delivery.send_due(self.runtime)
        channel_id = (await self.now()).channel_id or ""
        channel = self.company.sandbox.workspace.conversations[channel_id]
        return [message.text for message in channel.messages.values()]

    async def directly(self, person: Person) -> list[str]:
        """What the app has written to this person in all."""
        await delivery.send_due(self.runtime)
        member = self.company.member(person)
        return [message["text"] for message in member.messages(member.direct())]

    async def touchpoint(self, kind: TouchpointKind) -> Touchpoint:
        found = await self.all(Touchpoint)
        [one] = [row for row in found if isinstance(row, Touchpoint) and row.kind is kind]
        return one

    def say(self, key: str, **values: str | int) -> str:
        return self.runtime.library.say(key, **values)

    async def break_of(self, person: Person, until: date | None = None) -> None:
        """The person has a break from today on."""
        await self._set_break(person, self.runtime.clock().date(), until)

    async def back(self, person: Person) -> None:
        await self._set_break(person, None, None)

    async def _set_break(self, person: Person, since: date | None, until: date | None) -> None:
        async with self.company.transaction() as session:
            for enrolled in await session.scalars(
                select(Enrollment).where(Enrollment.person_id == person.id)
            ):
                enrolled.paused_since, enrolled.paused_until = since, until
            await pairs.follow_breaks(session, self.runtime, person_id=person.id)

    async def program_break(self, on: bool) -> None:
        async with self.company.transaction() as session:
            program = await session.get_one(Program, self.program.id)
            program.paused_at = self.runtime.clock() if on else None
            await pairs.follow_breaks(session, self.runtime, program_id=program.id)

    async def told(self, kind: str) -> list[str]:
        return [row.recipient for row in await self.all(Delivery) if row.kind == kind]

    def channels(self) -> list[Conversation]:
        found = self.company.sandbox.workspace.conversations.values()
        return [channel for channel in found if channel.name.startswith("mentoring-")]

    def both_are_in(self, channel_id: str | None) -> bool:
        members = self.company.sandbox.workspace.conversations[channel_id or ""].members
        return {self.mentor.slack_user_id, self.mentee.slack_user_id} <= set(members)

    async def change(self, person: Person, **values: object) -> int:
        """New people data: as an import does it, in one transaction with `pause_unsafe`."""
        async with self.runtime.database.transaction(self.company.workspace_id) as session:
            found = await session.get_one(Person, person.id)
            for name, value in values.items():
                setattr(found, name, value)
            await session.flush()
            moved = [person.id] if {"level", "manager_id"} & values.keys() else []
            return await pairs.pause_unsafe(session, self.runtime, moved)

    async def set_gap(self, levels: int) -> None:
        """A manager changes the program's setting, for pairs to come."""
        async with self.company.transaction() as session:
            (await session.get_one(Program, self.program.id)).level_gap = levels


@pytest.fixture
async def story(company: Company) -> Story:
    manager = await company.person("Robin Vega", level=3)
    mentor = await company.person("Jo Young", level=1)
    mentee = await company.person("Lena Boss", level=6)
    program = await company.program(manager)
    pair = await company.pair(program, mentor, mentee)
    for person in (mentor, mentee):
        await company.enrol(program, person)
    return Story(company, program, manager, mentor, mentee, pair)
