from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.pairs import endings_service as endings
from bot.pairs import service as pairs
from bot.programs import moves_service as moves
from bot.programs.dates_service import follow_dates
from bot.programs.lifecycle_store import Past
from bot.programs.partings_service import Fate, fate
from models import Enrollment, EnrollmentState, Pair, PairState, Person, Program, ProgramState
from tests.conftest import Clock
from tests.programs.conftest import Office

DONE = datetime(2026, 1, 5, 9, tzinfo=UTC)
WAITING: dict[str, tuple[Fate, dict[str, Any]]] = {
    "applied": (Fate.UNANSWERED, {"state": EnrollmentState.APPLIED}),
    "in talks": (Fate.UNANSWERED, {"state": EnrollmentState.TALKING}),
    "on the waiting list": (Fate.NO_SEAT, {"state": EnrollmentState.WAITLISTED}),
    "on a break": (Fate.ASIDE, {"paused_since": date(2026, 1, 5), "lesson_done_at": DONE}),
    "sitting one out": (Fate.ASIDE, {"skips_match": True, "lesson_done_at": DONE}),
    "lesson open": (Fate.LESSON_OPEN, {}),
    "ready": (Fate.NEVER_MATCHED, {"lesson_done_at": DONE}),
}
"""How somebody without a partner stands in a program that requires its lesson."""


async def told(office: Office, *people: Person) -> list[list[str]]:
    """The keys of the last words that each of these has read."""
    await office.posts(office.channel)
    say = office.runtime.library.say
    words = {say(f"program.last_{one.value}", program="Fresh Eyes"): one.value for one in Fate}
    found = []
    for person in people:
        member = office.company.member(person)
        texts = [message["text"] for message in member.messages(member.direct())]
        found.append([words[text] for text in texts if text in words])
    return found


async def close(office: Office, program: Program) -> None:
    async with office.company.transaction() as session:
        await moves.close(session, office.runtime, office.person, program.id)


async def couple(office: Office, program: Program) -> tuple[Person, Person, Pair]:
    mentor, mentee = await office.company.person(level=1), await office.company.person(level=6)
    for person in (mentor, mentee):
        await office.company.enrol(program, person)
    return mentor, mentee, await office.company.pair(program, mentor, mentee)


class TestFate:
    @pytest.mark.parametrize("past", Past)
    def test_a_pair_counts_for_more_than_anything_else(self, past: Past) -> None:
        expected = {Past.PARTNER: Fate.THANKS, Past.GONE: Fate.PARTNER_GONE, Past.TOLD: None}
        enrolled = Enrollment(state=EnrollmentState.ENROLLED, paused_since=date(2026, 1, 5))
        assert fate(Program(training_required=True), enrolled, past) is expected[past]

    def test_a_lesson_that_is_not_required_is_no_reason(self) -> None:
        enrolled = Enrollment(state=EnrollmentState.ENROLLED)
        assert fate(Program(training_required=False), enrolled, None) is Fate.NEVER_MATCHED


class TestTellThoseWithoutPartner:
    async def test_each_reads_at_once_what_is_true_of_them(
        self, office: Office, clock: Clock
    ) -> None:
        program = await office.company.program(
            office.person, state=ProgramState.RUNNING, training_required=True
        )
        people = {name: await office.company.person() for name in WAITING}
        for name, person in people.items():
            await office.company.enrol(program, person, **WAITING[name][1])
        left = await office.company.person()
        await office.company.enrol(program, left, state=EnrollmentState.LEFT)
        await close(office, program)
        expected = [[one.value] for one, _ in WAITING.values()]
        assert await told(office, *people.values()) == expected
        clock.now += timedelta(days=8)
        await follow_dates(office.runtime)
        assert (await office.now(program)).state is ProgramState.CLOSED
        assert await told(office, *people.values(), left) == [*expected, []]

    async def test_pairs_are_thanked_in_the_end_only(self, office: Office, clock: Clock) -> None:
        program = await office.company.program(office.person, state=ProgramState.RUNNING)
        mentor, mentee, _ = await couple(office, program)
        await pairs.open_spaces(office.runtime)
        await close(office, program)
        assert await told(office, mentor, mentee) == [[], []]
        clock.now += timedelta(days=8)
        await follow_dates(office.runtime)
        assert await told(office, mentor, mentee) == [["thanks"], ["thanks"]]

    async def test_whose_partner_has_left_is_not_thanked_for_two(self, office: Office) -> None:
        program = await office.company.program(office.person, state=ProgramState.RUNNING)
        mentor, mentee, _ = await couple(office, program)
        await pairs.open_spaces(office.runtime)
        async with office.company.transaction() as session:
            await endings.end_of(session, office.runtime, program, mentor)
        await close(office, program)
        assert await told(office, mentee) == [["partner_gone"]]

    async def test_a_pair_that_nobody_heard_of_is_none(self, office: Office) -> None:
        program = await office.company.program(office.person, state=ProgramState.RUNNING)
        mentor, mentee, _ = await couple(office, program)
        async with office.company.transaction() as session:
            await endings.end_of(session, office.runtime, program, mentor)
        await close(office, program)
        assert await told(office, mentee) == [["never_matched"]]

    async def test_whose_pair_ends_with_it_hears_that_once(
        self, office: Office, clock: Clock
    ) -> None:
        program = await office.company.program(office.person, state=ProgramState.RUNNING)
        mentor, mentee, _ = await couple(office, program)
        await close(office, program)
        clock.now += timedelta(days=8)
        await follow_dates(office.runtime)
        assert await told(office, mentor, mentee) == [[], []]
        assert await office.told(mentee) == ["pair_ended_early"]


class TestTellEverybody:
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    async def test_those_who_closed_it_without_completing_are_thanked_too(
        self, office: Office, clock: Clock
    ) -> None:
        program = await office.company.program(
            office.person, state=ProgramState.CLOSING, closes_on=date(2026, 1, 12)
        )
        mentor, mentee, pair = await couple(office, program)
        async with office.company.transaction() as session:
            found = await session.get_one(Pair, pair.id)
            found.state, found.channel_id = PairState.ENDED, "C0000077"
        clock.now += timedelta(days=8)
        await follow_dates(office.runtime)
        assert await told(office, mentor, mentee) == [["thanks"], ["thanks"]]
