import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from bot.matching import runs_service, worker
from bot.matching.task import Task, Worked, work_out
from models import (
    EnrollmentState,
    HoldKind,
    Home,
    MatchRun,
    MatchRunState,
    ProgramState,
    Role,
)
from tests.conftest import Clock
from tests.matching.cast import Cast

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Told = Callable[[int], Awaitable[None]]


class Meanwhile:
    """Works out a run as the app does, and lets something happen just before it is done: the first
    time, or each time."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        happens: Callable[[Told], Awaitable[object]],
        *,
        always: bool = False,
    ) -> None:
        self.tasks: list[Task] = []
        self._happens = happens
        self._always = always
        monkeypatch.setattr(worker, "work_out", self._work_out)

    async def _work_out(self, task: Task, told: Told) -> Worked:
        self.tasks.append(task)
        if self._always or len(self.tasks) == 1:
            await self._happens(told)
        return work_out(task)


class TestWorkOff:
    async def test_keeps_what_the_run_has_come_to(self, cast: Cast) -> None:
        requested = await cast.request()
        assert await cast.work_off() == 1
        run = await cast.run(requested.run.id)
        assert run.state is MatchRunState.PROPOSED
        assert (run.mentors, run.mentees, run.progress, run.lease_until) == (2, 1, 100, None)
        assert run.verdict["people"] == run.verdict["people_at_most"] == 2
        assert set(run.certificate) == {"mentors", "mentees"}
        assert run.weights["topics"] > 0
        [found] = await cast.proposals(run.id)
        assert (found.mentor_id, found.mentee_id) == cast.best
        assert found.shared_topics == ["digital-tools"]
        assert {"key", "values"} == set(found.reasons[0])
        assert 0 < found.score <= 1
        [left] = await cast.left_over(run.id)
        assert (left.person_id, left.role) == (cast.juniors[0].id, Role.MENTOR)
        assert left.reason["key"]
        assert await cast.work_off() == 0

    @ONE_ENGINE
    async def test_says_so_in_the_admin_channel_without_a_name(self, cast: Cast) -> None:
        await cast.propose()
        [said] = await cast.channel()
        assert said
        member = cast.company.member(cast.manager)
        [message] = member.messages(cast.program.admin_channel_id)
        for person in (cast.boss, *cast.juniors):
            assert person.slack_user_id not in str(message)
            assert person.name not in str(message)
        for person in (cast.manager, cast.boss, *cast.juniors):
            assert await cast.told(person) == []

    @ONE_ENGINE
    async def test_the_runs_of_all_programs_the_oldest_first(self, cast: Cast) -> None:
        requested = await cast.request()
        other = await cast.company.program(cast.manager, name="Another")
        for person in (cast.boss, *cast.juniors):
            await cast.company.enrol(other, person)
        second = Cast(cast.company, cast.manager, other, cast.boss, cast.juniors)
        also = await second.request()
        assert await cast.work_off() == 2
        for run_id in (requested.run.id, also.run.id):
            assert (await cast.run(run_id)).state is MatchRunState.PROPOSED

    async def test_takes_the_place_of_earlier_proposals_of_the_program(self, cast: Cast) -> None:
        await cast.propose()
        await cast.propose()
        assert await cast.runs() == [MatchRunState.DROPPED, MatchRunState.PROPOSED]

    @ONE_ENGINE
    async def test_several_pairs_for_somebody_who_has_room(self, cast: Cast) -> None:
        await cast.set(mentee_capacity=2)
        run_id = await cast.propose()
        assert sorted(await cast.proposed(run_id)) == [
            (junior.id, cast.boss.id) for junior in cast.juniors
        ]
        assert len(await cast.publish(run_id)) == 2

    @ONE_ENGINE
    async def test_shows_on_the_managers_home(self, cast: Cast) -> None:
        async with cast.company.transaction() as session:
            session.add(Home(person_id=cast.manager.id))
        await cast.propose()
        async with cast.company.transaction() as session:
            assert (await session.scalars(select(Home))).one().outdated_since

    async def test_of_two_copies_one_works_on_a_run(self, cast: Cast) -> None:
        await cast.request()
        assert sum(await asyncio.gather(cast.work_off(), cast.work_off())) == 1
        assert await cast.runs() == [MatchRunState.PROPOSED]
        assert len(await cast.channel()) == 1


class TestLocks:
    async def test_keep_their_two_together(self, cast: Cast) -> None:
        await cast.hold(HoldKind.LOCKED, cast.juniors[0], cast.boss)
        [found] = await cast.proposals(await cast.propose())
        assert found.mentor_id == cast.juniors[0].id
        assert found.locked
        assert not found.by_hand

    @ONE_ENGINE
    async def test_that_cannot_be_kept_are_left_alone(self, cast: Cast) -> None:
        await cast.hold(HoldKind.LOCKED, cast.juniors[0], cast.boss)
        await cast.set(cast.juniors[0], state=EnrollmentState.LEFT)
        run_id = await cast.propose()
        assert await cast.proposed(run_id) == [cast.best]
        assert await cast.holds() == [(cast.juniors[0].id, cast.boss.id)]

    @ONE_ENGINE
    async def test_two_who_are_never_to_be_a_pair_are_not(self, cast: Cast) -> None:
        await cast.hold(HoldKind.FORBIDDEN, cast.juniors[1], cast.boss)
        assert await cast.proposed(await cast.propose()) == [(cast.juniors[0].id, cast.boss.id)]


class TestNothingComesOfIt:
    """Whoever asked hears why, alone; nothing is proposed."""

    async def refused(self, cast: Cast, run_id: int, key: str, **values: object) -> None:
        assert (await cast.run(run_id)).state is MatchRunState.DROPPED
        assert await cast.proposed(run_id) == []
        assert await cast.channel() == []
        [said] = await cast.told(cast.manager)
        member = cast.company.member(cast.manager)
        [message] = member.messages(member.direct())
        assert message["blocks"][1]["text"]["text"] == cast.say(f"errors.{key}", **values)
        assert said == cast.say("match_asking.refused", program=cast.program.name)

    async def test_where_the_rules_allow_no_pair(self, cast: Cast) -> None:
        await cast.set(level_gap=6)
        await self.refused(cast, await cast.propose(), "no_possible_pair")

    @ONE_ENGINE
    async def test_where_a_side_has_become_empty(self, cast: Cast) -> None:
        run_id = (await cast.request()).run.id
        await cast.change(cast.boss, active=False)
        await cast.work_off()
        why = cast.say("match.invite_mentees")
        await self.refused(cast, run_id, "no_mentee_waiting", why=why)

    @pytest.mark.parametrize(
        ("columns", "key"),
        [
            ({"paused_at": "now"}, "program_is_paused"),
            ({"state": ProgramState.CLOSING}, "program_is_closing"),
            ({"state": ProgramState.CLOSED}, "program_is_closed"),
        ],
    )
    @pytest.mark.parametrize("when", ["before", "meanwhile"])
    @ONE_ENGINE
    async def test_where_the_program_makes_no_pairs_any_more(
        self,
        cast: Cast,
        monkeypatch: pytest.MonkeyPatch,
        columns: dict[str, object],
        key: str,
        when: str,
    ) -> None:
        if "paused_at" in columns:
            columns = {"paused_at": cast.company.runtime.clock()}
        run_id = (await cast.request()).run.id
        if when == "before":
            await cast.set(**columns)
        else:
            Meanwhile(monkeypatch, lambda _: cast.set(**columns))
        await cast.work_off()
        await self.refused(cast, run_id, key, program=cast.program.name)

    @ONE_ENGINE
    async def test_where_our_own_mistake_ends_it(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def broken(_: Told) -> None:
            raise RuntimeError("broken")

        run_id = (await cast.request()).run.id
        Meanwhile(monkeypatch, broken)
        assert await cast.work_off() == 1
        assert (await cast.run(run_id)).state is MatchRunState.DROPPED
        assert len(await cast.told(cast.manager)) == 1

    @ONE_ENGINE
    async def test_of_one_that_the_app_asked_for_nobody_hears(self, cast: Cast) -> None:
        assert await cast.rematch()
        await cast.set(level_gap=6)
        await cast.work_off()
        assert await cast.runs() == [MatchRunState.DROPPED]
        assert await cast.told(cast.manager) == await cast.channel() == []


class TestWhatHappensMeanwhile:
    async def test_somebody_who_leaves_is_not_in_it(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        requested = await cast.request()
        run = Meanwhile(
            monkeypatch, lambda _: cast.set(cast.juniors[1], state=EnrollmentState.LEFT)
        )
        await cast.work_off()
        assert len(run.tasks) == 2
        assert await cast.proposed(requested.run.id) == [(cast.juniors[0].id, cast.boss.id)]
        assert len(await cast.channel()) == 1

    @ONE_ENGINE
    async def test_again_and_again_is_said(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each time somebody leaves who has just been found a partner."""

        async def leaves(_: Told) -> None:
            [pair] = work_out(run.tasks[-1]).pairs
            [gone] = [one for one in cast.juniors if one.id == pair.mentor_id]
            await cast.set(gone, state=EnrollmentState.LEFT)

        for name in ("Late", "Later"):
            cast.juniors.append(await cast.company.person(f"Jo {name}", level=1))
            await cast.company.enrol(cast.program, cast.juniors[-1])
        requested = await cast.request()
        run = Meanwhile(monkeypatch, leaves, always=True)
        await cast.work_off()
        assert len(run.tasks) == runs_service.MOST_TRIES
        assert (await cast.run(requested.run.id)).state is MatchRunState.DROPPED
        assert len(await cast.told(cast.manager)) == 1
        assert await cast.channel() == []

    async def test_a_copy_that_died_leaves_its_run_to_the_others(
        self, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def dies(_: Told) -> None:
            raise asyncio.CancelledError

        requested = await cast.request()
        with monkeypatch.context() as patched:
            Meanwhile(patched, dies)
            with pytest.raises(asyncio.CancelledError):
                await cast.work_off()
        assert await cast.work_off() == 0
        clock.forward(minutes=10)
        assert await cast.work_off() == 1
        assert await cast.proposed(requested.run.id) == [cast.best]

    async def test_a_copy_that_was_slow_keeps_nothing_twice(
        self, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its lease ran out, and another one was faster."""

        async def other(_: Told) -> None:
            clock.forward(minutes=11)
            assert await cast.work_off() == 1

        requested = await cast.request()
        Meanwhile(monkeypatch, other)
        await cast.work_off()
        assert await cast.proposed(requested.run.id) == [cast.best]
        assert len(await cast.channel()) == 1


class TestProgress:
    async def test_is_written_down_not_too_often(
        self, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[int] = []

        async def tells(told: Told) -> None:
            for percent, seconds in ((10, 1), (20, 1), (30, 5), (40, 0)):
                await told(percent)
                seen.append((await cast.run(requested.run.id)).progress)
                clock.forward(seconds=seconds)

        requested = await cast.request()
        Meanwhile(monkeypatch, tells)
        await cast.work_off()
        assert seen == [10, 10, 30, 40]
        assert (await cast.run(requested.run.id)).progress == 100

    @ONE_ENGINE
    async def test_renews_the_lease(
        self, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def tells(told: Told) -> None:
            for _ in range(3):
                clock.forward(minutes=9)
                await told(10)
                assert await cast.work_off() == 0

        await cast.request()
        Meanwhile(monkeypatch, tells)
        assert await cast.work_off() == 1

    @ONE_ENGINE
    async def test_outdates_the_managers_home(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        outdated = []

        async def tells(told: Told) -> None:
            async with cast.company.transaction() as session:
                session.add(Home(person_id=cast.manager.id))
            await told(10)
            async with cast.company.transaction() as session:
                outdated.append((await session.scalars(select(Home))).one().outdated_since)

        await cast.request()
        Meanwhile(monkeypatch, tells)
        await cast.work_off()
        assert outdated[0] is not None


class TestWhoIsLeftOut:
    @ONE_ENGINE
    async def test_the_only_manager_who_asks_for_it(self, cast: Cast) -> None:
        await cast.manages(cast.juniors[1])
        await cast.change(cast.manager, active=False)
        run_id = await cast.propose(by=cast.juniors[1])
        assert await cast.proposed(run_id) == [(cast.juniors[0].id, cast.boss.id)]
        assert await cast.left_over(run_id) == []

    @ONE_ENGINE
    async def test_all_managers_where_the_app_asks_and_nobody_else_can_see_it(
        self, cast: Cast
    ) -> None:
        await cast.manages(cast.juniors[1])
        await cast.change(cast.manager, active=False)
        assert await cast.rematch()
        await cast.work_off()
        async with cast.company.transaction() as session:
            run = (await session.scalars(select(MatchRun))).one()
        assert await cast.proposed(run.id) == [(cast.juniors[0].id, cast.boss.id)]

    @ONE_ENGINE
    async def test_nobody_where_another_manager_can_see_it(self, cast: Cast) -> None:
        await cast.manages(cast.juniors[1])
        assert await cast.proposed(await cast.propose()) == [cast.best]
