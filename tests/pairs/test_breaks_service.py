import asyncio
from datetime import UTC, date, datetime, timedelta

from bot.cadence import service as cadence
from bot.delivery import service as delivery
from bot.pairs import service as pairs
from bot.pairs import store
from models import (
    Delivery,
    DeliveryState,
    Home,
    Pair,
    PairState,
    Person,
    TouchpointKind,
)
from tests.conftest import Clock
from tests.factories import Company
from tests.pairs.conftest import ONE_ENGINE, Story
from tests.statements import counted

FIRST_WEEK = date(2026, 1, 19)
NUDGE_AT = datetime(2026, 1, 19, 10, tzinfo=UTC)


async def under_way(story: Story, clock: Clock) -> None:
    """The pair has had its first nudge; it is Monday, 11 o'clock."""
    await pairs.open_spaces(story.runtime)
    clock.now = NUDGE_AT
    await cadence.queue_due(story.runtime)
    await delivery.send_due(story.runtime)
    clock.forward(hours=1)


class TestFollowBreaks:
    async def test_a_break_of_one_of_the_two_lets_the_pair_rest_and_come_back(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await story.break_of(story.mentor)
        pair = await story.now()
        assert (pair.state, pair.resting_since) == (PairState.RESTING, FIRST_WEEK)
        assert await story.due() == 0
        await delivery.send_due(story.runtime)
        clock.forward(weeks=3)
        assert await cadence.queue_due(story.runtime) == 0
        await story.back(story.mentor)
        pair = await story.now()
        assert (pair.state, pair.resting_since) == (PairState.ACTIVE, None)
        assert await story.due() == 4
        assert (await story.in_channel())[-2:] == [
            story.say("pair.rests"),
            story.say("pair.goes_on"),
        ]

    async def test_of_the_program_lets_all_its_pairs_rest(self, story: Story) -> None:
        people = await story.company.person(), await story.company.person(level=6)
        await story.company.pair(story.program, *people)
        await pairs.open_spaces(story.runtime)
        await story.program_break(True)
        states = [pair.state for pair in await story.all(Pair)]
        assert states == [PairState.RESTING] * 2
        await story.program_break(False)
        states = [pair.state for pair in await story.all(Pair)]
        assert states == [PairState.ACTIVE] * 2

    @ONE_ENGINE
    async def test_takes_as_many_statements_for_one_pair_as_for_several(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        alone = await self.statements(story)
        for _ in range(3):
            people = await story.company.person(), await story.company.person(level=6)
            await story.company.pair(story.program, *people)
        await pairs.open_spaces(story.runtime)
        assert await self.statements(story) == alone
        assert await story.due() == 4 * 4

    async def statements(self, story: Story) -> list[int]:
        """How many it takes to let the program rest, and to let it go on."""
        counts = []
        for rests in (True, False):
            with counted(story.company) as statements:
                await story.program_break(rests)
            counts.append(len(statements))
        return counts

    @ONE_ENGINE
    async def test_the_plan_moves_by_the_weeks_that_were_missed(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        clock.forward(days=3)  # Thursday; the question of the first week is not said yet
        await cadence.queue_due(story.runtime)
        await story.break_of(story.mentee)
        clock.forward(days=12)  # Tuesday: two Mondays later
        await story.back(story.mentee)
        assert (await story.now()).first_week_on == FIRST_WEEK + timedelta(weeks=2)
        nudge = await story.touchpoint(TouchpointKind.NUDGE)
        assert (nudge.number, nudge.due_at) == (2, NUDGE_AT + timedelta(weeks=3))
        farewell = await story.touchpoint(TouchpointKind.FAREWELL)
        assert farewell.due_at == datetime(2026, 4, 24, 9, tzinfo=UTC)  # in summer time

    @ONE_ENGINE
    async def test_wakes_by_the_rules_it_was_made_by(self, story: Story, clock: Clock) -> None:
        await under_way(story, clock)
        await story.break_of(story.mentor)
        await story.set_gap(9)
        await story.back(story.mentor)
        assert (await story.now()).state is PairState.ACTIVE

    @ONE_ENGINE
    async def test_within_a_week_moves_nothing_and_what_was_due_is_said_late(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await story.break_of(story.mentee)
        clock.forward(days=3)
        await story.back(story.mentee)
        assert (await story.now()).first_week_on == FIRST_WEEK
        question = await story.touchpoint(TouchpointKind.QUESTION)
        assert (question.number, question.due_at) == (1, NUDGE_AT + timedelta(days=2))
        await cadence.queue_due(story.runtime)
        assert len(await story.told("question")) == 1

    @ONE_ENGINE
    async def test_a_pair_whose_weeks_are_over_meanwhile_still_has_its_farewell(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        clock.now = NUDGE_AT + timedelta(weeks=11, days=3)  # the last Thursday
        await cadence.queue_due(story.runtime)
        await story.break_of(story.mentee)
        clock.forward(weeks=5)
        assert await cadence.queue_due(story.runtime) == 0
        await story.back(story.mentee)
        clock.forward(weeks=1)
        await cadence.queue_due(story.runtime)
        assert len(await story.told("farewell")) == 1
        assert (await story.now()).state is PairState.COMPLETED

    @ONE_ENGINE
    async def test_what_is_in_the_outbox_is_let_go_but_not_the_introduction(
        self, story: Story, clock: Clock
    ) -> None:
        await pairs.open_spaces(story.runtime)
        clock.now = NUDGE_AT
        await cadence.queue_due(story.runtime)
        await story.break_of(story.mentor)
        states = {row.kind: row.state for row in await story.all(Delivery)}
        assert states["nudge"] is DeliveryState.LET_GO
        assert states["introduction"] is DeliveryState.DUE

    @ONE_ENGINE
    async def test_says_the_day_where_it_is_known_and_never_through_whom(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await story.break_of(story.mentor, until=date(2026, 2, 9))
        said = (await story.in_channel())[-1]
        assert said == story.say("pair.rests_until", day="9 February 2026")
        assert story.mentor.slack_user_id not in said

    @ONE_ENGINE
    async def test_a_second_break_says_nothing_more_and_the_first_that_ends_wakes_nobody(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await story.break_of(story.mentor)
        await story.break_of(story.mentee)
        await story.program_break(True)
        await story.back(story.mentor)
        await story.program_break(False)
        assert (await story.now()).state is PairState.RESTING
        assert len(await story.told("pair_rests")) == 1
        await delivery.send_due(story.runtime)
        await story.back(story.mentee)
        assert (await story.now()).state is PairState.ACTIVE
        assert len(await story.told("pair_goes_on")) == 1

    @ONE_ENGINE
    async def test_each_break_is_told(self, story: Story, clock: Clock) -> None:
        await under_way(story, clock)
        for _ in range(2):
            await story.break_of(story.mentor)
            await delivery.send_due(story.runtime)
            await story.back(story.mentor)
        assert len(await story.told("pair_rests")) == len(await story.told("pair_goes_on")) == 2

    async def test_the_channel_hears_of_it_when_both_are_at_work(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await story.change(story.mentee, time_zone="America/New_York")
        await story.break_of(story.mentor)
        before = len(await story.in_channel())  # 11 o'clock in London, 6 in New York
        clock.now = NUDGE_AT.replace(hour=13, minute=59)
        assert len(await story.in_channel()) == before
        clock.now = NUDGE_AT.replace(hour=14)
        assert (await story.in_channel())[before:] == [story.say("pair.rests")]
        clock.now = NUDGE_AT.replace(hour=23)
        await story.back(story.mentor)
        assert len(await story.in_channel()) == before + 1
        clock.forward(hours=15)
        assert (await story.in_channel())[before + 1 :] == [story.say("pair.goes_on")]

    async def test_a_break_that_ends_before_the_channel_has_heard_of_it_is_not_spoken_of(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        before = len(await story.in_channel())
        clock.forward(hours=12)
        await story.break_of(story.mentor)
        clock.forward(hours=1)
        await story.back(story.mentor)
        clock.forward(hours=12)
        assert len(await story.in_channel()) == before
        assert (await story.now()).state is PairState.ACTIVE

    @ONE_ENGINE
    async def test_a_break_that_begins_before_the_channel_has_heard_of_the_last_ones_end(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await story.break_of(story.mentor)
        await story.in_channel()
        clock.forward(hours=12)
        await story.back(story.mentor)
        await story.break_of(story.mentee)
        clock.forward(hours=12)
        assert story.say("pair.goes_on") not in await story.in_channel()

    async def test_two_breaks_that_end_at_once_wake_the_pair(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await story.break_of(story.mentor)
        await story.break_of(story.mentee)
        await asyncio.gather(story.back(story.mentor), story.back(story.mentee))
        assert (await story.now()).state is PairState.ACTIVE
        assert await story.due() == 4

    async def test_beside_the_ticker_nobody_waits_for_ever(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        clock.forward(weeks=20)  # the farewell is due: the ticker will complete the pair
        await asyncio.gather(
            cadence.queue_due(story.runtime), story.break_of(story.mentor), return_exceptions=False
        )
        assert (await story.now()).state in (PairState.RESTING, PairState.COMPLETED)

    async def test_a_pair_without_channel_rests_when_it_has_one(self, story: Story) -> None:
        await story.break_of(story.mentor)
        assert (await story.now()).state is PairState.OPENING
        assert await pairs.open_spaces(story.runtime) == 1
        assert (await story.now()).state is PairState.RESTING
        assert await story.due() == 0
        said = await story.in_channel()
        assert said[-1] == story.say("pair.rests")
        assert len(said) == 2  # after the introduction

    @ONE_ENGINE
    async def test_other_peoples_pairs_go_on(self, story: Story, clock: Clock) -> None:
        people = await story.company.person(), await story.company.person(level=6)
        await story.company.pair(story.program, *people)
        await under_way(story, clock)
        await story.break_of(story.mentor)
        states = [pair.state for pair in await story.all(Pair)]
        assert states == [PairState.RESTING, PairState.ACTIVE]

    @ONE_ENGINE
    async def test_what_has_ended_or_is_paused_stays_so(self, story: Story, clock: Clock) -> None:
        await under_way(story, clock)
        for state in (PairState.PAUSED, PairState.CLOSING, PairState.COMPLETED, PairState.ENDED):
            async with story.company.transaction() as session:
                (await session.get_one(Pair, story.pair.id)).state = state
            await story.break_of(story.mentor)
            await story.back(story.mentor)
            assert (await story.now()).state is state

    @ONE_ENGINE
    async def test_shows_on_the_homes_of_both_and_of_the_managers(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        concerned = [story.mentor, story.mentee, story.manager]
        async with story.company.transaction() as session:
            session.add_all(Home(person_id=person.id) for person in concerned)
        await story.break_of(story.mentor)
        assert all(home.outdated_since for home in await story.all(Home))


class TestResting:
    async def test_a_pair_that_has_become_unsafe_stops_though_it_rests(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await story.break_of(story.mentor)
        assert await story.change(story.mentor, level=9) == 1
        assert (await story.now()).state is PairState.PAUSED
        await story.back(story.mentor)
        assert (await story.now()).state is PairState.PAUSED

    @ONE_ENGINE
    async def test_a_pair_that_nobody_saw_become_unsafe_is_not_woken(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await story.break_of(story.mentor)
        async with story.company.transaction() as session:
            (await session.get_one(Person, story.mentor.id)).level = 9
        await story.back(story.mentor)
        pair = await story.now()
        assert (pair.state, pair.resting_since) == (PairState.PAUSED, FIRST_WEEK)
        assert await story.told("pair_decision") == [story.manager.slack_user_id]
        assert not await story.told("pair_goes_on")
        assert await story.due() == 0


class TestReasonsToRest:
    @ONE_ENGINE
    async def test_only_breaks_in_the_pairs_own_program_count(self, company: Company) -> None:
        one, other = await company.program(name="One"), await company.program(name="Other")
        mentor, mentee = await company.person(level=1), await company.person(level=6)
        await company.pair(one, mentor, mentee)
        await company.enrol(other, mentor)
        story = Story(
            company, one, mentor, mentor, mentee, await company.pair(other, mentor, mentee)
        )
        await story.break_of(mentor, until=date(2026, 3, 2))
        async with company.transaction() as session:
            reasons = await store.reasons_to_rest(session, store.which(person_id=mentor.id))
        assert reasons == {story.pair.id: [date(2026, 3, 2)]}
