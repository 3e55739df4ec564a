"""A small program whose matches the tests ask for, and what one does with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.enrollment import avoided
from bot.matching import approving_service, asking_service, runs_service, service, sides_service
from bot.matching.approving_service import Outcome
from bot.matching.service import Requested
from bot.matching.sides_service import Sides
from bot.programs import store as programs
from models import (
    Decision,
    DecisionKind,
    Enrollment,
    Hold,
    HoldKind,
    LeftOver,
    MatchRun,
    MatchRunState,
    Pair,
    Person,
    Profile,
    Program,
    ProgramManager,
    Proposal,
)
from tests.factories import Company


@dataclass
class Cast:
    """A program with two mentors and a mentee, all waiting. The second mentor fits better."""

    company: Company
    manager: Person
    program: Program
    boss: Person
    juniors: list[Person]

    @property
    def best(self) -> tuple[int, int]:
        """The pair that a match proposes."""
        return self.juniors[1].id, self.boss.id

    async def request(self, by: Person | None = None) -> Requested:
        async with self.company.transaction() as session:
            return await service.request(
                session, self.company.runtime, by or self.manager, self.program
            )

    async def rematch(self) -> bool:
        async with self.company.transaction() as session:
            return await service.request_rematch(session, self.company.runtime, self.program)

    async def work_off(self) -> int:
        return await runs_service.work_off(self.company.runtime)

    async def propose(self, by: Person | None = None) -> int:
        """Asks for a run and works it out; returns its id."""
        requested = await self.request(by)
        await self.work_off()
        return requested.run.id

    async def run(self, run_id: int) -> MatchRun:
        async with self.company.transaction() as session:
            return await session.get_one(MatchRun, run_id)

    async def runs(self) -> list[MatchRunState]:
        async with self.company.transaction() as session:
            rows = await session.scalars(select(MatchRun).order_by(MatchRun.id))
            return [run.state for run in rows]

    async def proposals(self, run_id: int) -> list[Proposal]:
        async with self.company.transaction() as session:
            rows = select(Proposal).where(Proposal.match_run_id == run_id).order_by(Proposal.id)
            return list(await session.scalars(rows))

    async def proposed(self, run_id: int) -> list[tuple[int, int]]:
        return [(one.mentor_id, one.mentee_id) for one in await self.proposals(run_id)]

    async def left_over(self, run_id: int) -> list[LeftOver]:
        async with self.company.transaction() as session:
            rows = select(LeftOver).where(LeftOver.match_run_id == run_id).order_by(LeftOver.id)
            return list(await session.scalars(rows))

    async def decisions(self) -> list[tuple[DecisionKind, int | None]]:
        """What was decided, and by whom."""
        async with self.company.transaction() as session:
            rows = await session.scalars(select(Decision).order_by(Decision.id))
            return [(row.kind, row.person_id) for row in rows]

    async def approve(self, run_id: int, by: Person | None = None) -> Outcome:
        """As the run is now."""
        changes = (await self.run(run_id)).changes
        return await self.approve_as_of(changes, run_id, by)

    async def approve_as_of(
        self, changes: int | None, run_id: int, by: Person | None = None
    ) -> Outcome:
        async with self.company.transaction() as session:
            return await approving_service.approve(
                session, self.company.runtime, by or self.manager, run_id, changes
            )

    async def publish(self, run_id: int, by: Person | None = None) -> Sequence[Pair]:
        """By a yes that is enough."""
        made = (await self.approve(run_id, by)).pairs
        assert made is not None
        return made

    async def ask(self) -> int:
        """Lets people be asked for their yes to a new run; returns its id."""
        await self.set(asks_participants=True)
        run_id = await self.propose()
        await self.approve(run_id)
        await delivery.send_due(self.company.runtime)
        return run_id

    async def stop(self, run_id: int, by: Person | None = None) -> None:
        """Ends the asking."""
        async with self.company.transaction() as session:
            await asking_service.stop(session, self.company.runtime, by or self.manager, run_id)

    async def answer(self, run_id: int, person: Person, *, yes: bool = True) -> None:
        """To the first proposal that they are in."""
        theirs = [
            one
            for one in await self.proposals(run_id)
            if person.id in (one.mentor_id, one.mentee_id)
        ]
        async with self.company.transaction() as session:
            await asking_service.answer(
                session, self.company.runtime, person, theirs[0].id, yes=yes
            )

    async def sides(self) -> Sides:
        async with self.company.transaction() as session:
            waiting = await programs.waiting(session, self.program.id)
            return await sides_service.sides(session, self.company.runtime, self.program, waiting)

    async def mentors(self) -> list[int]:
        return [one.person_id for one in (await self.sides()).mentors]

    async def manages(self, person: Person) -> None:
        """From now on, too."""
        async with self.company.transaction() as session:
            session.add(ProgramManager(program_id=self.program.id, person_id=person.id))

    async def another_boss(self, name: str = "Second Boss", **facts: int) -> Person:
        person = await self.company.person(name, **{"level": 5} | facts)
        await self.company.enrol(self.program, person)
        return person

    async def pairs(self) -> list[tuple[int, int]]:
        async with self.company.transaction() as session:
            rows = await session.execute(select(Pair.mentor_id, Pair.mentee_id))
            return [(mentor, mentee) for mentor, mentee in rows]

    async def hold(self, kind: HoldKind, mentor: Person, mentee: Person) -> None:
        async with self.company.transaction() as session:
            two = {"mentor_id": mentor.id, "mentee_id": mentee.id}
            session.add(Hold(program_id=self.program.id, kind=kind, **two))

    async def holds(self) -> list[tuple[int, int]]:
        async with self.company.transaction() as session:
            rows = await session.execute(select(Hold.mentor_id, Hold.mentee_id))
            return [(mentor, mentee) for mentor, mentee in rows]

    async def set(self, person: Person | None = None, **columns: object) -> None:
        """Changes the program, or a person's enrollment in it."""
        async with self.company.transaction() as session:
            row: Enrollment | Program = await session.get_one(Program, self.program.id)
            if person is not None:
                row = await self.enrolled(session, person)
            for name, value in columns.items():
                setattr(row, name, value)
                if person is None:
                    setattr(self.program, name, value)

    async def enrolled(self, session: AsyncSession, person: Person) -> Enrollment:
        of_person = (Enrollment.program_id == self.program.id, Enrollment.person_id == person.id)
        return (await session.scalars(select(Enrollment).where(*of_person))).one()

    async def says(self, person: Person, **profile: Any) -> None:
        """In their profile; whom they would rather not have as a partner, by `avoided`."""
        names = [one.slack_user_id or "" for one in profile.pop("avoided", [])]
        kept = avoided.sealed(self.company.runtime.vault, person.id, names)
        async with self.company.transaction() as session:
            session.add(Profile(person_id=person.id, avoided=kept, **profile))

    async def would_rather_not(self, person: Person, other: Person) -> None:
        await self.says(person, avoided=[other])

    async def told(self, person: Person) -> list[str]:
        """What the app has written to this person in all."""
        await delivery.send_due(self.company.runtime)
        member = self.company.member(person)
        return [message["text"] for message in member.messages(member.direct())]

    async def channel(self) -> list[str]:
        """What the app has written to the admin channel in all."""
        await delivery.send_due(self.company.runtime)
        member = self.company.member(self.manager)
        return [one["text"] for one in member.messages(self.program.admin_channel_id)]

    async def change(self, person: Person, **facts: object) -> None:
        async with self.company.transaction() as session:
            row = await session.get_one(Person, person.id)
            for name, value in facts.items():
                setattr(row, name, value)

    def say(self, key: str, **values: Any) -> str:
        return self.company.runtime.library.say(key, **values)


async def make(company: Company, name: str = "Fresh Eyes") -> Cast:
    manager = await company.person("Robin Vega", level=3)
    boss = await company.person("Lena Boss", level=6)
    juniors = [await company.person(f"Jo {name}", level=1) for name in ("Young", "Newman")]
    program = await company.program(manager, name=name)
    await company.enrol(program, boss, ["digital-tools"])
    await company.enrol(program, juniors[0], ["social-media"])
    await company.enrol(program, juniors[1], ["digital-tools"])
    return Cast(company, manager, program, boss, juniors)
