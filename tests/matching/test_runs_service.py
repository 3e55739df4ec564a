import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from bot.matching import proof, runs_service, worker
from bot.matching.certificate import Certificate
from bot.matching.task import Task, Worked, work_out
from models import (
    Approval,
    DecisionKind,
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


async def certificate(cast: Cast, run_id: int) -> Certificate:
    async with cast.company.transaction() as session:
        kept = await session.scalar(select(MatchRun.certificate).where(MatchRun.id == run_id))
    assert kept is not None
    return proof.opened(cast.company.runtime.vault, run_id, kept)


class Dies(BaseException):
    """Nobody catches it: what is said of it stands nowhere."""


def fails(error: BaseException) -> Callable[[Told], Awaitable[None]]:
    async def fail(_: Told) -> None:
        raise error

    return fail


class TestWorkOff:
    async def test_keeps_what_the_run_has_come_to(self, cast: Cast) -> None:
        requested = await cast.request()
        assert await cast.work_off() == 1
        run = await cast.run(requested.run.id)
        assert run.state is MatchRunState.PROPOSED
        assert (run.mentors, run.mentees, run.progress, run.lease_until) == (2, 1, 100, None)
        assert run.verdict["people"] == run.verdict["people_at_most"] == 2
        assert set(await certificate(cast, run.id)) == {"mentors", "mentees"}
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
        newer = await cast.propose()
        assert await cast.runs() == [MatchRunState.DROPPED, MatchRunState.PROPOSED]
        assert await cast.proposed(newer) == [cast.best]

    @ONE_ENGINE
    async def test_nothing_is_kept_of_what_it_takes_the_place_of(self, cast: Cast) -> None:
        second = await cast.company.person("Sam Second", level=3)
        await cast.manages(second)
        await cast.set(approvals_needed=2)
        older = await cast.propose()
        await cast.approve(older)
        await cast.channel()
        await cast.propose()
        assert await cast.proposed(older) == await cast.left_over(older) == []
        async with cast.company.transaction() as session:
            kept = await session.scalars(select(MatchRun.certificate).order_by(MatchRun.id))
            assert [one is None for one in kept] == [True, False]
            assert (await session.scalars(select(Approval))).all() == []

    @ONE_ENGINE
    async def test_the_message_of_what_it_replaces_loses_its_buttons(self, cast: Cast) -> None:
        await cast.propose()
        await cast.channel()
        member = cast.company.member(cast.manager)
        before = member.messages(cast.program.admin_channel_id)[0]
        await cast.propose()
        after = member.messages(cast.program.admin_channel_id)[0]
        assert "actions" in {block["type"] for block in before["blocks"]}
        assert "actions" not in {block["type"] for block in after["blocks"]}

    @ONE_ENGINE
    async def test_what_the_app_asked_for_is_written_down_once_something_comes_of_it(
        self, cast: Cast
    ) -> None:
        await cast.rematch()
        assert await cast.decisions() == []
        await cast.work_off()
        assert await cast.decisions() == [(DecisionKind.REQUESTED, None)]

    @ONE_ENGINE
    async def test_the_certificate_cannot_be_read_as_it_is_kept(self, cast: Cast) -> None:
        run_id = await cast.propose()
        async with cast.company.transaction() as session:
            kept = await session.scalar(select(MatchRun.certificate).where(MatchRun.id == run_id))
        assert kept is not None
        assert b"mentors" not in kept

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
    async def test_where_the_task_itself_is_wrong(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_id = (await cast.request()).run.id
        Meanwhile(monkeypatch, fails(ValueError("wrong")))
        assert await cast.work_off() == 1
        assert (await cast.run(run_id)).state is MatchRunState.DROPPED
        assert len(await cast.told(cast.manager)) == 1

    async def test_where_it_fails_again_and_again(
        self, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_id = (await cast.request()).run.id
        Meanwhile(monkeypatch, fails(RuntimeError("broken")), always=True)
        for number in range(1, runs_service.MOST_ATTEMPTS + 1):
            assert (await cast.run(run_id)).state is MatchRunState.REQUESTED
            assert await cast.work_off() == 1
            assert (await cast.run(run_id)).attempts == number
            assert await cast.work_off() == 0
            clock.forward(seconds=30)
        assert (await cast.run(run_id)).state is MatchRunState.DROPPED
        assert len(await cast.told(cast.manager)) == 1

    @ONE_ENGINE
    async def test_where_each_copy_dies_of_it(
        self, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_id = (await cast.request()).run.id
        run = Meanwhile(monkeypatch, fails(Dies()), always=True)
        for _ in range(runs_service.MOST_ATTEMPTS):
            with pytest.raises(Dies):
                await cast.work_off()
            clock.forward(minutes=10)
        assert await cast.work_off() == 1
        assert len(run.tasks) == runs_service.MOST_ATTEMPTS
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
        requested = await cast.request()
        with monkeypatch.context() as patched:
            Meanwhile(patched, fails(Dies()))
            with pytest.raises(Dies):
                await cast.work_off()
        assert await cast.work_off() == 0
        clock.forward(minutes=10)
        assert await cast.work_off() == 1
        assert await cast.proposed(requested.run.id) == [cast.best]

    async def test_a_copy_that_is_stopped_hands_its_run_back(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun = asyncio.Event()

        async def waits(_: Told) -> None:
            begun.set()
            await asyncio.Event().wait()

        run_id = (await cast.request()).run.id
        with monkeypatch.context() as patched:
            Meanwhile(patched, waits)
            working = asyncio.create_task(cast.work_off())
            await begun.wait()
            working.cancel()
            with pytest.raises(asyncio.CancelledError):
                await working
        run = await cast.run(run_id)
        assert (run.state, run.lease_until, run.attempts) == (MatchRunState.REQUESTED, None, 0)
        assert await cast.work_off() == 1
        assert await cast.proposed(run_id) == [cast.best]

    @ONE_ENGINE
    async def test_what_fails_once_is_tried_again(
        self, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As when its process was ended from outside, or the database was away for a moment."""
        run_id = (await cast.request()).run.id
        Meanwhile(monkeypatch, fails(RuntimeError("ended with -15")))
        assert await cast.work_off() == 1
        clock.forward(seconds=30)
        assert await cast.work_off() == 1
        assert await cast.proposed(run_id) == [cast.best]
        assert await cast.told(cast.manager) == []

    @pytest.mark.parametrize("error", [RuntimeError("broken"), ValueError("wrong")])
    @ONE_ENGINE
    async def test_a_copy_that_was_slow_ends_nothing_that_is_anothers(
        self, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        """Its lease ran out, another one is at work, and then it fails."""
        now_other, go_on = asyncio.Event(), asyncio.Event()

        async def happens(_: Told) -> None:
            if len(slow.tasks) == 1:
                clock.forward(minutes=11)
                other.append(asyncio.create_task(cast.work_off()))
                await now_other.wait()
                raise error
            now_other.set()
            await go_on.wait()

        other: list[asyncio.Task[int]] = []
        run_id = (await cast.request()).run.id
        slow = Meanwhile(monkeypatch, happens, always=True)
        assert await cast.work_off() == 1
        run = await cast.run(run_id)
        assert (run.state, run.attempts) == (MatchRunState.REQUESTED, 2)
        assert run.lease_until == clock() + runs_service.LEASE
        go_on.set()
        assert await other[0] == 1
        assert await cast.proposed(run_id) == [cast.best]

    @ONE_ENGINE
    async def test_a_copy_that_was_slow_gives_up_as_soon_as_it_notices(
        self, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def happens(told: Told) -> None:
            clock.forward(minutes=11)
            assert await cast.work_off() == 1
            await told(50)
            pytest.fail("it goes on")

        await cast.request()
        Meanwhile(monkeypatch, happens)
        assert await cast.work_off() == 1
        assert await cast.runs() == [MatchRunState.PROPOSED]

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


class TestALargeRun:
    @pytest.fixture
    async def small(self, cast: Cast) -> Cast:
        """Another program of the manager's; that of `cast` has somebody more."""
        program = await cast.company.program(cast.manager, name="Another")
        for person in (cast.boss, *cast.juniors):
            await cast.company.enrol(program, person)
        await cast.another_boss()
        return Cast(cast.company, cast.manager, program, cast.boss, cast.juniors)

    @ONE_ENGINE
    async def test_small_ones_come_first(
        self, cast: Cast, small: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await cast.request()
        await small.request()
        seen = Meanwhile(monkeypatch, lambda _: asyncio.sleep(0))
        assert await cast.work_off() == 2
        assert [len(task.mentees) for task in seen.tasks] == [1, 2]

    async def test_and_do_not_wait_for_it(
        self, cast: Cast, small: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def happens(_: Told) -> None:
            if len(seen.tasks) == 1:
                await small.request()
                await small_one_is_done.wait()
            else:
                small_one_is_done.set()

        small_one_is_done = asyncio.Event()
        monkeypatch.setattr(runs_service, "LARGE", 4)
        monkeypatch.setattr(runs_service, "LOOK_EVERY", 0.05)
        await cast.request()
        seen = Meanwhile(monkeypatch, happens, always=True)
        assert await cast.work_off() == 2
        assert await cast.runs() == [MatchRunState.PROPOSED] * 2

    @ONE_ENGINE
    async def test_is_handed_back_when_the_copy_is_stopped(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def waits(_: Told) -> None:
            begun.set()
            await asyncio.Event().wait()

        begun = asyncio.Event()
        monkeypatch.setattr(runs_service, "LARGE", 0)
        run_id = (await cast.request()).run.id
        Meanwhile(monkeypatch, waits)
        working = asyncio.create_task(cast.work_off())
        await begun.wait()
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
        assert (await cast.run(run_id)).lease_until is None


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
