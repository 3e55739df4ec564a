import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.enrollment import service as enrollment
from bot.errors import UserFacingError
from bot.matching import asking_service
from bot.matching.parts import PARTS
from models import (
    Decision,
    DecisionKind,
    EnrollmentState,
    HoldKind,
    MatchRunState,
    Program,
    ProgramState,
    Proposal,
)
from prompts.library import Mrkdwn
from tests.conftest import Clock
from tests.matching.cast import Cast, make
from tests.matching.test_sides_service import asked
from tests.statements import counted

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def close_due(cast: Cast) -> int:
    return await asking_service.close_due(cast.company.runtime)


def not_this_time(cast: Cast) -> str:
    return cast.say("match_asking.not_this_time", program=cast.program.name)


def concluded(cast: Cast, count: int) -> str:
    ended = Mrkdwn(cast.say("match_asking.ended", program="Fresh Eyes"))
    if not count:
        return cast.say("match_asking.concluded_none", ended=ended)
    return cast.say("match_asking.concluded", count=count, ended=ended)


class TestAsk:
    async def test_asks_both_of_every_pair_and_publishes_nothing(self, cast: Cast) -> None:
        run_id = await cast.ask()
        run = await cast.run(run_id)
        assert run.state is MatchRunState.ASKING
        assert run.answer_by == datetime(2026, 1, 9, tzinfo=UTC)
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
    async def test_who_decided_it_is_written_down(self, cast: Cast, clock: Clock) -> None:
        """Nobody has published them by hand."""
        run_id = await cast.ask()
        for person in (cast.boss, cast.juniors[1]):
            await cast.answer(run_id, person)
        assert (await cast.decisions())[-2:] == [
            (DecisionKind.APPROVED, cast.manager.id),
            (DecisionKind.PUBLISHED, None),
        ]

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
    async def test_the_day_that_is_named_is_theirs_wherever_they_work(
        self, cast: Cast, clock: Clock
    ) -> None:
        await cast.change(cast.boss, time_zone="America/New_York")
        run_id = await cast.ask()
        until = (await cast.run(run_id)).answer_by
        assert until == datetime(2026, 1, 9, 5, tzinfo=UTC)
        clock.forward(hours=6)
        assert len(await cast.told(cast.boss)) == 1
        member = cast.company.member(cast.boss)
        [question] = member.messages(member.direct())
        assert "8 January 2026" in str(question["blocks"])

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
        assert concluded(cast, 1) in await cast.channel()
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
    async def test_a_no_is_heard_by_nobody(
        self, cast: Cast, clock: Clock, answers: tuple[bool, bool]
    ) -> None:
        """Whoever said what, both read the same words, and managers read a number."""
        run_id = await cast.ask()
        for person, yes in zip((cast.boss, cast.juniors[1]), answers, strict=True):
            await cast.answer(run_id, person, yes=yes)
        clock.forward(days=4)
        assert await close_due(cast) == 1
        assert await cast.pairs() == []
        assert (await cast.run(run_id)).state is MatchRunState.DROPPED
        for person in (cast.boss, cast.juniors[1]):
            [_, said] = await cast.told(person)
            assert said == not_this_time(cast)
        channel = await cast.channel()
        assert channel[1:] == [concluded(cast, 0)]
        async with cast.company.transaction() as session:
            decided = (await session.scalars(select(Decision))).all()
        assert all(one.mentor_id is None and one.mentee_id is None for one in decided)
        assert await cast.holds() == []

    @pytest.mark.parametrize("says", [None, False], ids=["silence", "no"])
    @pytest.mark.parametrize("is_mentor", [True, False], ids=["of the mentor", "of the mentee"])
    @ONE_ENGINE
    async def test_a_no_is_never_told_from_silence(
        self, cast: Cast, clock: Clock, is_mentor: bool, says: bool | None
    ) -> None:
        """Neither by the words, nor by when they come, nor by what is kept, nor by whom a match
        proposes later, nor by what becomes of a lock."""
        person, partner = cast.juniors[1], cast.boss
        if not is_mentor:
            person, partner = partner, person
        await cast.hold(HoldKind.LOCKED, cast.juniors[1], cast.boss)
        run_id = await cast.ask()
        await cast.answer(run_id, partner)
        if says is not None:
            await cast.answer(run_id, person, yes=says)
        read = []
        for _ in range(5):
            clock.forward(days=1)
            await close_due(cast)
            read.append([len(await cast.told(one)) for one in (person, partner)])
        assert read == [[1, 1], [1, 1], [1, 1], [2, 2], [2, 2]]
        for one in (person, partner):
            assert (await cast.told(one))[1] == not_this_time(cast)
        assert (await cast.channel())[1:] == [concluded(cast, 0)]
        [kept] = await cast.proposals(run_id)
        assert (kept.mentor_says, kept.mentee_says) == (None, None)
        assert await cast.holds() == []
        assert cast.best in (await cast.sides()).excluded
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
        clock.forward(days=3, hours=15)
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

    @ONE_ENGINE
    async def test_a_break_lengthens_the_time(self, cast: Cast, clock: Clock) -> None:
        """The time is not over while it lasts, and a working day is left when it ends."""
        run_id = await cast.ask()
        await cast.set(paused_at=clock())
        clock.forward(days=7)
        await cast.answer(run_id, cast.boss)
        assert await close_due(cast) == 0
        await cast.set(paused_at=None)
        clock.forward(hours=23)
        assert await close_due(cast) == 0
        await cast.answer(run_id, cast.juniors[1])
        assert await cast.pairs() == [cast.best]


class TestStop:
    async def test_publishes_what_has_two_yeses_by_then(self, cast: Cast) -> None:
        second = await cast.another_boss()
        run_id = await cast.ask()
        partner = {mentee: mentor for mentor, mentee in await cast.proposed(run_id)}[cast.boss.id]
        [with_boss] = [one for one in cast.juniors if one.id == partner]
        for person in (cast.boss, with_boss):
            await cast.answer(run_id, person)
        await cast.stop(run_id)
        assert await cast.pairs() == [(with_boss.id, cast.boss.id)]
        assert (await cast.told(second))[1:] == [not_this_time(cast)]
        assert (await cast.run(run_id)).state is MatchRunState.PUBLISHED
        ended = cast.say(
            "match_asking.stopped",
            who=Mrkdwn(f"<@{cast.manager.slack_user_id}>"),
            program="Fresh Eyes",
        )
        said = cast.say("match_asking.concluded", count=1, ended=Mrkdwn(ended))
        assert said in await cast.channel()
        assert (await cast.decisions())[-1] == (DecisionKind.PUBLISHED, cast.manager.id)
        with pytest.raises(UserFacingError, match="match_asks_nobody"):
            await cast.stop(run_id)

    @ONE_ENGINE
    async def test_is_for_its_managers_alone(self, cast: Cast) -> None:
        run_id = await cast.ask()
        with pytest.raises(UserFacingError, match="not_allowed"):
            await cast.stop(run_id, cast.boss)

    @ONE_ENGINE
    async def test_of_what_is_not_asked_about_yet(self, cast: Cast) -> None:
        run_id = await cast.propose()
        with pytest.raises(UserFacingError, match="match_asks_nobody"):
            await cast.stop(run_id)

    @ONE_ENGINE
    async def test_waits_while_the_program_has_a_break(self, cast: Cast, clock: Clock) -> None:
        run_id = await cast.ask()
        await cast.set(paused_at=clock())
        with pytest.raises(UserFacingError, match="program_is_paused"):
            await cast.stop(run_id)


class TestCloseDue:
    @pytest.mark.parametrize("what", ["left", "rests", "sits it out", "works here no more"])
    @ONE_ENGINE
    async def test_who_can_be_in_no_pair_holds_nobody_up(self, cast: Cast, what: str) -> None:
        second = await cast.another_boss(level=7)
        run_id = await cast.ask()
        pairs = await cast.proposed(run_id)
        everybody = {one.id: one for one in (cast.boss, second, *cast.juniors)}
        for id_ in pairs[1]:
            await cast.answer(run_id, everybody[id_])
        assert await close_due(cast) == 0
        gone = everybody[pairs[0][0]]
        match what:
            case "left":
                await cast.set(gone, state=EnrollmentState.LEFT)
            case "rests":
                await cast.set(gone, paused_since=date(2026, 1, 5))
            case "sits it out":
                await cast.set(gone, skips_match=True)
            case "works here no more":
                await cast.change(gone, active=False)
        assert await close_due(cast) == 1
        assert await cast.pairs() == [pairs[1]]

    @ONE_ENGINE
    async def test_what_fails_in_one_run_stops_no_other(self, cast: Cast, clock: Clock) -> None:
        broken = await cast.ask()
        async with cast.company.transaction() as session:
            [proposal] = await cast.proposals(broken)
            row = await session.get_one(Proposal, proposal.id)
            nonsense: Any = [[]]
            row.shared_topics, row.mentor_says, row.mentee_says = nonsense, True, True
        other = await make(cast.company, "Second Wind")
        run_id = await other.ask()
        clock.forward(days=4)
        assert await close_due(cast) == 1
        assert (await cast.run(broken)).state is MatchRunState.ASKING
        assert (await other.run(run_id)).state is MatchRunState.DROPPED

    @ONE_ENGINE
    async def test_needs_no_weights(self, cast: Cast) -> None:
        """They are for what is worked out."""
        run_id = await cast.ask()
        await cast.answer(run_id, cast.boss)
        await cast.set(weights=dict.fromkeys(PARTS, 0))
        await cast.answer(run_id, cast.juniors[1])
        assert await cast.pairs() == [cast.best]

    async def test_publishes_what_has_two_yeses(self, cast: Cast, clock: Clock) -> None:
        second = await cast.another_boss()
        run_id = await cast.ask()
        partner = {mentee: mentor for mentor, mentee in await cast.proposed(run_id)}[cast.boss.id]
        [with_boss] = [one for one in cast.juniors if one.id == partner]
        [other] = [one for one in cast.juniors if one.id != partner]
        for person in (cast.boss, with_boss, second):
            await cast.answer(run_id, person)
        clock.forward(days=3, hours=14)
        assert await close_due(cast) == 0
        clock.forward(hours=1)
        results = await asyncio.gather(close_due(cast), close_due(cast))
        assert sum(results) == 1
        assert await cast.pairs() == [(with_boss.id, cast.boss.id)]
        clock.forward(hours=10)
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
        clock.forward(days=4)
        assert await close_due(cast) == 1
        assert (await cast.run(run_id)).state is MatchRunState.DROPPED
        assert await cast.told(cast.juniors[0]) == []

    @ONE_ENGINE
    async def test_of_a_program_that_comes_to_its_end_nothing_is_said(
        self, cast: Cast, clock: Clock
    ) -> None:
        run_id = await cast.ask()
        await cast.answer(run_id, cast.boss)
        before = await cast.told(cast.boss)
        await cast.set(state=ProgramState.CLOSING)
        clock.forward(days=4)
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


class TestOfMany:
    @ONE_ENGINE
    async def test_takes_no_more_statements_for_more_pairs(self, cast: Cast) -> None:
        took = []
        for count in (2, 20):
            for number in range(count):
                await cast.another_boss(f"Boss {count} {number}")
                junior = await cast.company.person(f"Junior {count} {number}", level=1)
                await cast.company.enrol(cast.program, junior)
            run_id = await cast.ask()
            async with cast.company.transaction() as session:
                for one in await cast.proposals(run_id):
                    row = await session.get_one(Proposal, one.id)
                    row.mentor_says = row.mentee_says = True
            with counted(cast.company) as statements:
                assert await close_due(cast) == 1
            took.append(len(statements))
        few, many = took
        assert many <= few
        assert len(await cast.pairs()) > 20
