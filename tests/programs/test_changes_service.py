from datetime import UTC, date, datetime

import pytest

from bot.views.messages import topic_names
from models import EnrollmentState, PairState, Person, Program, ProgramState
from tests.programs.conftest import Office

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DONE = datetime(2026, 1, 5, 9, tzinfo=UTC)
TAKING_PART = (
    EnrollmentState.APPLIED,
    EnrollmentState.TALKING,
    EnrollmentState.WAITLISTED,
    EnrollmentState.ENROLLED,
)


async def joined(office: Office, program: Program, *topics: str, done: bool = True) -> Person:
    person = await office.company.person()
    lesson = DONE if done else None
    await office.company.enrol(program, person, topics, lesson_done_at=lesson)
    return person


async def read(office: Office, person: Person) -> str:
    await office.posts(office.channel)
    member = office.company.member(person)
    return str(member.messages(member.direct()))


@pytest.fixture
async def program(office: Office) -> Program:
    return await office.company.program(
        office.person, topics=["digital-tools", "inclusion"], join_by=date(2026, 1, 14)
    )


class TestTell:
    async def test_of_another_first_day_all_who_take_part_hear(
        self, office: Office, program: Program
    ) -> None:
        people = {state: await office.company.person() for state in EnrollmentState}
        for state, person in people.items():
            await office.company.enrol(program, person, state=state)
        await office.edit(program, starts_on=date(2026, 2, 2))
        for state, person in people.items():
            expected = ["program_changed"] * (state in TAKING_PART)
            assert await office.told(person) == expected, state
        say = office.runtime.library.say
        said = await read(office, people[EnrollmentState.ENROLLED])
        assert say("program.changed_start", start="2 February 2026") in said

    async def test_of_topics_those_whose_they_were(self, office: Office, program: Program) -> None:
        both = await joined(office, program, "digital-tools", "inclusion")
        one = await joined(office, program, "inclusion")
        other = await joined(office, program, "digital-tools")
        await office.edit(program, topics=["digital-tools"])
        library = office.runtime.library
        gone = topic_names(library, ["inclusion"])
        some = library.say("program.changed_topics", topics=gone)
        assert some in await read(office, both)
        every = library.say("program.changed_all_topics", topics=gone)
        assert every in await read(office, one)
        assert await office.told(other) == []

    async def test_of_the_lesson_those_who_have_not_read_it(
        self, office: Office, program: Program
    ) -> None:
        has_read = await joined(office, program, "inclusion")
        has_not = await joined(office, program, "inclusion", done=False)
        await office.edit(program, training_required=True)
        assert await office.told(has_read) == []
        assert "open_lesson" in await read(office, has_not)

    @ONE_ENGINE
    async def test_of_several_things_at_once_in_one_message(
        self, office: Office, program: Program
    ) -> None:
        person = await joined(office, program, "inclusion", done=False)
        changes = {"topics": ["digital-tools"], "training_required": True}
        await office.edit(program, starts_on=date(2026, 2, 2), **changes)
        assert await office.told(person) == ["program_changed"]

    @ONE_ENGINE
    async def test_not_of_what_changes_nobodys_plans(
        self, office: Office, program: Program
    ) -> None:
        person = await joined(office, program, "inclusion", done=False)
        await office.edit(program, name="Open Eyes", topics=["inclusion", "social-media"], seats=40)
        assert await office.told(person) == []

    @ONE_ENGINE
    async def test_not_those_who_have_a_partner(self, office: Office, program: Program) -> None:
        async with office.company.transaction() as session:
            (await session.get_one(Program, program.id)).state = ProgramState.RUNNING
        person = await joined(office, program, "inclusion", done=False)
        mentee = await office.company.person(level=6)
        await office.company.enrol(program, mentee)
        await office.company.pair(
            program, person, mentee, state=PairState.ACTIVE, channel_id="C0000077"
        )
        await office.edit(program, topics=["digital-tools"], training_required=True)
        assert await office.told(person) == []

    @ONE_ENGINE
    async def test_nobody_hears_of_a_draft(self, office: Office) -> None:
        kim = await office.company.person()
        draft = await office.draft(kim, invited_slack_ids=[kim.slack_user_id])
        await office.company.enrol(draft, kim)
        await office.edit(draft, kim, starts_on=date(2026, 2, 2))
        assert await office.told(kim) == []


class TestTellOfApprovals:
    async def together(self, office: Office, approvals: int) -> tuple[Person, Program]:
        kim = await office.company.person(level=3)
        program = await office.company.program(
            office.person,
            kim,
            topics=["digital-tools"],
            join_by=date(2026, 1, 14),
            approvals_needed=approvals,
        )
        return kim, program

    async def test_of_fewer_every_other_manager_hears_at_once(self, office: Office) -> None:
        kim, program = await self.together(office, 2)
        await office.edit(program, kim, approvals_needed=1)
        assert await office.told(kim) == ["fewer_approvals"]
        assert "fewer_approvals" not in await office.told(office.person)
        assert office.person.slack_user_id in await read(office, kim)

    @ONE_ENGINE
    async def test_not_of_more(self, office: Office) -> None:
        kim, program = await self.together(office, 1)
        await office.edit(program, kim, approvals_needed=2)
        assert await office.told(kim) == []
