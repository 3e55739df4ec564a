import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.enrollment import service as enrollment
from bot.errors import UserFacingError
from bot.matching import asking_service
from bot.matching.asking_service import working_days_later
from models import (
    Decision,
    EnrollmentState,
    HoldKind,
    MatchRunState,
    Program,
    ProgramState,
)
from tests.conftest import Clock
from tests.matching.cast import Cast
from tests.matching.test_sides_service import asked

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def close_due(cast: Cast) -> int:
    return await asking_service.close_due(cast.company.runtime)


def not_this_time(cast: Cast) -> str:
    return cast.say("match_asking.not_this_time", program=cast.program.name)


class TestAsk:
    async def test_asks_both_of_every_pair_and_publishes_nothing(self, cast: Cast) -> None:
        run_id = await cast.ask()
        run = await cast.run(run_id)
        assert run.state is MatchRunState.ASKING
        assert run.answer_by == datetime(2026, 1, 8, 9, tzinfo=UTC)
        assert await cast.pairs() == []
        two = (cast.juniors[1], cast.boss)
        for person, partner in (two, two[::-1]):
            [said] = await cast.told(person)
            assert f"<@{partner.slack_user_id}>" in said
        assert await cast.told(cast.juniors[0]) == []
        async with cast.company.transaction() as session:
            program = await session.get_one(Program, cast.program.id)
        assert program.state is ProgramState.ENROLLING

    @ONE_ENGINE
    async def test_says_in_the_outcome_how_many(self, cast: Cast) -> None:
        await cast.set(asks_participants=True)
        outcome = await cast.approve(await cast.propose())
        assert (outcome.asked, outcome.pairs) == (2, None)

    @ONE_ENGINE
    async def test_asks_nobody_at_night(self, cast: Cast, clock: Clock) -> None:
        clock.forward(hours=12)
        await cast.ask()
        assert await cast.told(cast.boss) == []
        clock.forward(hours=13)
        assert len(await cast.told(cast.boss)) == 1

    @ONE_ENGINE
    async def test_only_with_the_last_approval(self, cast: Cast) -> None:
        second = await cast.company.person("Sam Second", level=3)
        await cast.manages(second)
        await cast.set(approvals_needed=2)
        run_id = await cast.ask()
        assert await cast.told(cast.boss) == []
        assert (await cast.approve(run_id, second)).asked == 2
        assert cast.say("match_asking.begun", count=2) in await cast.channel()


class TestAnswer:
    async def test_two_yeses_make_the_pair_at_once(self, cast: Cast) -> None:
        run_id = await cast.ask()
        await cast.answer(run_id, cast.boss)
        assert await cast.pairs() == []
        await cast.answer(run_id, cast.juniors[1])
        assert await cast.pairs() == [cast.best]
        assert (await cast.run(run_id)).state is MatchRunState.PUBLISHED
        assert cast.say("match_asking.concluded", count=1, program="Fresh Eyes") in (
            await cast.channel()
        )
        assert await cast.told(cast.juniors[0]) == [cast.say("match.waiting", program="Fresh Eyes")]
        assert len(await cast.told(cast.boss)) == 1

    async def test_at_once_make_it_once(self, cast: Cast) -> None:
        run_id = await cast.ask()
        two = (cast.boss, cast.juniors[1])
        await asyncio.gather(*(cast.answer(run_id, person) for person in two))
        assert await cast.pairs() == [cast.best]

    async def test_waits_for_those_of_the_other_pairs(self, cast: Cast) -> None:
        """Pairs are published together."""
        second = await cast.another_boss()
        run_id = await cast.ask()
        for person in (cast.boss, *cast.juniors):
            await cast.answer(run_id, person)
        assert await cast.pairs() == []
        await cast.answer(run_id, second)
        assert len(await cast.pairs()) == 2

    @pytest.mark.parametrize("answers", [(True, False), (False, True), (False, False)], ids=str)
    @ONE_ENGINE
    async def test_a_no_is_heard_by_nobody(self, cast: Cast, answers: tuple[bool, bool]) -> None:
        """Whoever said what, both read the same words, and managers read a number."""
        run_id = await cast.ask()
        for person, yes in zip((cast.boss, cast.juniors[1]), answers, strict=True):
            await cast.answer(run_id, person, yes=yes)
        assert await cast.pairs() == []
        assert (await cast.run(run_id)).state is MatchRunState.DROPPED
        for person in (cast.boss, cast.juniors[1]):
            [_, said] = await cast.told(person)
            assert said == not_this_time(cast)
        channel = await cast.channel()
        assert channel[1:] == [cast.say("match_asking.concluded_none", program="Fresh Eyes")]
        async with cast.company.transaction() as session:
            decided = (await session.scalars(select(Decision))).all()
        assert all(one.mentor_id is None and one.mentee_id is None for one in decided)
        assert await cast.holds() == []

    @ONE_ENGINE
    async def test_a_no_keeps_the_two_apart_from_then_on(self, cast: Cast) -> None:
        run_id = await cast.ask()
        await cast.answer(run_id, cast.boss, yes=False)
        await cast.answer(run_id, cast.juniors[1])
        assert await cast.proposed(await cast.propose()) == [(cast.juniors[0].id, cast.boss.id)]

    @ONE_ENGINE
    async def test_twice_is_said(self, cast: Cast) -> None:
        run_id = await cast.ask()
        await cast.answer(run_id, cast.boss, yes=False)
        with pytest.raises(UserFacingError, match="match_answered"):
            await cast.answer(run_id, cast.boss)
        [found] = await cast.proposals(run_id)
        assert (found.mentor_says, found.mentee_says) == (None, False)

    async def test_both_buttons_at_once_count_once(self, cast: Cast) -> None:
        run_id = await cast.ask()
        results = await asyncio.gather(
            cast.answer(run_id, cast.boss, yes=True),
            cast.answer(run_id, cast.boss, yes=False),
            return_exceptions=True,
        )
        refused = [found.key for found in results if isinstance(found, UserFacingError)]
        assert refused == ["match_answered"]

    @ONE_ENGINE
    async def test_of_somebody_else_is_refused(self, cast: Cast) -> None:
        run_id = await cast.ask()
        [found] = await cast.proposals(run_id)
        for person, proposal_id in ((cast.manager, found.id), (cast.boss, 404)):
            async with cast.company.transaction() as session:
                with pytest.raises(UserFacingError, match="not_allowed"):
                    await asking_service.answer(
                        session, cast.company.runtime, person, proposal_id, yes=True
                    )

    @ONE_ENGINE
    async def test_after_the_time_is_over_is_too_late(self, cast: Cast, clock: Clock) -> None:
        run_id = await cast.ask()
        clock.forward(days=3)
        with pytest.raises(UserFacingError, match="match_answer_late"):
            await cast.answer(run_id, cast.boss)
        await close_due(cast)
        with pytest.raises(UserFacingError, match="match_answer_late"):
            await cast.answer(run_id, cast.boss)

    @ONE_ENGINE
    async def test_of_somebody_who_has_left_the_program(self, cast: Cast) -> None:
        run_id = await cast.ask()
        await cast.set(cast.boss, state=EnrollmentState.LEFT)
        with pytest.raises(UserFacingError, match="match_answer_left"):
            await cast.answer(run_id, cast.boss)

    @ONE_ENGINE
    async def test_the_last_one_waits_while_the_program_has_a_break(
        self, cast: Cast, clock: Clock
    ) -> None:
        run_id = await cast.ask()
        await cast.answer(run_id, cast.boss)
        await cast.set(paused_at=clock())
        await cast.answer(run_id, cast.juniors[1])
        clock.forward(days=7)
        assert await close_due(cast) == 0
        assert await cast.pairs() == []
        await cast.set(paused_at=None)
        assert await close_due(cast) == 1
        assert await cast.pairs() == [cast.best]


class TestCloseDue:
    async def test_publishes_what_has_two_yeses(self, cast: Cast, clock: Clock) -> None:
        second = await cast.another_boss()
        run_id = await cast.ask()
        partner = {mentee: mentor for mentor, mentee in await cast.proposed(run_id)}[cast.boss.id]
        [with_boss] = [one for one in cast.juniors if one.id == partner]
        [other] = [one for one in cast.juniors if one.id != partner]
        for person in (cast.boss, with_boss, second):
            await cast.answer(run_id, person)
        clock.forward(days=2, hours=23)
        assert await close_due(cast) == 0
        clock.forward(hours=1)
        results = await asyncio.gather(close_due(cast), close_due(cast))
        assert sum(results) == 1
        assert await cast.pairs() == [(with_boss.id, cast.boss.id)]
        for person in (second, other):
            assert (await cast.told(person))[1:] == [not_this_time(cast)]
        for person in (cast.boss, with_boss):
            assert len(await cast.told(person)) == 1

    @pytest.mark.parametrize("what", ["left", "rests", "promoted", "never"])
    @ONE_ENGINE
    async def test_what_does_not_hold_any_more_is_not_made(
        self, cast: Cast, clock: Clock, what: str
    ) -> None:
        """Though both said yes; the other pair is made all the same."""
        second = await cast.another_boss(level=7)
        run_id = await cast.ask()
        pairs = await cast.proposed(run_id)
        everybody = {one.id: one for one in (cast.boss, second, *cast.juniors)}
        gone = everybody[pairs[0][0]]
        for person in everybody.values():
            if person is not cast.boss:
                await cast.answer(run_id, person)
        match what:
            case "left":
                await cast.set(gone, state=EnrollmentState.LEFT)
            case "rests":
                await cast.set(gone, paused_since=date(2026, 1, 5))
            case "promoted":
                await cast.change(gone, level=9)
            case "never":
                await cast.hold(HoldKind.FORBIDDEN, gone, everybody[pairs[0][1]])
        await cast.answer(run_id, cast.boss)
        assert await cast.pairs() == [pairs[1]]
        assert (await cast.told(everybody[pairs[0][1]]))[1:] == [not_this_time(cast)]

    @ONE_ENGINE
    async def test_nobody_answers_and_nothing_comes_of_it(self, cast: Cast, clock: Clock) -> None:
        run_id = await cast.ask()
        clock.forward(days=3)
        assert await close_due(cast) == 1
        assert (await cast.run(run_id)).state is MatchRunState.DROPPED
        assert await cast.told(cast.juniors[0]) == []
        assert await cast.proposed(await cast.propose()) == [cast.best]

    @ONE_ENGINE
    async def test_of_a_program_that_comes_to_its_end_nothing_is_said(
        self, cast: Cast, clock: Clock
    ) -> None:
        run_id = await cast.ask()
        await cast.answer(run_id, cast.boss)
        before = await cast.told(cast.boss)
        await cast.set(state=ProgramState.CLOSING)
        clock.forward(days=3)
        await close_due(cast)
        assert (await cast.run(run_id)).state is MatchRunState.DROPPED
        assert await cast.pairs() == []
        assert await cast.told(cast.boss) == before

    @ONE_ENGINE
    async def test_who_was_asked_often_is_told_that_they_are_left_in_peace(
        self, cast: Cast
    ) -> None:
        await asked(cast, MatchRunState.DROPPED, times=3)
        boss = await cast.another_boss()
        run_id = await cast.ask()
        for person in (boss, cast.juniors[0]):
            await cast.answer(run_id, person)
        assert await cast.pairs() == [(cast.juniors[0].id, boss.id)]
        said = cast.say("match_asking.left_in_peace", program="Fresh Eyes")
        for person in (cast.boss, cast.juniors[1]):
            assert await cast.told(person) == [said]


class TestWhoLeavesWhileTheyAreAsked:
    @ONE_ENGINE
    async def test_is_not_asked_any_more(self, cast: Cast, clock: Clock) -> None:
        """A question that waits for the morning is let go of."""
        clock.forward(hours=12)
        await cast.ask()
        async with cast.company.transaction() as session:
            await enrollment.leave(session, cast.company.runtime, cast.boss, cast.program.id)
        clock.forward(hours=13)
        assert await cast.told(cast.boss) == []
        assert len(await cast.told(cast.juniors[1])) == 1


class TestWorkingDaysLater:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [(5, 8), (6, 9), (7, 12), (8, 13), (9, 14), (10, 14), (11, 14)],
        ids=["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    )
    def test_leaves_weekends_out(self, day: int, expected: int) -> None:
        now = datetime(2026, 1, day, 9, 30, tzinfo=UTC)
        assert working_days_later(now, 3) == now + timedelta(days=expected - day)
