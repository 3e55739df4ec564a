import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.programs import dates_service
from models import (
    EnrollmentState,
    HoldKind,
    Home,
    Pair,
    PairState,
    Program,
    ProgramState,
)
from tests.conftest import Clock
from tests.matching.cast import Cast

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class TestPublish:
    async def test_makes_the_pairs_and_starts_the_program(self, cast: Cast) -> None:
        [pair] = await cast.publish(await cast.propose())
        assert (pair.mentor_id, pair.mentee_id) == cast.best
        assert (pair.state, pair.topics) == (PairState.OPENING, ["digital-tools"])
        async with cast.company.transaction() as session:
            program = await session.get_one(Program, cast.program.id)
        assert program.state is ProgramState.RUNNING

    async def test_those_who_are_left_over_are_told_once_and_wait_on(self, cast: Cast) -> None:
        await cast.publish(await cast.propose())
        await delivery.send_due(cast.company.runtime)
        [left_over, paired] = [cast.company.member(person) for person in cast.juniors]
        [told] = left_over.messages(left_over.direct())
        assert "Fresh Eyes" in str(told["blocks"])
        assert paired.messages(paired.direct()) == []
        with pytest.raises(UserFacingError, match="no_mentee_waiting"):
            await cast.request()

    @ONE_ENGINE
    async def test_while_the_program_has_a_break_is_refused(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await cast.set(paused_at=cast.company.runtime.clock())
        with pytest.raises(UserFacingError, match="program_is_paused"):
            await cast.publish(run_id)
        assert await cast.pairs() == []

    async def test_twice_is_said_and_makes_no_second_pair(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await cast.publish(run_id)
        with pytest.raises(UserFacingError, match="match_already_published"):
            await cast.publish(run_id)
        assert len(await cast.pairs()) == 1

    async def test_the_same_run_at_once_is_published_once(self, cast: Cast) -> None:
        run_id = await cast.propose()
        results = await asyncio.gather(
            *(cast.publish(run_id) for _ in range(3)), return_exceptions=True
        )
        refused = [found.key for found in results if isinstance(found, UserFacingError)]
        assert refused == ["match_already_published"] * 2
        assert len(await cast.pairs()) == 1

    async def test_lets_go_of_the_locks_of_its_pairs_and_of_no_others(self, cast: Cast) -> None:
        boss = await cast.another_boss(level=7)
        await cast.hold(HoldKind.LOCKED, cast.juniors[1], cast.boss)
        await cast.hold(HoldKind.FORBIDDEN, cast.juniors[0], boss)
        await cast.publish(await cast.propose())
        assert await cast.holds() == [(cast.juniors[0].id, boss.id)]

    @ONE_ENGINE
    async def test_who_lost_their_partner_gets_another(self, cast: Cast) -> None:
        [pair] = await cast.publish(await cast.propose())
        async with cast.company.transaction() as session:
            (await session.get_one(Pair, pair.id)).state = PairState.ENDED
        assert len(await cast.mentors()) == 2
        [again] = await cast.publish(await cast.propose())
        assert (again.mentor_id, again.mentee_id) == (cast.juniors[0].id, cast.boss.id)

    @ONE_ENGINE
    async def test_a_mentor_is_in_as_many_matches_as_the_program_lets_them_mentor(
        self, cast: Cast
    ) -> None:
        await cast.set(mentor_capacity=2)
        await cast.publish(await cast.propose())
        for name in ("Second Boss", "Third Boss"):
            await cast.another_boss(name)
        assert set(await cast.mentors()) == {one.id for one in cast.juniors}
        await cast.publish(await cast.propose())
        await cast.another_boss("Fourth Boss")
        assert await cast.mentors() == [cast.juniors[0].id]

    @ONE_ENGINE
    async def test_of_a_program_that_closes_is_refused(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await cast.set(state=ProgramState.CLOSING)
        with pytest.raises(UserFacingError, match="program_is_closing"):
            await cast.publish(run_id)
        assert await cast.pairs() == []


class TestAfterPublishing:
    async def test_whoever_left_this_match_out_is_in_the_next(self, cast: Cast) -> None:
        await cast.set(cast.juniors[0], skips_match=True)
        await cast.publish(await cast.propose())
        async with cast.company.transaction() as session:
            assert not (await cast.enrolled(session, cast.juniors[0])).skips_match

    @pytest.mark.parametrize(
        ("enrollment", "reason"),
        [
            ({"state": EnrollmentState.APPLIED}, "undecided"),
            ({"state": EnrollmentState.TALKING}, "undecided"),
            ({"state": EnrollmentState.WAITLISTED}, "waitlisted"),
            ({"state": EnrollmentState.LEFT}, None),
            ({"paused_since": date(2026, 1, 2)}, "paused"),
            ({"skips_match": True}, "skipping"),
            ({"lesson_done_at": None}, "lesson"),
        ],
    )
    @ONE_ENGINE
    async def test_whoever_could_not_be_in_it_is_told_what_is_missing(
        self, cast: Cast, enrollment: dict[str, object], reason: str | None
    ) -> None:
        await cast.set(training_required=True)
        for person in (cast.boss, *cast.juniors):
            await cast.set(person, lesson_done_at=cast.company.runtime.clock())
        await cast.set(cast.juniors[0], **enrollment)
        await cast.publish(await cast.propose())
        expected = [cast.say(f"match.left_out_{reason}", program="Fresh Eyes")] if reason else []
        assert await cast.told(cast.juniors[0]) == expected

    @ONE_ENGINE
    async def test_who_is_on_a_break_and_has_a_partner_is_told_nothing(self, cast: Cast) -> None:
        await cast.set(mentor_capacity=2)
        await cast.publish(await cast.propose())
        await cast.set(cast.juniors[1], paused_since=date(2026, 1, 2))
        await cast.another_boss()
        await cast.publish(await cast.propose())
        assert await cast.told(cast.juniors[1]) == []

    @ONE_ENGINE
    async def test_nobody_is_written_to_at_night(self, cast: Cast, clock: Clock) -> None:
        clock.forward(hours=12)
        await cast.publish(await cast.propose())
        assert await cast.told(cast.juniors[0]) == []
        clock.forward(hours=13)
        assert len(await cast.told(cast.juniors[0])) == 1

    async def test_what_was_still_to_be_said_before_it_is_not_said_any_more(
        self, cast: Cast, clock: Clock
    ) -> None:
        clock.forward(hours=12)
        soon = clock().date() + timedelta(days=1)
        await cast.set(join_by=soon)
        await dates_service.follow_dates(cast.company.runtime)
        await cast.publish(await cast.propose())
        clock.forward(hours=13)
        assert await cast.told(cast.juniors[1]) == []
        assert await cast.told(cast.juniors[0]) == [cast.say("match.waiting", program="Fresh Eyes")]

    @ONE_ENGINE
    async def test_who_has_a_partner_already_is_not_told_to_wait(self, cast: Cast) -> None:
        await cast.set(mentee_capacity=3, mentor_capacity=2)
        await cast.publish(await cast.propose())
        await cast.company.enrol(cast.program, await cast.company.person("Jo Late", level=1))
        await cast.publish(await cast.propose())
        for junior in cast.juniors:
            assert await cast.told(junior) == []

    @ONE_ENGINE
    async def test_it_shows_on_homes(self, cast: Cast) -> None:
        people = [cast.boss, cast.manager, *cast.juniors]
        run_id = await cast.propose()
        async with cast.company.transaction() as session:
            session.add_all(Home(person_id=person.id) for person in people)
        await cast.publish(run_id)
        async with cast.company.transaction() as session:
            homes = (await session.scalars(select(Home))).all()
        assert all(home.outdated_since for home in homes)
