import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.cadence import service as cadence
from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.goals import service as goals
from bot.matching import rematch_service, runs_service, sides_service
from bot.meetings import service as meetings
from bot.pairs import decisions_service as decisions
from bot.programs import store as programs
from bot.support import service as support
from bot.support import store
from bot.views.modals.goal import NewGoal
from bot.views.modals.support import Matter
from models import (
    Base,
    Delivery,
    DeliveryState,
    Enrollment,
    EnrollmentState,
    Goal,
    MatchRun,
    MatchRunState,
    Pair,
    PairState,
    Person,
    Program,
    ProgramManager,
    Proposal,
)
from tests.conftest import Clock
from tests.pairs.conftest import ONE_ENGINE, Story

Rows = dict[str, list[tuple[object, ...]]]


async def part(story: Story, person: Person, pair: Pair | None = None) -> None:
    async with story.company.transaction() as session:
        await support.part(session, story.runtime, person, (pair or story.pair).id)


async def set_state(story: Story, state: PairState) -> None:
    async with story.company.transaction() as session:
        (await session.get_one(Pair, story.pair.id)).state = state


async def free_people(story: Story) -> None:
    """One more on each side, so that the two can have another partner."""
    for level in (1, 6):
        await story.company.enrol(story.program, await story.company.person(level=level))


async def named_contact(story: Story, contact: Person) -> Person:
    async with story.company.transaction() as session:
        program = await session.get_one(Program, story.program.id)
        program.support_contact_id = contact.id
    return contact


async def due(story: Story) -> dict[str, set[tuple[str, str]]]:
    """To whom what has been queued goes and when, by kind."""
    found: dict[str, set[tuple[str, str]]] = {}
    for row in await story.all(Delivery):
        if row.state is DeliveryState.DUE:
            found.setdefault(row.kind, set()).add((row.recipient, f"{row.not_before:%d %H:%M}"))
    return found


class TestMatters:
    async def matters(self, story: Story, person: Person) -> list[str]:
        async with story.company.transaction() as session:
            return [one.value for one in await support.matters(session, person)]

    @ONE_ENGINE
    async def test_are_the_pairs_and_then_the_programs_without_one(self, story: Story) -> None:
        other = await story.company.program(name="Other")
        left = await story.company.program(name="Left")
        await story.company.enrol(other, story.mentor)
        await story.company.enrol(left, story.mentor, state=EnrollmentState.LEFT)
        assert await self.matters(story, story.mentor) == [
            f"pair:{story.pair.id}",
            f"program:{left.id}",
            f"program:{other.id}",
        ]

    @ONE_ENGINE
    async def test_name_the_partner(self, story: Story) -> None:
        async with story.company.transaction() as session:
            for person, partner in (
                (story.mentor, story.mentee),
                (story.mentee, story.mentor),
            ):
                [one] = await support.matters(session, person)
                assert one.partner is not None
                assert one.partner.id == partner.id

    @ONE_ENGINE
    async def test_a_pair_that_is_over_leaves_the_program(self, story: Story) -> None:
        await set_state(story, PairState.ENDED)
        assert await self.matters(story, story.mentor) == [f"program:{story.program.id}"]

    @ONE_ENGINE
    async def test_whoever_is_in_nothing_reads_where_to_turn(self, story: Story) -> None:
        with pytest.raises(UserFacingError, match="support_nothing"):
            await self.matters(story, story.manager)

    @ONE_ENGINE
    async def test_one_that_is_gone_is_refused(self, story: Story) -> None:
        async with story.company.transaction() as session:
            with pytest.raises(UserFacingError, match="support_changed"):
                await support.matter(session, story.mentor, "pair:999")


class TestPart:
    async def test_ends_the_pair_and_tells_both_alike(self, story: Story, clock: Clock) -> None:
        await part(story, story.mentor)
        assert (await story.now()).state is PairState.ENDED
        assert await story.due() == 0
        ended = story.say("pair.ended", program="Fresh Eyes")
        for person in (story.mentor, story.mentee):
            assert await story.directly(person) == [ended]
        assert (await story.in_channel())[-1] == story.say("pair.ended_here")
        clock.forward(weeks=2)
        assert await cadence.queue_due(story.runtime) == 0

    async def test_asks_for_a_new_match_at_once_in_the_name_of_nobody(self, story: Story) -> None:
        await free_people(story)
        await part(story, story.mentee)
        [run] = await story.all(MatchRun)
        assert (run.program_id, run.requested_by_id) == (story.program.id, None)

    @ONE_ENGINE
    async def test_the_new_match_brings_each_together_with_somebody_else(
        self, story: Story
    ) -> None:
        await free_people(story)
        await part(story, story.mentee)
        assert await runs_service.work_off(story.runtime) == 1
        two = {story.mentor.id, story.mentee.id}
        found = [{one.mentor_id, one.mentee_id} for one in await story.all(Proposal)]
        assert len(found) == 2
        assert all(len(two & one) == 1 for one in found)

    @ONE_ENGINE
    async def test_if_nobody_is_free_they_read_that_they_wait(self, story: Story) -> None:
        await part(story, story.mentor)
        assert await runs_service.work_off(story.runtime) == 1
        [run] = await story.all(MatchRun)
        assert run.state is MatchRunState.DROPPED
        async with story.company.transaction() as session:
            waiting = await programs.waiting(session, story.program.id)
        assert {person.id for _, person in waiting} == {story.mentor.id, story.mentee.id}
        member = story.company.member(story.mentee)
        await delivery.send_due(story.runtime)
        assert story.say("pair.ended_next") in str(member.messages(member.direct()))

    @pytest.mark.parametrize(
        "columns",
        [{"paused_at": "now"}, {"weights": {"topics": -1}}],
        ids=["a break", "no weights"],
    )
    @ONE_ENGINE
    async def test_the_end_of_a_pair_needs_nothing_of_the_next_match(
        self, story: Story, clock: Clock, columns: dict[str, object]
    ) -> None:
        async with story.company.transaction() as session:
            program = await session.get_one(Program, story.program.id)
            for name, value in columns.items():
                setattr(program, name, clock() if value == "now" else value)
        await part(story, story.mentor)
        assert (await story.now()).state is PairState.ENDED

    @ONE_ENGINE
    async def test_as_soon_as_somebody_is_free_a_match_is_asked_for(self, story: Story) -> None:
        await part(story, story.mentor)
        await runs_service.work_off(story.runtime)
        assert await rematch_service.look_again(story.runtime) == 0
        await free_people(story)
        assert await rematch_service.look_again(story.runtime) == 1
        assert await runs_service.work_off(story.runtime) == 1
        assert len(await story.all(Proposal)) == 2

    @ONE_ENGINE
    async def test_the_two_are_not_brought_together_again(self, story: Story) -> None:
        await part(story, story.mentor)
        async with story.company.transaction() as session:
            program = await session.get_one(Program, story.program.id)
            waiting = await programs.waiting(session, program.id)
            sides = await sides_service.sides(session, story.runtime, program, waiting)
        assert (story.mentor.id, story.mentee.id) in sides.excluded

    @ONE_ENGINE
    async def test_at_night_both_wait_for_the_same_hour_of_the_day(
        self, story: Story, clock: Clock
    ) -> None:
        await story.change(story.mentor, time_zone="America/New_York")
        clock.forward(hours=12)  # 21 o'clock in London, 16 o'clock in New York
        await part(story, story.mentor)
        at, channel_id = "06 14:00", (await story.now()).channel_id
        assert await due(story) == {
            "pair_ended": {
                (story.mentor.slack_user_id, at),
                (story.mentee.slack_user_id, at),
            },
            "pair_farewell": {(channel_id, at)},
        }

    @ONE_ENGINE
    async def test_what_was_still_to_be_said_to_the_pair_is_let_go(
        self, story: Story, clock: Clock
    ) -> None:
        clock.now = datetime(2026, 1, 19, 10, tzinfo=clock.now.tzinfo)
        assert await cadence.queue_due(story.runtime) > 0
        await part(story, story.mentor)
        assert await due(story) != {}
        assert {"nudge", "question"}.isdisjoint(await due(story))

    @pytest.mark.parametrize("state", [PairState.RESTING, PairState.PAUSED])
    @ONE_ENGINE
    async def test_of_a_pair_that_has_a_break_or_is_paused(
        self, story: Story, state: PairState
    ) -> None:
        await set_state(story, state)
        await part(story, story.mentor)
        assert (await story.now()).state is PairState.ENDED
        assert len(await story.told("pair_ended")) == 2

    @ONE_ENGINE
    async def test_a_manager_who_decides_afterwards_reads_that_it_is_over(
        self, story: Story
    ) -> None:
        await set_state(story, PairState.PAUSED)
        await part(story, story.mentor)
        async with story.company.transaction() as session:
            with pytest.raises(UserFacingError, match="pair_decided_end"):
                await decisions.go_on(session, story.runtime, story.manager, story.pair.id)

    async def test_of_both_at_once_is_one_end(self, story: Story) -> None:
        await free_people(story)
        done = await asyncio.gather(
            part(story, story.mentor), part(story, story.mentee), return_exceptions=True
        )
        [refused] = [one for one in done if one is not None]
        assert isinstance(refused, UserFacingError)
        assert refused.key == "pair_ended"
        assert len(await story.told("pair_ended")) == 2
        assert len(await story.all(MatchRun)) == 1

    async def test_beside_the_ticker_nobody_waits_for_ever(
        self, story: Story, clock: Clock
    ) -> None:
        clock.forward(weeks=4)
        await asyncio.gather(
            cadence.queue_due(story.runtime),
            support.ask_quiet(story.runtime),
            part(story, story.mentor),
        )
        assert (await story.now()).state is PairState.ENDED
        assert "still_together" not in await due(story)

    @ONE_ENGINE
    async def test_is_for_the_two_alone(self, story: Story) -> None:
        with pytest.raises(UserFacingError, match="not_your_pair"):
            await part(story, story.manager)

    @pytest.mark.parametrize(
        ("state", "key"),
        [
            (PairState.OPENING, "pair_opening"),
            (PairState.CLOSING, "pair_closing"),
            (PairState.ENDED, "pair_ended"),
            (PairState.COMPLETED, "pair_ended"),
        ],
    )
    @ONE_ENGINE
    async def test_of_another_pair_is_refused(
        self, story: Story, state: PairState, key: str
    ) -> None:
        await set_state(story, state)
        with pytest.raises(UserFacingError, match=key):
            await part(story, story.mentor)


class TestWhoAsked:
    """Whether the one or the other asks, the same is left behind, in every table."""

    async def left_behind(
        self, story: Story, do: Callable[..., Awaitable[object]], person: Person
    ) -> Rows:
        """All rows there are after it, with the messages opened; undone afterwards."""
        random = story.runtime.random.getstate()
        async with story.company.transaction() as session:
            await do(session, person)
            await session.flush()
            connection = await session.connection()
            rows = {
                table.name: [
                    tuple(self._opened(story, value) for value in row)
                    for row in await connection.execute(select(table).order_by(table.c.id))
                ]
                for table in Base.metadata.sorted_tables
            }
            await session.rollback()
        story.runtime.random.setstate(random)
        return rows

    def _opened(self, story: Story, value: object) -> object:
        if not isinstance(value, bytes):
            return value
        return story.runtime.vault.open(value, f"delivery:{story.company.workspace_id}")

    @ONE_ENGINE
    async def test_for_another_partner(self, story: Story) -> None:
        await free_people(story)

        async def ask(session: object, person: Person) -> None:
            await support.part(session, story.runtime, person, story.pair.id)

        by_mentor = await self.left_behind(story, ask, story.mentor)
        by_mentee = await self.left_behind(story, ask, story.mentee)
        assert len(by_mentor["match_run"]) == 1
        assert len(by_mentor["delivery"]) > len(await story.all(Delivery))
        assert by_mentor == by_mentee

    @ONE_ENGINE
    async def test_their_homes_are_made_anew_alike(self, story: Story) -> None:
        outdated = []
        for person in (story.mentor, story.mentee):
            async with story.company.transaction() as session:
                await support.part(session, story.runtime, person, story.pair.id)
                outdated.append(dict(session.info["outdated_homes"]))
                await session.rollback()
        assert outdated[0] == outdated[1]

    @ONE_ENGINE
    async def test_for_the_contact_is_in_the_sealed_message_alone(self, story: Story) -> None:
        await named_contact(story, await story.company.person("Hera Rowe", level=4))

        async def ask(session: object, person: Person) -> None:
            program_id = story.program.id
            await support.ask_contact(session, story.runtime, person, program_id, "V1")

        by_mentor = await self.left_behind(story, ask, story.mentor)
        by_mentee = await self.left_behind(story, ask, story.mentee)
        differing = {name for name in by_mentor if by_mentor[name] != by_mentee[name]}
        assert differing == {"delivery"}
        [told] = set(by_mentor["delivery"]) - set(by_mentee["delivery"])
        named = [value for value in told if story.mentor.slack_user_id in str(value)]
        assert len(named) == 1
        assert "text" in str(named[0])

    async def test_nor_is_it_once_the_message_has_left(self, story: Story) -> None:
        contact = await named_contact(story, await story.company.person("Hera Rowe", level=4))
        async with story.company.transaction() as session:
            await support.ask_contact(session, story.runtime, story.mentor, story.program.id, "V1")
        await delivery.send_due(story.runtime)
        [row] = [row for row in await story.all(Delivery) if row.kind == support.TALK]
        assert (row.recipient, row.payload, row.pair_id) == (contact.slack_user_id, None, None)
        assert story.mentor.slack_user_id not in row.dedupe_key


class TestContact:
    async def contact(self, story: Story, person: Person | None = None) -> int | None:
        async with story.company.transaction() as session:
            program = await session.get_one(Program, story.program.id)
            found = await support.contact(session, person or story.mentor, program)
            return found and found.id

    @ONE_ENGINE
    async def test_is_whom_the_program_names(self, story: Story) -> None:
        assert await self.contact(story) is None
        contact = await named_contact(story, await story.company.person(level=4))
        assert await self.contact(story) == contact.id

    @ONE_ENGINE
    async def test_is_nobody_who_is_involved(self, story: Story) -> None:
        for involved in (story.mentor, story.mentee, story.manager):
            await named_contact(story, involved)
            assert await self.contact(story) is None

    @ONE_ENGINE
    async def test_is_nobody_who_has_left(self, story: Story) -> None:
        contact = await named_contact(story, await story.company.person(level=4))
        await story.change(contact, active=False)
        assert await self.contact(story) is None

    @ONE_ENGINE
    async def test_is_nobody_the_person_was_once_in_a_pair_with(self, story: Story) -> None:
        await named_contact(story, story.mentee)
        await set_state(story, PairState.ENDED)
        assert await self.contact(story) is None


class TestAskContact:
    async def ask(self, story: Story, form_id: str = "V1") -> None:
        async with story.company.transaction() as session:
            await support.ask_contact(
                session, story.runtime, story.mentor, story.program.id, form_id
            )

    async def test_asks_them_once_and_nobody_else(self, story: Story) -> None:
        contact = await named_contact(story, await story.company.person("Hera Rowe", level=4))
        await asyncio.gather(self.ask(story), self.ask(story))
        who = f"<@{story.mentor.slack_user_id}>"
        [said] = await story.directly(contact)
        assert who in said
        for person in (story.manager, story.mentee):
            assert await story.directly(person) == []

    @ONE_ENGINE
    async def test_when_they_are_at_work(self, story: Story, clock: Clock) -> None:
        contact = await named_contact(story, await story.company.person(level=4))
        clock.forward(hours=12)
        await self.ask(story)
        assert await due(story) == {"support_talk": {(contact.slack_user_id, "06 10:00")}}

    @ONE_ENGINE
    async def test_where_there_is_nobody_any_more(self, story: Story) -> None:
        with pytest.raises(UserFacingError, match="support_changed"):
            await self.ask(story)
        assert await due(story) == {}

    @ONE_ENGINE
    async def test_of_a_program_that_is_not_theirs(self, story: Story) -> None:
        await named_contact(story, await story.company.person(level=4))
        outsider = await story.company.person()
        async with story.company.transaction() as session:
            with pytest.raises(UserFacingError, match="support_nothing"):
                await support.ask_contact(session, story.runtime, outsider, story.program.id, "V1")


class TestManagers:
    @ONE_ENGINE
    async def test_are_those_who_are_no_partners_of_the_person(self, story: Story) -> None:
        async with story.company.transaction() as session:
            session.add(ProgramManager(program_id=story.program.id, person_id=story.mentee.id))
            await session.flush()
            found = await support.managers(session, story.mentor, story.program)
        assert [one.id for one in found] == [story.manager.id]


class TestStillTogether:
    @ONE_ENGINE
    async def test_keeps_nothing(self, story: Story) -> None:
        before = await story.now()
        async with story.company.transaction() as session:
            await support.still_together(session, story.mentor, story.pair.id)
        after = await story.now()
        assert (after.state, after.asked_on) == (before.state, before.asked_on)

    @ONE_ENGINE
    async def test_is_for_the_two_alone(self, story: Story) -> None:
        async with story.company.transaction() as session:
            with pytest.raises(UserFacingError, match="not_your_pair"):
                await support.still_together(session, story.manager, story.pair.id)


class TestAskQuiet:
    """The first week begins on 19 January."""

    async def after(self, clock: Clock, *, weeks: float) -> None:
        clock.now = datetime(2026, 1, 19, 11, tzinfo=clock.now.tzinfo) + timedelta(weeks=weeks)

    async def asked(self, story: Story) -> int:
        return await support.ask_quiet(story.runtime)

    async def test_asks_both_each_on_their_own_within_two_days(
        self, story: Story, clock: Clock
    ) -> None:
        await self.after(clock, weeks=3)
        assert await self.asked(story) == 1
        questions = (await due(story))["still_together"]
        assert {who for who, _ in questions} == {
            story.mentor.slack_user_id,
            story.mentee.slack_user_id,
        }
        assert {at.split()[0] for _, at in questions} <= {"10", "11"}
        assert (await story.now()).asked_on == date(2026, 2, 9)
        clock.forward(days=3)
        for person, partner in ((story.mentor, story.mentee), (story.mentee, story.mentor)):
            who = f"<@{partner.slack_user_id}>"
            assert who in (await story.directly(person))[-1]
        assert await story.directly(story.manager) == []

    async def test_two_copies_at_once_ask_once(self, story: Story, clock: Clock) -> None:
        await self.after(clock, weeks=3)
        assert sum(await asyncio.gather(self.asked(story), self.asked(story))) == 1
        assert len(await story.told("still_together")) == 2

    @ONE_ENGINE
    async def test_again_after_four_weeks_and_not_before(self, story: Story, clock: Clock) -> None:
        await self.after(clock, weeks=3)
        assert [await self.asked(story), await self.asked(story)] == [1, 0]
        await self.after(clock, weeks=6.9)
        assert await self.asked(story) == 0
        await self.after(clock, weeks=7)
        assert await self.asked(story) == 1

    @ONE_ENGINE
    async def test_not_before_three_weeks(self, story: Story, clock: Clock) -> None:
        await self.after(clock, weeks=2.9)
        assert await self.asked(story) == 0

    @ONE_ENGINE
    async def test_not_a_pair_that_has_met(self, story: Story, clock: Clock) -> None:
        await self.after(clock, weeks=1)
        async with story.company.transaction() as session:
            await meetings.report(session, story.runtime, story.mentor, story.pair.id, 1)
        await self.after(clock, weeks=3.9)
        assert await self.asked(story) == 0
        await self.after(clock, weeks=4.1)
        assert await self.asked(story) == 1

    @ONE_ENGINE
    async def test_not_a_pair_with_a_new_goal(self, story: Story, clock: Clock) -> None:
        await self.after(clock, weeks=2)
        async with story.company.transaction() as session:
            words = dict.fromkeys(
                ("relevant", "experimental", "aspirational", "learning"), b"sealed"
            )
            session.add(
                Goal(
                    pair_id=story.pair.id,
                    due_on=date(2026, 4, 1),
                    created_at=clock.now,
                    **words,
                )
            )
        await self.after(clock, weeks=4)
        assert await self.asked(story) == 0

    @pytest.mark.parametrize("state", [one for one in PairState if one is not PairState.ACTIVE])
    @ONE_ENGINE
    async def test_only_pairs_that_are_active(
        self, story: Story, clock: Clock, state: PairState
    ) -> None:
        await set_state(story, state)
        await self.after(clock, weeks=4)
        assert await self.asked(story) == 0

    @ONE_ENGINE
    async def test_a_break_does_not_count(self, story: Story, clock: Clock) -> None:
        await self.after(clock, weeks=1)
        async with story.company.transaction() as session:
            await meetings.report(session, story.runtime, story.mentor, story.pair.id, 1)
        await story.break_of(story.mentor)
        await self.after(clock, weeks=6)
        await story.back(story.mentor)
        assert await self.asked(story) == 0
        await self.after(clock, weeks=9)
        assert await self.asked(story) == 1

    @ONE_ENGINE
    async def test_a_meeting_meanwhile_takes_the_question_back(
        self, story: Story, clock: Clock
    ) -> None:
        await self.after(clock, weeks=3)
        await self.asked(story)
        async with story.company.transaction() as session:
            await meetings.report(session, story.runtime, story.mentor, story.pair.id, 3)
        assert "still_together" not in await due(story)

    @ONE_ENGINE
    async def test_so_does_a_goal(self, story: Story, clock: Clock) -> None:
        await self.after(clock, weeks=3)
        await self.asked(story)
        wanted = NewGoal("V1", story.pair.id, "a", "b", "c", "d", date(2026, 4, 1))
        async with story.company.transaction() as session:
            await goals.set_goal(session, story.runtime, story.mentor, wanted)
        assert "still_together" not in await due(story)

    @ONE_ENGINE
    async def test_a_break_that_begins_meanwhile_takes_the_question_back(
        self, story: Story, clock: Clock
    ) -> None:
        await self.after(clock, weeks=3)
        await self.asked(story)
        await story.break_of(story.mentee)
        assert "still_together" not in await due(story)


class TestQuietPairs:
    @ONE_ENGINE
    async def test_come_in_the_order_of_their_ids_a_batch_at_a_time(
        self, story: Story, clock: Clock
    ) -> None:
        for _ in range(2):
            two = await story.company.person(), await story.company.person(level=6)
            await story.company.pair(story.program, *two, state=PairState.ACTIVE)
        ids = [pair.id for pair in await story.all(Pair)]
        now = clock.now + timedelta(weeks=8)
        async with story.runtime.database.transaction_across_workspaces() as session:
            first = await store.quiet_pairs(session, now, 0, 2)
            second = await store.quiet_pairs(session, now, first[-1].pair.id, 2)
        assert [[one.pair.id for one in batch] for batch in (first, second)] == [ids[:2], ids[2:]]


class TestEnrollmentsStay:
    @ONE_ENGINE
    async def test_both_take_part_as_before(self, story: Story) -> None:
        await part(story, story.mentor)
        states = {one.state for one in await story.all(Enrollment)}
        assert states == {EnrollmentState.ENROLLED}


def test_a_matter_is_known_by_its_value() -> None:
    program, pair = Program(id=3), Pair(id=5)
    assert (Matter(program, pair).value, Matter(program).value) == ("pair:5", "program:3")
