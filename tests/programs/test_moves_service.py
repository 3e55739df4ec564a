import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.pairs import service as pairs
from bot.programs import moves_service as moves
from bot.views.modals.announce import Announce
from bot.views.modals.launch import Launch
from models import (
    Audience,
    Delivery,
    Enrollment,
    EnrollmentState,
    Pair,
    PairState,
    Person,
    Program,
    ProgramState,
)
from tests.conftest import Clock
from tests.programs.conftest import Office

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
JOIN_BY = date(2026, 1, 14)
HEADING = "Fresh Eyes: mentoring, turned about"
ALL_TOLD = (
    EnrollmentState.APPLIED,
    EnrollmentState.TALKING,
    EnrollmentState.WAITLISTED,
    EnrollmentState.ENROLLED,
)

Move = Callable[..., Awaitable[None]]


async def launch(office: Office, program: Program, join_by: date = JOIN_BY, *channels: str) -> None:
    async with office.company.transaction() as session:
        wanted = Launch(program.id, join_by, list(channels))
        await moves.launch(session, office.runtime, office.person, wanted)


async def announce(office: Office, program: Program, *channels: str) -> None:
    async with office.company.transaction() as session:
        wanted = Announce(program.id, list(channels))
        await moves.announce(session, office.runtime, office.person, wanted)


async def do(office: Office, move: Move, program: Program, by: Person | None = None) -> None:
    async with office.company.transaction() as session:
        await move(session, office.runtime, by or office.person, program.id)


async def read(office: Office, person: Person) -> list[str]:
    """What has been sent to this person, once what is due has been."""
    await delivery.send_due(office.runtime)
    member = office.company.member(person)
    return [message["text"] for message in member.messages(member.direct())]


async def everybody(office: Office, program: Program) -> dict[EnrollmentState, Person]:
    """Somebody in each state an enrollment can have."""
    found = {}
    for state in EnrollmentState:
        found[state] = await office.company.person(state.value)
        await office.company.enrol(program, found[state], state=state)
    return found


class TestLaunch:
    async def test_opens_the_draft_and_announces_it(self, office: Office) -> None:
        program = await office.draft()
        other = office.company.sandbox.add_channel(
            "news", [office.person.slack_user_id or ""], app=True
        )
        await launch(office, program, JOIN_BY, other)
        found = await office.now(program)
        assert (found.state, found.join_by) == (ProgramState.ENROLLING, JOIN_BY)
        assert await office.posts(office.channel) == [HEADING]
        assert await office.posts(other) == [HEADING]
        assert await office.told(office.person) == ["launched"]
        member = office.company.member(office.person)
        [announced] = member.messages(other)
        assert "14 January 2026" in str(announced["blocks"])

    async def test_at_once_and_again_it_is_done_once(self, office: Office) -> None:
        program = await office.draft()
        done = await asyncio.gather(
            *(launch(office, program) for _ in range(3)), return_exceptions=True
        )
        refused = [one for one in done if isinstance(one, UserFacingError)]
        assert [one.key for one in refused] == ["program_is_enrolling"] * 2
        assert await office.posts(office.channel) == [HEADING]

    async def test_the_invited_are_asked_and_nobody_is_signed_up(self, office: Office) -> None:
        kim = await office.company.person()
        program = await office.draft(
            kim, audience=Audience.INVITED, invited_slack_ids=[kim.slack_user_id]
        )
        await launch(office, program)
        assert await office.told(kim) == ["invitation"]
        async with office.company.transaction() as session:
            assert (await session.scalars(select(Enrollment))).all() == []

    @pytest.mark.parametrize(
        ("join_by", "key"),
        [(date(2026, 1, 4), "join_by_in_past"), (date(2026, 1, 20), "join_by_after_start")],
    )
    @ONE_ENGINE
    async def test_the_last_day_has_to_be_one_on_which_people_can_join(
        self, office: Office, join_by: date, key: str
    ) -> None:
        program = await office.draft()
        with pytest.raises(UserFacingError, match=key) as refused:
            await launch(office, program, join_by)
        assert refused.value.field == "join_by"
        assert (await office.now(program)).state is ProgramState.DRAFT

    @ONE_ENGINE
    async def test_a_draft_that_lay_too_long_is_sent_back(
        self, office: Office, clock: Clock
    ) -> None:
        program = await office.draft()
        clock.forward(days=15)
        with pytest.raises(UserFacingError, match="start_has_passed"):
            await launch(office, program, date(2026, 1, 20))

    @ONE_ENGINE
    async def test_approvers_who_have_left_cannot_approve(self, office: Office) -> None:
        sam = await office.company.person()
        team = [office.person.slack_user_id, sam.slack_user_id]
        program = await office.draft(sam, manager_slack_ids=team, approvals_needed=2)
        async with office.company.transaction() as session:
            (await session.get_one(Person, sam.id)).active = False
        with pytest.raises(UserFacingError, match="approvals_out_of_reach"):
            await launch(office, program)

    @ONE_ENGINE
    async def test_is_for_its_managers(self, office: Office) -> None:
        program = await office.draft()
        other = await office.company.person()
        async with office.company.transaction() as session:
            wanted = Launch(program.id, JOIN_BY, [])
            with pytest.raises(UserFacingError, match="not_allowed"):
                await moves.launch(session, office.runtime, other, wanted)


class TestProposedJoinBy:
    @pytest.mark.parametrize(
        ("join_by", "starts_on", "proposed"),
        [
            (date(2026, 1, 7), date(2026, 1, 19), date(2026, 1, 7)),
            (None, date(2026, 1, 19), date(2026, 1, 14)),
            (date(2026, 1, 1), date(2026, 1, 19), date(2026, 1, 14)),
            (None, date(2026, 1, 6), date(2026, 1, 5)),
        ],
    )
    def test_is_a_day_to_come(self, join_by: date | None, starts_on: date, proposed: date) -> None:
        program = Program(join_by=join_by, starts_on=starts_on)
        assert moves.proposed_join_by(program, date(2026, 1, 5)) == proposed


class TestAnnounce:
    async def test_posts_once_a_day_in_each_channel(self, office: Office, clock: Clock) -> None:
        program = await office.company.program(office.person)
        news, talk = (
            office.company.sandbox.add_channel(name, [office.person.slack_user_id or ""], app=True)
            for name in ("news", "talk")
        )
        await announce(office, program, news, news)
        await announce(office, program, news, talk)
        assert [await office.posts(news), await office.posts(talk)] == [[HEADING], [HEADING]]
        with pytest.raises(UserFacingError, match="announced_today") as refused:
            await announce(office, program, news, talk)
        assert refused.value.field == "channels"
        clock.forward(days=1)
        await announce(office, program, news)
        assert await office.posts(news) == [HEADING, HEADING]

    @ONE_ENGINE
    async def test_not_what_nobody_can_join(self, office: Office) -> None:
        program = await office.company.program(office.person, join_by=date(2026, 1, 4))
        with pytest.raises(UserFacingError, match="joining_is_over"):
            await announce(office, program, office.channel)


class TestPause:
    async def test_everybody_in_it_is_told_and_its_pairs_rest(self, office: Office) -> None:
        program = await office.company.program(office.person, state=ProgramState.RUNNING)
        people = await everybody(office, program)
        mentor = await office.company.person(level=1)
        mentee = await office.company.person(level=6)
        for person in (mentor, mentee):
            await office.company.enrol(program, person)
        pair = await office.company.pair(program, mentor, mentee)
        await pairs.open_spaces(office.runtime)
        await do(office, moves.pause, program)
        assert (await office.now(program)).paused_at == office.runtime.clock()
        for state, person in people.items():
            assert await office.told(person) == ["program_paused"] * (state in ALL_TOLD), state
        async with office.company.transaction() as session:
            assert (await session.get_one(Pair, pair.id)).state is PairState.RESTING
        await do(office, moves.resume, program)
        assert (await office.now(program)).paused_at is None
        enrolled = people[EnrollmentState.ENROLLED]
        assert await office.told(enrolled) == ["program_paused", "program_resumed"]
        async with office.company.transaction() as session:
            assert (await session.get_one(Pair, pair.id)).state is PairState.ACTIVE

    async def test_of_two_managers_at_once_one_pauses_it(self, office: Office) -> None:
        sam = await office.company.person()
        program = await office.company.program(office.person, sam)
        jo = await office.company.person()
        await office.company.enrol(program, jo)
        done = await asyncio.gather(
            do(office, moves.pause, program),
            do(office, moves.pause, program, sam),
            return_exceptions=True,
        )
        [refused] = [one for one in done if isinstance(one, UserFacingError)]
        assert refused.key == "program_is_paused"
        assert await office.told(jo) == ["program_paused"]

    async def test_people_hear_of_it_when_they_work(self, office: Office) -> None:
        program = await office.company.program(office.person)
        far = await office.company.person(time_zone="America/Los_Angeles")
        await office.company.enrol(program, far)
        await do(office, moves.pause, program)
        async with office.company.transaction() as session:
            [told] = (await session.scalars(select(Delivery))).all()
        assert told.not_before == datetime(2026, 1, 5, 18, tzinfo=UTC)

    @ONE_ENGINE
    async def test_each_break_is_told_for_itself(self, office: Office, clock: Clock) -> None:
        program = await office.company.program(office.person)
        jo = await office.company.person()
        await office.company.enrol(program, jo)
        for move in (moves.pause, moves.resume, moves.pause, moves.resume):
            await do(office, move, program)
            clock.forward(minutes=1)
        assert len(await office.told(jo)) == 4

    async def test_whoever_has_not_heard_of_a_break_hears_only_that_it_goes_on(
        self, office: Office, clock: Clock
    ) -> None:
        program = await office.company.program(office.person)
        other = await office.company.program(office.person, name="Other")
        here = await office.company.person()
        far = await office.company.person(time_zone="America/Los_Angeles")
        for person in (here, far):
            await office.company.enrol(program, person)
        await office.company.enrol(other, far)
        await do(office, moves.pause, other)
        await do(office, moves.pause, program)
        await delivery.send_due(office.runtime)
        await do(office, moves.resume, program)
        clock.forward(days=1)
        await delivery.send_due(office.runtime)
        say = office.runtime.library.say
        heard = {}
        for person in (here, far):
            member = office.company.member(person)
            heard[person.id] = [one["text"] for one in member.messages(member.direct())]
        paused, resumed = (
            say(f"program.{key}", program="Fresh Eyes") for key in ("paused", "resumed")
        )
        assert heard[here.id] == [paused, resumed]
        assert heard[far.id] == [say("program.paused", program="Other"), resumed]

    @ONE_ENGINE
    async def test_that_it_goes_on_is_not_said_after_the_next_break_has_begun(
        self, office: Office, clock: Clock
    ) -> None:
        program = await office.company.program(office.person)
        jo = await office.company.person()
        await office.company.enrol(program, jo)
        await do(office, moves.pause, program)
        await read(office, jo)
        clock.forward(hours=12)
        for move in (moves.resume, moves.pause):
            await do(office, move, program)
            clock.forward(minutes=1)
        clock.forward(hours=13)
        assert (
            await read(office, jo)
            == [office.runtime.library.say("program.paused", program="Fresh Eyes")] * 2
        )

    async def test_whoever_has_another_break_reads_that_not_everything_goes_on(
        self, office: Office
    ) -> None:
        program = await office.company.program(office.person, state=ProgramState.RUNNING)
        mentor = await office.company.person(level=1)
        mentee = await office.company.person(level=6)
        waiting = await office.company.person(level=1)
        await office.company.enrol(program, mentor, paused_since=date(2026, 1, 4))
        for person in (mentee, waiting):
            await office.company.enrol(program, person)
        await office.company.pair(program, mentor, mentee)
        await pairs.open_spaces(office.runtime)
        for move in (moves.pause, moves.resume):
            await do(office, move, program)
        keys = {mentor: "resumed_on_break", mentee: "resumed_pair_rests", waiting: "resumed"}
        for person, key in keys.items():
            said = office.runtime.library.say(f"program.{key}", program="Fresh Eyes")
            assert (await read(office, person))[-1] == said

    @ONE_ENGINE
    async def test_it_shows_on_the_homes_of_all_concerned(self, office: Office) -> None:
        program = await office.company.program(office.person)
        jo, other = await office.company.person(), await office.company.person()
        await office.company.enrol(program, jo)
        await office.has_home(office.person, jo, other)
        await do(office, moves.pause, program)
        assert await office.outdated() == {office.person.id, jo.id}


class TestClose:
    @ONE_ENGINE
    async def test_a_draft_is_discarded_and_nobody_hears_of_it(self, office: Office) -> None:
        kim = await office.company.person()
        program = await office.draft(kim, invited_slack_ids=[kim.slack_user_id])
        await do(office, moves.close, program)
        assert (await office.now(program)).state is ProgramState.CLOSED
        assert await office.told(kim) == []

    @pytest.mark.parametrize("state", [ProgramState.ENROLLING, ProgramState.MATCHING])
    async def test_before_any_match_all_who_wait_are_told(
        self, office: Office, state: ProgramState
    ) -> None:
        program = await office.company.program(office.person, state=state)
        people = await everybody(office, program)
        await do(office, moves.close, program)
        assert (await office.now(program)).state is ProgramState.CLOSED
        for one, person in people.items():
            assert await office.told(person) == ["not_taking_place"] * (one in ALL_TOLD), one

    async def test_the_pairs_of_one_that_runs_say_goodbye_first(self, office: Office) -> None:
        program = await office.company.program(office.person, state=ProgramState.RUNNING)
        mentor = await office.company.person(level=1)
        mentee = await office.company.person(level=6)
        pair = await office.company.pair(program, mentor, mentee)
        await pairs.open_spaces(office.runtime)
        await do(office, moves.close, program)
        found = await office.now(program)
        assert (found.state, found.closes_on) == (ProgramState.CLOSING, date(2026, 1, 12))
        async with office.company.transaction() as session:
            assert (await session.get_one(Pair, pair.id)).state is PairState.CLOSING

    @pytest.mark.parametrize("state", [ProgramState.ENROLLING, ProgramState.RUNNING])
    async def test_what_was_still_to_be_said_before_it_is_not_said_any_more(
        self, office: Office, clock: Clock, state: ProgramState
    ) -> None:
        program = await office.company.program(office.person, state=state)
        jo = await office.company.person()
        await office.company.enrol(program, jo)
        clock.forward(hours=12)
        await do(office, moves.pause, program)
        await do(office, moves.resume, program)
        await do(office, moves.close, program)
        clock.forward(hours=13)
        [told] = await read(office, jo)
        assert told != office.runtime.library.say("program.resumed", program="Fresh Eyes")

    async def test_twice_it_is_closed_once(self, office: Office) -> None:
        program = await office.company.program(office.person, state=ProgramState.RUNNING)
        done: list[Any] = await asyncio.gather(
            *(do(office, moves.close, program) for _ in range(2)), return_exceptions=True
        )
        [refused] = [one for one in done if one is not None]
        assert refused.key == "program_is_closing"

    @ONE_ENGINE
    async def test_is_for_its_managers(self, office: Office) -> None:
        program = await office.company.program(office.person)
        with pytest.raises(UserFacingError, match="not_allowed"):
            await do(office, moves.close, program, await office.company.person())
