"""Things tests need to exist, made the short way: straight in the database, with Slack accounts."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.runtime import Runtime
from models import (
    Cadence,
    Enrollment,
    Pair,
    PairState,
    Person,
    Program,
    ProgramManager,
    ProgramState,
    Role,
)
from sandbox.client import Member
from sandbox.server import Sandbox


class Company:
    """The workspace's people and programs. Everything made here is committed when it returns."""

    def __init__(self, runtime: Runtime, sandbox: Sandbox, workspace_id: int) -> None:
        self.runtime = runtime
        self.sandbox = sandbox
        self.workspace_id = workspace_id
        self._numbers = count(1)

    async def person(
        self,
        name: str = "",
        *,
        level: int | None = 1,
        department: str = "",
        manager: Person | None = None,
        time_zone: str = "Europe/London",
        is_admin: bool = False,
    ) -> Person:
        """Somebody known to HR and in Slack."""
        name = name or f"Person {next(self._numbers)}"
        email = f"{name.lower().replace(' ', '.')}@example.com"
        slack_user_id = self.sandbox.add_user(
            name.lower().replace(" ", "."), name, email=email, tz=time_zone, is_admin=is_admin
        )
        async with self.runtime.database.transaction(self.workspace_id) as session:
            person = Person(
                employee_id=f"E{next(self._numbers)}",
                slack_user_id=slack_user_id,
                name=name,
                email=email,
                level=level,
                department=department,
                title="",
                time_zone=time_zone,
                manager_id=manager.id if manager else None,
                reporting_path="",
                active=True,
            )
            session.add(person)
            await session.flush()
            above = manager.reporting_path if manager else "/"
            person.reporting_path = f"{above}{person.id}/"
        return person

    async def program(
        self,
        *managers: Person,
        name: str = "Fresh Eyes",
        topics: Sequence[str] = ("digital-tools", "social-media"),
        weeks: int = 12,
        cadence: Cadence = Cadence.WEEKLY,
        starts_on: date = date(2026, 1, 19),
        mentee_from_level: int = 4,
        admin_channel_id: str = "",
        state: ProgramState = ProgramState.ENROLLING,
        **settings: Any,
    ) -> Program:
        """`settings` are further columns."""
        channel_id = admin_channel_id or self.sandbox.add_channel(
            f"admin-{next(self._numbers)}",
            [manager.slack_user_id or "" for manager in managers],
            private=True,
            app=True,
        )
        async with self.runtime.database.transaction(self.workspace_id) as session:
            program = Program(
                name=name,
                purpose="Leaders see our work with fresh eyes",
                topics=list(topics),
                weeks=weeks,
                cadence=cadence,
                starts_on=starts_on,
                mentee_from_level=mentee_from_level,
                admin_channel_id=channel_id,
                state=state,
                created_at=self.runtime.clock(),
                **settings,
            )
            session.add(program)
            await session.flush()
            session.add_all(
                ProgramManager(program_id=program.id, person_id=manager.id) for manager in managers
            )
        return program

    async def enrol(
        self,
        program: Program,
        person: Person,
        topics: Sequence[str] = ("digital-tools",),
        **columns: Any,
    ) -> Enrollment:
        """With the role that follows from the person's level, or from the one they state."""
        level = columns.get("stated_level") or person.level
        assert level is not None
        role = Role.MENTEE if level >= program.mentee_from_level else Role.MENTOR
        async with self.runtime.database.transaction(self.workspace_id) as session:
            enrollment = Enrollment(
                program_id=program.id,
                person_id=person.id,
                role=role,
                topics=list(topics),
                **{"joined_at": self.runtime.clock()} | columns,
            )
            session.add(enrollment)
        return enrollment

    async def pair(
        self,
        program: Program,
        mentor: Person,
        mentee: Person,
        *,
        state: PairState = PairState.OPENING,
        channel_id: str | None = None,
        topics: Sequence[str] = ("digital-tools",),
        first_week_on: date = date(2026, 1, 19),
    ) -> Pair:
        """A pair without touchpoints; `bot.pairs.service.open_spaces` gives an opening one its
        channel and schedules them."""
        async with self.runtime.database.transaction(self.workspace_id) as session:
            pair = Pair(
                program_id=program.id,
                mentor_id=mentor.id,
                mentee_id=mentee.id,
                topics=list(topics),
                state=state,
                channel_name=f"mentoring-{next(self._numbers)}",
                channel_id=channel_id,
                first_week_on=first_week_on,
                created_at=self.runtime.clock(),
            )
            session.add(pair)
        return pair

    def transaction(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A session bound to the workspace, as the edge opens one."""
        return self.runtime.database.transaction(self.workspace_id)

    def member(self, person: Person) -> Member:
        """The person at their Slack."""
        assert person.slack_user_id is not None
        return self.sandbox.member(person.slack_user_id)
