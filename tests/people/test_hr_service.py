"""What an import does with people who were in programs before HR's data knew them, and with those
whose level it changes."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Column, Enum, TypeDecorator, insert, select

from bot.bulk import references
from bot.delivery import service as delivery
from bot.people import service
from models import (
    Base,
    Delivery,
    Enrollment,
    EnrollmentState,
    Invitation,
    Pair,
    PairState,
    Person,
    Program,
    ProgramState,
    Role,
)
from tests.conftest import Clock
from tests.factories import Company
from tests.people.conftest import ImportCsv, Known

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NUMBERS = count(1)
EXAMPLES: Mapping[type, Callable[[int], object]] = {
    bool: lambda _: False,
    int: int,
    float: float,
    str: "x{}".format,
    bytes: lambda _: b"x",
    object: lambda _: [],  # JSON
    date: lambda _: date(2026, 1, 5),
    datetime: lambda _: datetime(2026, 1, 5, tzinfo=UTC),
}
"""A value of each kind of column, another one each time where it may have to be unique."""


async def two_records(company: Company, import_csv: ImportCsv) -> tuple[int, int]:
    """Jo, whom HR knows without an address, and who has used the app: the ids of both records."""
    await import_csv("id,level\n3,1\n")
    slack_user_id = company.sandbox.add_user("jo", "Jo Young", email="jo@example.com")
    team_id = company.sandbox.workspace.team_id
    in_slack = await service.recognise(company.runtime, team_id, slack_user_id)
    async with company.transaction() as session:
        from_hr = await session.scalar(select(Person.id).where(Person.employee_id == "3"))
    assert from_hr is not None
    assert from_hr != in_slack.id
    return from_hr, in_slack.id


class Rows:
    """Makes a row of any table, with people and everything else it needs to refer to."""

    def __init__(self, company: Company, parents: Mapping[str, int]) -> None:
        self.company = company
        self.parents = parents

    async def add(self, column: Column[Any], person_id: int) -> int:
        """A row that refers to the person in this column, and to somebody else in others."""
        values = {
            one.name: await self._value(one) for one in column.table.columns if self._asks(one)
        }
        values |= {column.name: person_id, "workspace_id": self.company.workspace_id}
        async with self.company.runtime.database.engine.begin() as connection:
            added = insert(column.table).values(values).returning(column.table.c.id)
            return (await connection.execute(added)).scalar_one()

    def _asks(self, column: Column[Any]) -> bool:
        return not (column.primary_key or column.nullable or column.name == "workspace_id")

    async def _value(self, column: Column[Any]) -> object:
        for key in column.foreign_keys:
            if key.column.table.name == "person":
                return (await self.company.person()).id
            return self.parents[key.column.table.name]
        if isinstance(column.type, Enum):
            return list(column.type.enum_class or [])[-1]  # a pair that has ended is not guarded
        kind = column.type
        kind = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
        return EXAMPLES[kind.python_type](next(NUMBERS))


@pytest.fixture
async def a_row(company: Company) -> Rows:
    program = await company.program()
    pair = await company.pair(
        program, await company.person(level=1), await company.person(level=6), state=PairState.ENDED
    )
    rows = Rows(company, {"program": program.id, "pair": pair.id})
    run = await rows.add(Base.metadata.tables["match_run"].c.program_id, program.id)
    rows.parents = {**rows.parents, "match_run": run}
    return rows


class TestSomebodyKnownTwice:
    async def test_everything_that_refers_to_hr_s_record_refers_to_the_one_in_slack(
        self, company: Company, import_csv: ImportCsv, a_row: Rows
    ) -> None:
        from_hr, in_slack = await two_records(company, import_csv)
        columns = references(Person)
        assert {"enrollment", "invitation", "pair", "person"} <= {one.table.name for one in columns}
        made = [(one, await a_row.add(one, from_hr)) for one in columns]
        await import_csv("id,level,email\n3,1,jo@example.com\n")
        for column, row_id in made:
            async with company.transaction() as session:
                connection = await session.connection()
                query = select(column).where(column.table.c.id == row_id)
                assert (await connection.execute(query)).scalar_one() == in_slack, str(column)
                assert await session.get(Person, from_hr) is None

    async def test_what_both_records_have_is_there_once(
        self, company: Company, import_csv: ImportCsv, known: Known
    ) -> None:
        from_hr, in_slack = await two_records(company, import_csv)
        other = await company.person("Max Mid")
        one, two = [await company.program(name=name) for name in ("Both", "Only HR's")]
        async with company.transaction() as session:
            session.add_all(
                Invitation(program_id=program.id, person_id=person_id)
                for program, person_id in (
                    (one, from_hr), (one, in_slack), (one, other.id), (two, from_hr),
                )
            )  # fmt: skip
        await import_csv("id,level,email\n3,1,jo@example.com\n")
        async with company.transaction() as session:
            found = await session.execute(select(Invitation.program_id, Invitation.person_id))
            invited = sorted(tuple(row) for row in found)
        assert invited == [(one.id, in_slack), (one.id, other.id), (two.id, in_slack)]

    async def test_they_stay_in_their_programs_on_the_side_of_hr_s_level(
        self, company: Company, import_csv: ImportCsv, known: Known
    ) -> None:
        """They had stated a level, and a manager of the program had confirmed it."""
        _, in_slack = await two_records(company, import_csv)
        program = await company.program()
        async with company.transaction() as session:
            person = await session.get_one(Person, in_slack)
            person.level = 2
        await company.enrol(program, person)
        imported = await import_csv("id,level,email\n3,6,jo@example.com\n")
        assert (imported.added, imported.updated) == (0, 1)
        jo = (await known())["3"]
        assert (jo.id, jo.level, jo.name) == (in_slack, 6, "Jo Young")
        async with company.transaction() as session:
            [enrolled] = (await session.scalars(select(Enrollment))).all()
        assert (enrolled.person_id, enrolled.role) == (in_slack, Role.MENTEE)

    async def test_those_below_are_in_their_line(
        self, company: Company, import_csv: ImportCsv, known: Known
    ) -> None:
        _, in_slack = await two_records(company, import_csv)
        await import_csv("id,level,manager\n4,1,3\n5,1,4\n")
        await import_csv("id,level,email\n3,6,jo@example.com\n")
        people = await known()
        assert people["4"].manager_id == in_slack
        assert people["5"].reporting_path == f"/{in_slack}/{people['4'].id}/{people['5'].id}/"

    @ONE_ENGINE
    async def test_their_pair_is_paused_when_hr_s_level_does_not_allow_it(
        self, company: Company, import_csv: ImportCsv
    ) -> None:
        _, in_slack = await two_records(company, import_csv)
        async with company.transaction() as session:
            person = await session.get_one(Person, in_slack)
            person.level = 2
        program = await company.program()
        pair = await company.pair(program, person, await company.person(level=6))
        assert (await import_csv("id,level,email\n3,9,jo@example.com\n")).paused_pairs == 1
        async with company.transaction() as session:
            assert (await session.get_one(Pair, pair.id)).state is PairState.PAUSED


class Side(StrEnum):
    """What became of somebody's role."""

    MOVED = "moved"
    STAYED = "stayed"


class TestRolesFollowLevels:
    """Jo has joined as a mentor and is promoted over the program's line."""

    @pytest.fixture
    async def program(self, company: Company) -> Program:
        return await company.program()

    @pytest.fixture
    async def jo(self, company: Company, program: Program, clock: Clock) -> Person:
        jo = await company.person("Jo Young", level=1)
        await company.enrol(program, jo)
        async with company.transaction() as session:
            [enrolled] = (await session.scalars(select(Enrollment))).all()
            enrolled.lesson_cards, enrolled.lesson_done_at = 4, clock()
            enrolled.identity_topics = ["inclusion"]
        return jo

    async def side(self, company: Company, jo: Person) -> Side:
        async with company.transaction() as session:
            query = select(Enrollment).where(Enrollment.person_id == jo.id)
            enrolled = (await session.scalars(query)).one()
        moved = enrolled.role is Role.MENTEE
        assert (enrolled.lesson_cards == 0) is (enrolled.lesson_done_at is None) is moved
        assert (enrolled.identity_topics == []) is moved  # the yes was for the other side
        return Side.MOVED if moved else Side.STAYED

    async def test_somebody_who_waits_changes_sides_and_has_the_other_lesson_before_them(
        self, company: Company, import_csv: ImportCsv, jo: Person
    ) -> None:
        await import_csv(f"id,level\n{jo.employee_id},4\n")
        assert await self.side(company, jo) is Side.MOVED

    async def test_and_back_again(
        self, company: Company, import_csv: ImportCsv, jo: Person
    ) -> None:
        for level in (4, 3):
            await import_csv(f"id,level\n{jo.employee_id},{level}\n")
        async with company.transaction() as session:
            [enrolled] = (await session.scalars(select(Enrollment))).all()
        assert enrolled.role is Role.MENTOR

    @ONE_ENGINE
    async def test_not_below_the_line(
        self, company: Company, import_csv: ImportCsv, jo: Person
    ) -> None:
        await import_csv(f"id,level\n{jo.employee_id},3\n")
        assert await self.side(company, jo) is Side.STAYED

    @pytest.mark.parametrize(
        ("state", "level", "expected"),
        [
            (PairState.ACTIVE, 4, Side.STAYED),
            (PairState.RESTING, 4, Side.STAYED),
            (PairState.ENDED, 4, Side.MOVED),
            (PairState.COMPLETED, 4, Side.MOVED),
            (PairState.ACTIVE, 7, Side.MOVED),  # the pair is paused: it is no longer allowed
        ],
    )
    @ONE_ENGINE
    async def test_not_while_they_have_a_pair(
        self,
        company: Company,
        import_csv: ImportCsv,
        program: Program,
        jo: Person,
        state: PairState,
        level: int,
        expected: Side,
    ) -> None:
        await company.pair(program, jo, await company.person(level=6), state=state)
        await import_csv(f"id,level\n{jo.employee_id},{level}\n")
        assert await self.side(company, jo) is expected

    async def test_a_pair_in_another_program_keeps_nobody_here(
        self, company: Company, import_csv: ImportCsv, jo: Person
    ) -> None:
        other = await company.program(name="Another")
        await company.pair(other, jo, await company.person(level=6), state=PairState.ACTIVE)
        await import_csv(f"id,level\n{jo.employee_id},4\n")
        assert await self.side(company, jo) is Side.MOVED

    @ONE_ENGINE
    async def test_not_in_a_program_that_is_over(
        self, company: Company, import_csv: ImportCsv, program: Program, jo: Person
    ) -> None:
        async with company.transaction() as session:
            (await session.get_one(Program, program.id)).state = ProgramState.CLOSED
        await import_csv(f"id,level\n{jo.employee_id},4\n")
        assert await self.side(company, jo) is Side.STAYED


class TestToldOfTheirSide:
    """Jo takes part, and HR's data put them on the other side of the program's line."""

    async def told(self, company: Company, jo: Person) -> list[str]:
        await delivery.send_due(company.runtime)
        member = company.member(jo)
        return [message["text"] for message in member.messages(member.direct())]

    async def test_once_for_each_time(self, company: Company, import_csv: ImportCsv) -> None:
        jo, program = await company.person("Jo Young", level=1), await company.program()
        await company.enrol(program, jo)
        for level in (4, 4, 3):
            await import_csv(f"id,level\n{jo.employee_id},{level}\n")
        say = company.runtime.library.say
        assert await self.told(company, jo) == [
            say("join.now_mentee", program="Fresh Eyes"),
            say("join.now_mentor", program="Fresh Eyes"),
        ]

    @ONE_ENGINE
    async def test_with_the_lesson_of_the_side_they_are_on_now(
        self, company: Company, import_csv: ImportCsv
    ) -> None:
        jo, program = await company.person("Jo Young", level=1), await company.program()
        enrolled = await company.enrol(program, jo)
        await import_csv(f"id,level\n{jo.employee_id},4\n")
        await self.told(company, jo)
        member = company.member(jo)
        [message] = member.messages(member.direct())
        count = len(company.runtime.library.lessons["mentee"])
        lesson = company.runtime.library.say(
            "lesson.invitation_mentee", program="Fresh Eyes", count=count
        )
        assert lesson in str(message["blocks"])
        [row] = [block for block in message["blocks"] if block["type"] == "actions"]
        [button] = row["elements"]
        assert (button["action_id"], button["value"]) == ("open_lesson", str(enrolled.id))

    @ONE_ENGINE
    async def test_in_every_program_that_they_take_part_in(
        self, company: Company, import_csv: ImportCsv
    ) -> None:
        jo = await company.person("Jo Young", level=1)
        joined: dict[int, str] = {}
        for state in EnrollmentState:
            program = await company.program(name=state.value)
            joined[(await company.enrol(program, jo, state=state)).id] = state.value
        for way in ProgramState:
            program = await company.program(name=way.name, state=way)
            joined[(await company.enrol(program, jo)).id] = way.name
        await import_csv(f"id,level\n{jo.employee_id},4\n")
        async with company.transaction() as session:
            keys = await session.scalars(select(Delivery.dedupe_key))
            told = {joined[int(key.split(":")[1])] for key in keys}
        assert set(joined.values()) - told == {"declined", "left", "CLOSING", "CLOSED"}

    @ONE_ENGINE
    async def test_not_at_night_and_not_of_somebody_who_leaves(
        self, company: Company, import_csv: ImportCsv, clock: Clock
    ) -> None:
        program = await company.program()
        far = await company.person("Fa Raway", level=1, time_zone="America/Los_Angeles")
        gone = await company.person("Go Ne", level=1)
        for person in (far, gone):
            await company.enrol(program, person)
        await import_csv(f"id,level,left\n{far.employee_id},4,\n{gone.employee_id},4,yes\n")
        assert await self.told(company, far) == []
        clock.forward(hours=12)
        assert len(await self.told(company, far)) == 1
        assert await self.told(company, gone) == []
