import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.cadence import service as cadence
from bot.cadence import store
from bot.delivery import service as delivery
from models import (
    Cadence,
    Delivery,
    DeliveryState,
    Enrollment,
    Pair,
    PairState,
    Program,
    TouchpointKind,
)
from prompts.library import GENERAL
from tests.cadence.conftest import Pairs
from tests.conftest import Clock
from tests.factories import Company

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NUDGE_AT = datetime(2026, 1, 19, 10, tzinfo=UTC)
"""The first Monday at an hour that suits two Londoners."""


async def play(pairs: Pairs, clock: Clock, weeks: int) -> None:
    """Half-hourly ticks would do the same; a tick a day does it faster."""
    clock.now = NUDGE_AT.replace(hour=17)
    for _ in range(7 * weeks):
        await cadence.queue_due(pairs.company.runtime)
        clock.forward(days=1)


class TestSchedule:
    async def test_sets_the_first_of_every_kind(self, pairs: Pairs) -> None:
        pair = await pairs.add()
        for kind in TouchpointKind:
            touchpoint = await pairs.touchpoint(pair, kind)
            assert touchpoint.number == 1
            assert touchpoint.due_at is not None
            assert touchpoint.due_at >= NUDGE_AT


class TestQueueDue:
    async def test_before_anything_is_due(self, pairs: Pairs, clock: Clock) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT - timedelta(seconds=1)
        assert await cadence.queue_due(pairs.company.runtime) == 0
        assert not await pairs.queued(pair)

    async def test_queues_what_is_due_and_sets_the_next(self, pairs: Pairs, clock: Clock) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT
        assert await cadence.queue_due(pairs.company.runtime) == 1
        assert await pairs.queued(pair) == ["nudge"]
        touchpoint = await pairs.touchpoint(pair, TouchpointKind.NUDGE)
        assert (touchpoint.number, touchpoint.due_at) == (2, NUDGE_AT + timedelta(weeks=1))

    async def test_again_queues_nothing(self, pairs: Pairs, clock: Clock) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT
        await cadence.queue_due(pairs.company.runtime)
        assert await cadence.queue_due(pairs.company.runtime) == 0
        assert await pairs.queued(pair) == ["nudge"]

    async def test_by_several_copies_at_once_queues_each_once(
        self, pairs: Pairs, clock: Clock
    ) -> None:
        three = [await pairs.add() for _ in range(3)]
        clock.now = NUDGE_AT
        runtime = pairs.company.runtime
        moved = await asyncio.gather(*(cadence.queue_due(runtime) for _ in range(4)))
        assert sum(moved) == len(three)
        for pair in three:
            assert await pairs.queued(pair) == ["nudge"]

    async def test_that_was_done_by_a_copy_which_forgot_says_nothing_twice(
        self, pairs: Pairs, clock: Clock
    ) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT
        runtime = pairs.company.runtime
        await cadence.queue_due(runtime)
        touchpoint = await pairs.touchpoint(pair, TouchpointKind.NUDGE)
        async with runtime.database.transaction_across_workspaces() as session:
            back = {"id": touchpoint.id, "number": 1, "due_at": NUDGE_AT}
            await store.move_on(session, [back])
        await cadence.queue_due(runtime)
        assert await pairs.queued(pair) == ["nudge"]

    async def test_saves_the_message_and_the_next_time_together_or_neither(
        self, pairs: Pairs, clock: Clock
    ) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT
        runtime = pairs.company.runtime
        broken = replace(runtime, random=None)  # no key can be drawn
        with pytest.raises(AttributeError):
            await cadence.queue_due(broken)
        assert not await pairs.queued(pair)
        touchpoint = await pairs.touchpoint(pair, TouchpointKind.NUDGE)
        assert (touchpoint.number, touchpoint.due_at) == (1, NUDGE_AT)
        assert await cadence.queue_due(runtime) == 1

    @pytest.mark.parametrize("failing", ["move_on", "complete"])
    async def test_a_failure_late_in_the_batch_undoes_all_of_it(
        self, failing: str, pairs: Pairs, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT + timedelta(weeks=12)

        async def fails(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(store, failing, fails)
        with pytest.raises(ZeroDivisionError):
            await cadence.queue_due(pairs.company.runtime)
        assert not await pairs.queued(pair)
        assert not await pairs.questions(pair)
        assert await pairs.state(pair) is PairState.ACTIVE

    @ONE_ENGINE
    async def test_goes_through_as_many_batches_as_are_due(
        self, pairs: Pairs, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cadence, "BATCH", 2)
        five = [await pairs.add() for _ in range(5)]
        clock.now = NUDGE_AT
        assert await cadence.queue_due(pairs.company.runtime) == 5
        for pair in five:
            assert await pairs.queued(pair) == ["nudge"]

    @pytest.mark.parametrize("state", [PairState.OPENING, PairState.PAUSED, PairState.COMPLETED])
    @ONE_ENGINE
    async def test_leaves_a_pair_alone_that_is_not_active(
        self, state: PairState, pairs: Pairs, clock: Clock
    ) -> None:
        pair = await pairs.add(state)
        clock.now = NUDGE_AT + timedelta(weeks=2)
        assert await cadence.queue_due(pairs.company.runtime) == 0
        assert not await pairs.queued(pair)


class TestTopics:
    """A question on a topic that touches who people are needs the yes of both, still."""

    async def asked(self, pairs: Pairs, clock: Clock, pair: Pair) -> set[str]:
        """The topics of the questions of a whole program."""
        await play(pairs, clock, 13)
        by_id = {question.id: question for question in pairs.company.runtime.library.questions}
        return {by_id[question].topic for question in await pairs.questions(pair)}

    @pytest.fixture
    async def pair(self, company: Company, pairs: Pairs) -> Pair:
        async with company.transaction() as session:
            (await session.get_one(Program, pairs.program.id)).topics = ["inclusion"]
        return await pairs.add(topics=["inclusion"], identity_topics=["inclusion"])

    @ONE_ENGINE
    async def test_with_it_are_asked_about(self, pairs: Pairs, clock: Clock, pair: Pair) -> None:
        assert "inclusion" in await self.asked(pairs, clock, pair)

    @pytest.mark.parametrize("who", ["mentor", "mentee"])
    @pytest.mark.parametrize(
        "answer",
        [{"identity_topics": []}, {"refused_topics": ["inclusion"]}, {"topics": []}],
        ids=["no yes any more", "refused", "not theirs any more"],
    )
    @ONE_ENGINE
    async def test_taken_back_by_one_of_the_two_are_not_asked_about(
        self, pairs: Pairs, clock: Clock, pair: Pair, who: str, answer: dict[str, list[str]]
    ) -> None:
        person_id = pair.mentor_id if who == "mentor" else pair.mentee_id
        async with pairs.company.transaction() as session:
            theirs = update(Enrollment).where(Enrollment.person_id == person_id)
            await session.execute(theirs.values(**answer))
        assert await self.asked(pairs, clock, pair) == {GENERAL}


class TestAWholeProgram:
    async def test_says_everything_once_in_every_period(self, pairs: Pairs, clock: Clock) -> None:
        pair = await pairs.add()
        await play(pairs, clock, 13)
        said = Counter(await pairs.queued(pair))
        assert said == {"nudge": 12, "question": 12, "reminder": 12, "farewell": 1}

    @ONE_ENGINE
    async def test_for_two_at_the_ends_of_the_earth_says_as_much_and_ends_with_the_farewell(
        self, pairs: Pairs, clock: Clock
    ) -> None:
        pair = await pairs.add(mentor_zone="Pacific/Auckland", mentee_zone="Pacific/Honolulu")
        await play(pairs, clock, 13)
        said = Counter(await pairs.queued(pair))
        assert said == {"nudge": 12, "question": 12, "reminder": 12, "farewell": 1}
        moments = await pairs.moments(pair)
        [farewell] = moments.pop("farewell")
        assert max(moment for kind in moments.values() for moment in kind) < farewell

    @ONE_ENGINE
    async def test_of_months_says_everything_once_a_month(
        self, monthly: Pairs, clock: Clock
    ) -> None:
        pair = await monthly.add()
        await play(monthly, clock, 13)
        said = Counter(await monthly.queued(pair))
        assert said == {"nudge": 3, "question": 3, "reminder": 3, "farewell": 1}

    async def test_asks_no_question_twice(self, pairs: Pairs, clock: Clock) -> None:
        pair = await pairs.add()
        await play(pairs, clock, 13)
        questions = await pairs.questions(pair)
        assert len(questions) == len(set(questions)) == 12

    @ONE_ENGINE
    async def test_reminds_the_mentee_alone_and_says_the_rest_in_the_channel(
        self, pairs: Pairs, clock: Clock
    ) -> None:
        pair = await pairs.add()
        await play(pairs, clock, 13)
        mentee = await pairs.person(pair.mentee_id)
        assert set(await pairs.queued(pair, TouchpointKind.REMINDER)) == {mentee.slack_user_id}
        for kind in (TouchpointKind.NUDGE, TouchpointKind.QUESTION, TouchpointKind.FAREWELL):
            assert set(await pairs.queued(pair, kind)) == {pair.channel_id}

    async def test_completes_the_pair_which_then_hears_no_more(
        self, pairs: Pairs, clock: Clock
    ) -> None:
        pair = await pairs.add()
        await play(pairs, clock, 13)
        assert await pairs.state(pair) is PairState.COMPLETED
        for kind in TouchpointKind:
            assert (await pairs.touchpoint(pair, kind)).due_at is None
        clock.forward(weeks=10)
        assert await cadence.queue_due(pairs.company.runtime) == 0


class TestCatchingUp:
    @ONE_ENGINE
    async def test_after_a_long_stop_sends_one_of_each_kind(
        self, pairs: Pairs, clock: Clock
    ) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT + timedelta(weeks=7, days=-1)
        await cadence.queue_due(pairs.company.runtime)
        assert Counter(await pairs.queued(pair)) == {"nudge": 1, "question": 1, "reminder": 1}
        nudge = await pairs.touchpoint(pair, TouchpointKind.NUDGE)
        assert (nudge.number, nudge.due_at) == (8, NUDGE_AT + timedelta(weeks=7))

    @ONE_ENGINE
    async def test_in_the_night_waits_for_working_hours(self, pairs: Pairs, clock: Clock) -> None:
        pair = await pairs.add()
        clock.now = datetime(2026, 1, 25, 3, tzinfo=UTC)  # a Sunday
        await cadence.queue_due(pairs.company.runtime)
        monday = datetime(2026, 1, 26, tzinfo=UTC)
        assert await pairs.moments(pair) == {
            "nudge": [monday.replace(hour=10)],
            "question": [monday.replace(hour=10)],
            "reminder": [monday.replace(hour=9)],
        }

    @pytest.mark.parametrize(
        ("minutes", "leaves"),
        [(60, NUDGE_AT), (61, NUDGE_AT + timedelta(days=1))],
    )
    @ONE_ENGINE
    async def test_an_hour_is_not_late(
        self, minutes: int, leaves: datetime, pairs: Pairs, clock: Clock
    ) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT + timedelta(minutes=minutes)
        await cadence.queue_due(pairs.company.runtime)
        assert await pairs.moments(pair) == {"nudge": [leaves]}

    @pytest.mark.parametrize("batch", [1, 100])
    async def test_after_the_end_says_farewell_alone_and_completes(
        self, batch: int, pairs: Pairs, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cadence, "BATCH", batch)
        pair = await pairs.add()
        clock.now = NUDGE_AT + timedelta(weeks=50)
        await cadence.queue_due(pairs.company.runtime)
        assert await pairs.queued(pair) == ["farewell"]
        assert not await pairs.questions(pair)
        assert await pairs.state(pair) is PairState.COMPLETED
        assert await cadence.queue_due(pairs.company.runtime) == 0

    @ONE_ENGINE
    async def test_just_before_the_end_puts_nothing_off_until_the_farewell(
        self, pairs: Pairs, clock: Clock
    ) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT + timedelta(weeks=11, days=3, hours=10)  # Thursday evening
        await cadence.queue_due(pairs.company.runtime)
        assert await pairs.queued(pair) == ["reminder"]
        clock.forward(days=1)
        await cadence.queue_due(pairs.company.runtime)
        assert await pairs.queued(pair) == ["reminder", "farewell"]

    @ONE_ENGINE
    async def test_a_pause_is_kept_when_the_time_comes(self, pairs: Pairs, clock: Clock) -> None:
        pair = await pairs.add()
        runtime = pairs.company.runtime
        async with runtime.database.transaction(pairs.company.workspace_id) as session:
            await session.execute(
                update(Pair).where(Pair.id == pair.id).values(state=PairState.PAUSED)
            )
            await store.stop(session, [pair.id])
        clock.now = NUDGE_AT + timedelta(weeks=3)
        assert await cadence.queue_due(runtime) == 0


class TestHour:
    async def test_is_the_programs(self, company: Company, clock: Clock) -> None:
        early = Pairs(company, await company.program(name="Early", hour=8))
        late = Pairs(company, await company.program(name="Late", hour=15))
        hours = []
        for one in (early, late):
            nudge = await one.touchpoint(await one.add(), TouchpointKind.NUDGE)
            assert nudge.due_at is not None
            hours.append(nudge.due_at.hour)
        assert hours == [8, 15]


class TestSkip:
    async def skip(self, pairs: Pairs, pair: Pair) -> None:
        async with pairs.company.transaction() as session:
            await cadence.skip(session, pairs.company.runtime, pair.id)

    async def numbers(self, pairs: Pairs, pair: Pair) -> list[int]:
        """Of the nudge, the question and the reminder."""
        return [(await pairs.touchpoint(pair, kind)).number for kind in cadence.PERIODIC]

    async def test_leaves_out_what_is_still_to_come_in_this_period(
        self, pairs: Pairs, clock: Clock
    ) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT
        await cadence.queue_due(pairs.company.runtime)
        await delivery.send_due(pairs.company.runtime)
        clock.forward(hours=1)
        await self.skip(pairs, pair)
        assert await self.numbers(pairs, pair) == [2, 2, 1]
        clock.now = NUDGE_AT + timedelta(days=6)
        assert await cadence.queue_due(pairs.company.runtime) == 1
        assert await pairs.queued(pair) == ["nudge", "skipped", "reminder"]
        clock.now = NUDGE_AT + timedelta(days=13)
        await cadence.queue_due(pairs.company.runtime)
        kinds = Counter(await pairs.queued(pair))
        assert kinds == {"nudge": 2, "question": 1, "reminder": 2, "skipped": 1}

    async def test_what_has_not_left_yet_does_not_leave(self, pairs: Pairs, clock: Clock) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT
        await cadence.queue_due(pairs.company.runtime)
        await self.skip(pairs, pair)
        states = {row.kind: row.state for row in await pairs.all(Delivery)}
        assert states == {"nudge": DeliveryState.LET_GO, "skipped": DeliveryState.DUE}

    async def test_the_mentees_reminder_leaves_whatever_the_two_leave_out(
        self, pairs: Pairs, clock: Clock
    ) -> None:
        """Else who skips would decide whether the leader is reminded that week."""
        pair = await pairs.add()
        reminder = await pairs.touchpoint(pair, TouchpointKind.REMINDER)
        assert reminder.due_at is not None
        clock.now = reminder.due_at
        await cadence.queue_due(pairs.company.runtime)
        await self.skip(pairs, pair)
        states = {row.kind: row.state for row in await pairs.all(Delivery)}
        assert states["nudge"] is DeliveryState.LET_GO
        assert states["reminder"] is DeliveryState.DUE

    @ONE_ENGINE
    async def test_twice_in_a_period_is_once(self, pairs: Pairs, clock: Clock) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT
        for _ in range(2):
            await self.skip(pairs, pair)
        assert await self.numbers(pairs, pair) == [2, 2, 1]
        assert await pairs.queued(pair) == ["skipped"]

    @ONE_ENGINE
    async def test_before_the_first_period_leaves_the_first_out(
        self, pairs: Pairs, clock: Clock
    ) -> None:
        pair = await pairs.add()
        await self.skip(pairs, pair)
        assert await self.numbers(pairs, pair) == [2, 2, 1]

    @ONE_ENGINE
    async def test_in_the_last_period_the_farewell_still_comes(
        self, pairs: Pairs, clock: Clock
    ) -> None:
        pair = await pairs.add()
        await play(pairs, clock, 11)
        said = Counter(await pairs.queued(pair))
        clock.now = NUDGE_AT + timedelta(weeks=11) - timedelta(hours=2)  # summer time by now
        await self.skip(pairs, pair)
        clock.forward(weeks=1)
        await cadence.queue_due(pairs.company.runtime)
        assert Counter(await pairs.queued(pair)) == said + Counter(["skipped", "farewell"])
        assert await pairs.state(pair) is PairState.COMPLETED

    @ONE_ENGINE
    async def test_after_the_last_period_says_nothing(self, pairs: Pairs, clock: Clock) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT + timedelta(weeks=12)
        await self.skip(pairs, pair)
        assert await pairs.queued(pair) == []

    @pytest.mark.parametrize("state", [PairState.RESTING, PairState.PAUSED, PairState.COMPLETED])
    @ONE_ENGINE
    async def test_of_a_pair_that_is_not_active_changes_nothing(
        self, pairs: Pairs, clock: Clock, state: PairState
    ) -> None:
        pair = await pairs.add(state)
        await self.skip(pairs, pair)
        assert await self.numbers(pairs, pair) == [1, 1, 1]
        assert await pairs.queued(pair) == []

    async def test_beside_the_ticker_says_each_thing_at_most_once(
        self, pairs: Pairs, clock: Clock
    ) -> None:
        pair = await pairs.add()
        clock.now = NUDGE_AT
        await asyncio.gather(cadence.queue_due(pairs.company.runtime), self.skip(pairs, pair))
        assert await self.numbers(pairs, pair) == [2, 2, 1]
        due = [row.kind for row in await pairs.all(Delivery) if row.state is DeliveryState.DUE]
        assert due == ["skipped"]


class TestAQuarterlyProgram:
    @ONE_ENGINE
    async def test_says_everything_once_a_quarter(self, company: Company, clock: Clock) -> None:
        program = await company.program(name="Circle", weeks=52, cadence=Cadence.QUARTERLY)
        quarterly = Pairs(company, program)
        pair = await quarterly.add()
        await play(quarterly, clock, 53)
        kinds = Counter(await quarterly.queued(pair))
        assert kinds == {"nudge": 4, "question": 4, "reminder": 4, "farewell": 1}
        assert await quarterly.state(pair) is PairState.COMPLETED


class TestComplete:
    async def test_leaves_a_pair_alone_that_was_paused_meanwhile(self, pairs: Pairs) -> None:
        active, paused = await pairs.add(), await pairs.add(PairState.PAUSED)
        async with pairs.company.transaction() as session:
            await store.complete(session, [active.id, paused.id])
        assert await pairs.state(active) is PairState.COMPLETED
        assert await pairs.state(paused) is PairState.PAUSED
