from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import select

from bot.cadence import service as cadence
from bot.cadence.plan import plan_for
from models import (
    Cadence,
    Delivery,
    Pair,
    PairState,
    Person,
    Program,
    QuestionAsked,
    Touchpoint,
    TouchpointKind,
)
from tests.factories import Company


@dataclass
class Pairs:
    """Active pairs of one program with their touchpoints scheduled, and what became of them."""

    company: Company
    program: Program

    async def add(
        self,
        state: PairState = PairState.ACTIVE,
        mentor_zone: str = "Europe/London",
        mentee_zone: str = "Europe/London",
        topics: Sequence[str] = ("digital-tools",),
        **joined: object,
    ) -> Pair:
        """`joined` are columns of both enrollments."""
        mentor = await self.company.person(time_zone=mentor_zone)
        mentee = await self.company.person(level=6, time_zone=mentee_zone)
        people = [person.slack_user_id or "" for person in (mentor, mentee)]
        number = len(self.company.sandbox.workspace.conversations)
        channel = self.company.sandbox.add_channel(f"p-{number}", people, private=True, app=True)
        pair = await self.company.pair(
            self.program, mentor, mentee, state=state, channel_id=channel, topics=topics
        )
        for one in (mentor, mentee):
            await self.company.enrol(self.program, one, topics, **joined)
        runtime = self.company.runtime
        async with runtime.database.transaction(self.company.workspace_id) as session:
            pair_plan = plan_for(self.program, pair, mentor, mentee)
            await cadence.schedule(session, runtime, pair, pair_plan)
        return pair

    async def all(self, model: type) -> Sequence[object]:
        database = self.company.runtime.database
        async with database.transaction(self.company.workspace_id) as session:
            return (await session.scalars(select(model).order_by(model.id))).all()

    async def queued(self, pair: Pair, kind: TouchpointKind | None = None) -> list[str]:
        """The kinds of what is in the outbox for this pair, or the recipients of one kind."""
        found = [row for row in await self.all(Delivery) if row.pair_id == pair.id]
        if kind is None:
            return [row.kind for row in found]
        return [row.recipient for row in found if row.kind == kind]

    async def moments(self, pair: Pair) -> dict[str, list[datetime]]:
        """When what is in the outbox for this pair may leave, by kind."""
        found: dict[str, list[datetime]] = {}
        for row in await self.all(Delivery):
            if row.pair_id == pair.id:
                found.setdefault(row.kind, []).append(row.not_before)
        return found

    async def touchpoint(self, pair: Pair, kind: TouchpointKind) -> Touchpoint:
        [found] = [
            row for row in await self.all(Touchpoint) if (row.pair_id, row.kind) == (pair.id, kind)
        ]
        return found

    async def person(self, person_id: int) -> Person:
        [found] = [row for row in await self.all(Person) if row.id == person_id]
        return found

    async def questions(self, pair: Pair) -> list[str]:
        asked = await self.all(QuestionAsked)
        return [row.question_id for row in asked if row.pair_id == pair.id]

    async def state(self, pair: Pair) -> PairState:
        [found] = [row for row in await self.all(Pair) if row.id == pair.id]
        return found.state


@pytest.fixture
async def pairs(company: Company) -> Pairs:
    return Pairs(company, await company.program(weeks=12))


@pytest.fixture
async def monthly(company: Company) -> Pairs:
    return Pairs(company, await company.program(name="Slow", weeks=12, cadence=Cadence.MONTHLY))
