import asyncio
from datetime import date

import pytest
from sqlalchemy import select

from bot.errors import UserFacingError
from bot.slack import installations
from models import (
    DecisionKind,
    HoldKind,
    MatchRun,
    MatchRunState,
    Person,
    ProgramManager,
    Proposal,
)
from tests.matching.cast import Cast
from tests.statements import counted

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class TestApprovals:
    @pytest.fixture
    async def second(self, cast: Cast) -> Person:
        """Another manager of the program, whose pairs two must approve."""
        second = await cast.company.person("Sam Second", level=3)
        await cast.manages(second)
        await cast.set(approvals_needed=2)
        return second

    async def test_the_last_one_that_is_needed_publishes(self, cast: Cast, second: Person) -> None:
        run_id = await cast.propose()
        first = await cast.approve(run_id)
        assert (first.approvals, first.pairs) == (1, None)
        assert await cast.pairs() == []
        outcome = await cast.approve(run_id, second)
        assert outcome.pairs is not None
        assert len(await cast.pairs()) == len(outcome.pairs) == 1
        assert await cast.decisions() == [
            (DecisionKind.REQUESTED, cast.manager.id),
            (DecisionKind.APPROVED, cast.manager.id),
            (DecisionKind.APPROVED, second.id),
            (DecisionKind.PUBLISHED, second.id),
        ]
        assert len(await cast.channel()) == 3

    async def test_the_same_manager_twice_counts_once(self, cast: Cast, second: Person) -> None:
        run_id = await cast.propose()
        await cast.approve(run_id)
        with pytest.raises(UserFacingError, match="match_approved_already"):
            await cast.approve(run_id)
        assert await cast.pairs() == []

    async def test_two_at_once_publish_once(self, cast: Cast, second: Person) -> None:
        run_id = await cast.propose()
        found = await asyncio.gather(cast.approve(run_id), cast.approve(run_id, second))
        assert [one.approvals for one in sorted(found, key=lambda one: one.approvals)] == [1, 2]
        assert len(await cast.pairs()) == 1

    @ONE_ENGINE
    async def test_of_somebody_who_no_longer_manages_it_does_not_count(
        self, cast: Cast, second: Person
    ) -> None:
        run_id = await cast.propose()
        await cast.approve(run_id, second)
        async with cast.company.transaction() as session:
            gone = (ProgramManager.person_id == second.id,)
            await session.delete((await session.scalars(select(ProgramManager).where(*gone))).one())
        assert (await cast.approve(run_id)).pairs is None

    @ONE_ENGINE
    async def test_of_somebody_who_has_left_does_not_count(
        self, cast: Cast, second: Person
    ) -> None:
        run_id = await cast.propose()
        await cast.approve(run_id, second)
        await cast.change(second, active=False)
        assert (await cast.approve(run_id)).pairs is None

    @ONE_ENGINE
    async def test_as_many_are_needed_as_when_it_was_asked_for(
        self, cast: Cast, second: Person
    ) -> None:
        """Else a manager could lower the number and publish alone what others have seen."""
        run_id = await cast.propose()
        await cast.set(approvals_needed=1)
        outcome = await cast.approve(run_id)
        assert (outcome.approvals, outcome.needed, outcome.pairs) == (1, 2, None)

    @ONE_ENGINE
    async def test_a_run_for_fewer_than_are_asked_for_now_is_out_of_date(
        self, cast: Cast, second: Person
    ) -> None:
        run_id = await cast.propose()
        await cast.set(approvals_needed=3)
        with pytest.raises(UserFacingError, match="match_needs_more_approvals"):
            await cast.approve(run_id)

    @pytest.mark.parametrize("who", ["in a pair", "left over", "only enrolled"])
    @ONE_ENGINE
    async def test_nobody_approves_what_they_could_be_in(self, cast: Cast, who: str) -> None:
        """And the answer does not tell whether they are in it, or have a partner."""
        person = {"in a pair": cast.boss, "left over": cast.juniors[0]}.get(who)
        if person is None:
            person = await cast.another_boss()
            await cast.set(person, paused_since=date(2026, 1, 2))
        await cast.manages(person)
        run_id = await cast.propose()
        with pytest.raises(UserFacingError, match="match_another_manager"):
            await cast.approve(run_id, person)
        assert await cast.pairs() == []

    @ONE_ENGINE
    async def test_what_was_changed_since_is_not_approved(self, cast: Cast) -> None:
        """Nobody publishes pairs that they have not seen."""
        run_id = await cast.propose()
        async with cast.company.transaction() as session:
            (await session.get_one(MatchRun, run_id)).changes = 2
        for seen in (0, 1, 3, None):
            with pytest.raises(UserFacingError, match="match_changed"):
                await cast.approve_as_of(seen, run_id)
        assert (await cast.approve_as_of(2, run_id)).pairs is not None

    @ONE_ENGINE
    async def test_of_which_nothing_is_left(self, cast: Cast) -> None:
        run_id = await cast.propose()
        async with cast.company.transaction() as session:
            for one in await cast.proposals(run_id):
                await session.delete(await session.get_one(Proposal, one.id))
        with pytest.raises(UserFacingError, match="match_without_pairs"):
            await cast.approve(run_id)

    async def test_a_run_that_another_has_replaced_says_so(self, cast: Cast) -> None:
        older, newer = await cast.propose(), await cast.propose()
        with pytest.raises(UserFacingError, match="match_replaced"):
            await cast.approve(older)
        assert len(await cast.publish(newer)) == 1

    @ONE_ENGINE
    async def test_a_run_that_is_not_worked_out_yet_is_not_approved(self, cast: Cast) -> None:
        requested = await cast.request()
        with pytest.raises(UserFacingError, match="match_replaced"):
            await cast.approve(requested.run.id)

    @ONE_ENGINE
    async def test_a_run_whose_people_are_asked_is_approved_already(self, cast: Cast) -> None:
        run_id = await cast.ask()
        with pytest.raises(UserFacingError, match="match_is_asking"):
            await cast.approve(run_id)

    @ONE_ENGINE
    async def test_a_run_nobody_knows_is_out_of_date(self, cast: Cast) -> None:
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await cast.approve_as_of(0, 404)

    @ONE_ENGINE
    async def test_is_not_for_others(self, cast: Cast) -> None:
        other = await cast.company.person()
        await cast.company.program(other, name="Another")
        run_id = await cast.propose()
        for person in (other, cast.boss):
            with pytest.raises(UserFacingError, match="not_allowed"):
                await cast.approve(run_id, by=person)
        assert await cast.runs() == [MatchRunState.PROPOSED]


class TestAStaleRun:
    """Approving one looks at everybody again."""

    async def stale(self, cast: Cast, run_id: int, why: str = "match_out_of_date") -> None:
        with pytest.raises(UserFacingError, match=why):
            await cast.approve(run_id)
        assert await cast.pairs() == []
        assert await cast.runs() == [MatchRunState.PROPOSED]

    @pytest.mark.parametrize(
        "facts", [{"level": None}, {"active": False}], ids=["level lost", "left"]
    )
    @ONE_ENGINE
    async def test_that_people_data_overtook(self, cast: Cast, facts: dict[str, object]) -> None:
        run_id = await cast.propose()
        await cast.change(cast.juniors[1], **facts)
        await self.stale(cast, run_id)

    @ONE_ENGINE
    async def test_of_two_who_are_closer_in_level_by_now(self, cast: Cast) -> None:
        """Which is no secret, unlike what else could be in the way."""
        run_id = await cast.propose()
        await cast.change(cast.juniors[1], level=6)
        await self.stale(cast, run_id, "match_levels_changed")

    @ONE_ENGINE
    async def test_of_a_larger_gap_that_the_program_asks_for_now(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await cast.set(level_gap=6)
        await self.stale(cast, run_id, "match_levels_changed")

    async def test_of_a_new_reporting_line(self, cast: Cast) -> None:
        run_id = await cast.propose()
        junior = cast.juniors[1]
        path = f"{cast.boss.reporting_path}{cast.manager.id}/{junior.id}/"
        await cast.change(junior, manager_id=cast.manager.id, reporting_path=path)
        await self.stale(cast, run_id)

    @ONE_ENGINE
    async def test_of_two_who_have_the_same_manager_now(self, cast: Cast) -> None:
        run_id = await cast.propose()
        above = cast.manager
        for person in (cast.juniors[1], cast.boss):
            path = f"{above.reporting_path}{person.id}/"
            await cast.change(person, manager_id=above.id, reporting_path=path)
        await self.stale(cast, run_id)

    @ONE_ENGINE
    async def test_of_two_of_whom_one_would_rather_not_by_now(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await cast.would_rather_not(cast.juniors[1], cast.boss)
        await self.stale(cast, run_id)

    @ONE_ENGINE
    async def test_of_two_who_are_never_to_be_a_pair_by_now(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await cast.hold(HoldKind.FORBIDDEN, cast.juniors[1], cast.boss)
        await self.stale(cast, run_id)

    @ONE_ENGINE
    async def test_of_a_topic_that_the_program_no_longer_has(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await cast.set(topics=["social-media"])
        await self.stale(cast, run_id)

    @ONE_ENGINE
    async def test_of_somebody_with_a_break(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await cast.set(cast.boss, paused_since=date(2026, 1, 2))
        await self.stale(cast, run_id)

    @ONE_ENGINE
    async def test_of_a_yes_to_an_identity_topic_taken_back(self, cast: Cast) -> None:
        await cast.set(topics=["inclusion"])
        for person in (cast.juniors[1], cast.boss):
            await cast.set(person, topics=["inclusion"], identity_topics=["inclusion"])
        run_id = await cast.propose()
        await cast.set(cast.boss, identity_topics=[])
        await self.stale(cast, run_id)

    @ONE_ENGINE
    async def test_of_more_pairs_than_somebody_has_room_for_now(self, cast: Cast) -> None:
        await cast.set(mentee_capacity=2)
        run_id = await cast.propose()
        assert len(await cast.proposed(run_id)) == 2
        await cast.set(mentee_capacity=1)
        await self.stale(cast, run_id)


class TestBesideAnImport:
    @POSTGRESQL
    async def test_publishing_waits_for_people_data_that_is_just_changing(self, cast: Cast) -> None:
        """Else it would make a pair that the import cannot see, of levels it cannot see."""
        run_id = await cast.propose()
        async with cast.company.transaction() as session:
            await installations.lock(session)
            for junior in cast.juniors:
                (await session.get_one(Person, junior.id)).level = 9
            await session.flush()
            publishing = asyncio.create_task(cast.publish(run_id))
            await asyncio.wait([publishing], timeout=0.3)
            assert not publishing.done()
        with pytest.raises(UserFacingError, match="match_levels_changed"):
            await publishing
        assert await cast.pairs() == []


class TestBesideANewRun:
    @pytest.mark.parametrize("asks", [False, True], ids=["at once", "asks"])
    @ONE_ENGINE
    async def test_nothing_is_approved_while_another_is_worked_out(
        self, cast: Cast, asks: bool
    ) -> None:
        """Else its people would be asked, or paired, twice."""
        await cast.set(asks_participants=asks)
        older = await cast.propose()
        await cast.request()
        with pytest.raises(UserFacingError, match="match_new_under_way"):
            await cast.approve(older)
        assert await cast.pairs() == []
        await cast.work_off()
        assert await cast.runs() == [MatchRunState.DROPPED, MatchRunState.PROPOSED]

    @pytest.mark.parametrize("asks", [False, True], ids=["at once", "asks"])
    async def test_approving_and_replacing_at_once_replaces(self, cast: Cast, asks: bool) -> None:
        """Both hold the program first, so that neither waits for the other in a circle."""
        await cast.set(asks_participants=asks)
        older = await cast.propose()
        await cast.request()
        approved, _ = await asyncio.gather(
            cast.approve(older), cast.work_off(), return_exceptions=True
        )
        assert isinstance(approved, UserFacingError)
        assert approved.key in ("match_replaced", "match_new_under_way")
        assert await cast.runs() == [MatchRunState.DROPPED, MatchRunState.PROPOSED]
        assert await cast.pairs() == []

    async def test_approving_and_asking_for_another_at_once(self, cast: Cast) -> None:
        await cast.set(asks_participants=True)
        older = await cast.propose()
        results = await asyncio.gather(cast.approve(older), cast.request(), return_exceptions=True)
        [refused] = [one.key for one in results if isinstance(one, UserFacingError)]
        assert refused in ("match_new_under_way", "match_asks_until")


class TestOfMany:
    @ONE_ENGINE
    async def test_takes_no_more_statements_for_more_pairs(self, cast: Cast) -> None:
        took = []
        for count in (2, 20):
            for number in range(count):
                await cast.another_boss(f"Boss {count} {number}")
                junior = await cast.company.person(f"Junior {count} {number}", level=1)
                await cast.company.enrol(cast.program, junior)
            run_id = await cast.propose()
            with counted(cast.company) as statements:
                assert len(await cast.publish(run_id)) >= count
            took.append(len(statements))
        few, many = took
        assert many <= few
