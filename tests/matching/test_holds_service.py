import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from bot.errors import UserFacingError
from bot.matching import holds_service as holds
from bot.matching.explanations import SET_FREE
from models import Approval, Decision, DecisionKind, HoldKind, MatchRunState, Person, Role
from tests.applications import manager
from tests.matching.cast import Cast

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Does = Callable[..., Awaitable[None]]
changes = pytest.mark.parametrize("does", [holds.lock, holds.unlock, holds.forbid])


async def do(
    cast: Cast, does: Does, run_id: int, two: tuple[int, int], by: Person | None = None
) -> None:
    async with cast.company.transaction() as session:
        await does(session, cast.company.runtime, by or cast.manager, run_id, *two)


async def decided(cast: Cast) -> list[tuple[DecisionKind, int | None, int | None]]:
    """By hand, after the match was asked for."""
    async with cast.company.transaction() as session:
        rows = await session.scalars(select(Decision).order_by(Decision.id))
        kept = [(one.kind, one.mentor_id, one.mentee_id) for one in rows]
    return [one for one in kept if one[0] is not DecisionKind.REQUESTED]


async def approvals(cast: Cast) -> int:
    async with cast.company.transaction() as session:
        return len((await session.scalars(select(Approval))).all())


async def two_approve(cast: Cast) -> Person:
    """From now on it takes two of the program's managers; returns the other one."""
    await cast.set(approvals_needed=2)
    return await manager(cast.company, cast.program)


class TestLock:
    async def test_keeps_the_two_together_in_the_next_match(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await do(cast, holds.lock, run_id, cast.best)
        await cast.set(cast.juniors[0], topics=["digital-tools"])
        await cast.set(cast.juniors[1], topics=["social-media"])
        again = await cast.propose()
        [found] = await cast.proposals(again)
        assert (found.mentor_id, found.mentee_id, found.locked) == (*cast.best, True)
        assert await decided(cast) == [(DecisionKind.LOCKED, *cast.best)]

    @ONE_ENGINE
    async def test_twice_is_once(self, cast: Cast) -> None:
        run_id = await cast.propose()
        for _ in range(2):
            await do(cast, holds.lock, run_id, cast.best)
        assert await cast.holds() == [cast.best]
        assert len(await decided(cast)) == 1

    @ONE_ENGINE
    async def test_leaves_approvals_as_they_are(self, cast: Cast) -> None:
        await two_approve(cast)
        run_id = await cast.propose()
        await cast.approve(run_id)
        await do(cast, holds.lock, run_id, cast.best)
        assert await approvals(cast) == 1

    @ONE_ENGINE
    async def test_is_no_other_pair_to_approve(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await do(cast, holds.lock, run_id, cast.best)
        assert (await cast.run(run_id)).changes == 0

    async def test_of_two_at_once_each_finds_what_the_other_has_done(self, cast: Cast) -> None:
        other = await manager(cast.company, cast.program)
        run_id = await cast.propose()
        results = await asyncio.gather(
            do(cast, holds.lock, run_id, cast.best),
            do(cast, holds.forbid, run_id, cast.best, other),
            return_exceptions=True,
        )
        refused = [one for one in results if one is not None]
        assert [getattr(one, "key", one) for one in refused] in ([], ["pair_not_proposed"])
        assert await cast.proposed(run_id) == []
        assert await cast.holds() == [cast.best]


class TestUnlock:
    @ONE_ENGINE
    async def test_lets_the_next_match_part_them(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await do(cast, holds.lock, run_id, cast.best)
        await do(cast, holds.unlock, run_id, cast.best)
        assert await cast.holds() == []
        [found] = await cast.proposals(run_id)
        assert not found.locked
        kinds = [kind for kind, *_ in await decided(cast)]
        assert kinds == [DecisionKind.LOCKED, DecisionKind.UNLOCKED]

    @ONE_ENGINE
    async def test_of_a_pair_that_is_not_locked_is_nothing(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await do(cast, holds.unlock, run_id, cast.best)
        assert await decided(cast) == []

    @ONE_ENGINE
    async def test_lets_go_of_a_lock_that_the_match_could_not_keep(self, cast: Cast) -> None:
        two = (cast.juniors[0].id, cast.boss.id)
        await cast.hold(HoldKind.LOCKED, cast.juniors[0], cast.boss)
        await cast.change(cast.juniors[0], level=6)
        run_id = await cast.propose()
        assert await cast.proposed(run_id) == [cast.best]
        await do(cast, holds.unlock, run_id, two)
        assert await cast.holds() == []
        assert await decided(cast) == [(DecisionKind.UNLOCKED, *two)]


class TestForbid:
    async def test_takes_the_pair_out_now_and_for_good(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await do(cast, holds.forbid, run_id, cast.best)
        assert await cast.proposed(run_id) == []
        left = {one.person_id: one for one in await cast.left_over(run_id)}
        assert left.keys() == {person.id for person in (cast.boss, *cast.juniors)}
        assert left[cast.boss.id].reason["key"] == SET_FREE
        assert (left[cast.boss.id].role, left[cast.best[0]].role) == (Role.MENTEE, Role.MENTOR)
        assert left[cast.juniors[0].id].reason["key"] != SET_FREE
        again = await cast.propose()
        assert await cast.proposed(again) == [(cast.juniors[0].id, cast.boss.id)]
        assert await decided(cast) == [(DecisionKind.FORBIDDEN, *cast.best)]

    @ONE_ENGINE
    async def test_of_a_locked_pair_ends_the_lock(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await do(cast, holds.lock, run_id, cast.best)
        await do(cast, holds.forbid, run_id, cast.best)
        sides = await cast.sides()
        assert sides.locked == ()
        assert cast.best in sides.excluded

    @ONE_ENGINE
    async def test_leaves_nobody_over_who_has_another_pair(self, cast: Cast) -> None:
        await cast.set(mentee_capacity=2)
        run_id = await cast.propose()
        assert len(await cast.proposed(run_id)) == 2
        await do(cast, holds.forbid, run_id, cast.best)
        assert [one.person_id for one in await cast.left_over(run_id)] == [cast.best[0]]

    @ONE_ENGINE
    async def test_is_counted_so_that_nobody_approves_what_was_before(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await do(cast, holds.forbid, run_id, cast.best)
        assert (await cast.run(run_id)).changes == 1

    async def test_lets_approvals_start_again_and_says_so(self, cast: Cast) -> None:
        other = await two_approve(cast)
        run_id = await cast.propose()
        await cast.approve(run_id, other)
        await do(cast, holds.forbid, run_id, cast.best)
        assert await approvals(cast) == 0
        said = (await cast.channel())[-1]
        assert said.startswith(f"<@{cast.manager.slack_user_id}> has changed the proposed pairs")
        assert (cast.boss.slack_user_id or "") not in said

    @ONE_ENGINE
    async def test_says_nothing_where_nobody_had_approved(self, cast: Cast) -> None:
        run_id = await cast.propose()
        before = await cast.channel()
        await do(cast, holds.forbid, run_id, cast.best)
        assert await cast.channel() == before


class TestWithout:
    @ONE_ENGINE
    async def test_says_what_it_costs_and_changes_nothing(self, cast: Cast) -> None:
        run_id = await cast.propose()
        [pair] = await cast.proposals(run_id)
        async with cast.company.transaction() as session:
            found = await holds.without(session, cast.manager, run_id, *cast.best)
        assert (found.mentor.id, found.mentee.id, found.score) == (*cast.best, pair.score)
        assert {one.id for one in found.alone} == set(cast.best)
        assert not found.locked
        assert await cast.proposed(run_id) == [cast.best]

    @ONE_ENGINE
    async def test_who_has_another_pair_is_not_alone(self, cast: Cast) -> None:
        await cast.set(mentee_capacity=2)
        run_id = await cast.propose()
        async with cast.company.transaction() as session:
            found = await holds.without(session, cast.manager, run_id, *cast.best)
        assert [one.id for one in found.alone] == [cast.best[0]]


class TestAllow:
    @ONE_ENGINE
    async def test_lets_the_next_match_propose_them(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await do(cast, holds.forbid, run_id, cast.best)
        for _ in range(2):
            await do(cast, holds.allow, run_id, cast.best)
        again = await cast.propose()
        assert await cast.proposed(again) == [cast.best]
        kinds = [kind for kind, *_ in await decided(cast)]
        assert kinds == [DecisionKind.FORBIDDEN, DecisionKind.ALLOWED]

    @ONE_ENGINE
    async def test_does_not_end_a_lock(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await do(cast, holds.lock, run_id, cast.best)
        await do(cast, holds.allow, run_id, cast.best)
        assert await cast.holds() == [cast.best]

    @ONE_ENGINE
    async def test_also_when_the_run_is_published(self, cast: Cast) -> None:
        await cast.hold(HoldKind.FORBIDDEN, cast.juniors[0], cast.boss)
        run_id = await cast.propose()
        await cast.publish(run_id)
        await do(cast, holds.allow, run_id, (cast.juniors[0].id, cast.boss.id))
        assert await cast.holds() == []

    async def test_of_two_at_once_one_is_written_down(self, cast: Cast) -> None:
        other = await manager(cast.company, cast.program)
        run_id = await cast.propose()
        await do(cast, holds.forbid, run_id, cast.best)
        await asyncio.gather(
            do(cast, holds.allow, run_id, cast.best),
            do(cast, holds.allow, run_id, cast.best, other),
        )
        kinds = [kind for kind, *_ in await decided(cast)]
        assert kinds == [DecisionKind.FORBIDDEN, DecisionKind.ALLOWED]


class TestWhoAndWhen:
    @ONE_ENGINE
    @pytest.mark.parametrize("does", [holds.lock, holds.unlock, holds.forbid, holds.allow])
    async def test_nobody_a_pair_of_their_own(self, cast: Cast, does: Does) -> None:
        run_id = await cast.propose()
        for two in ((cast.manager.id, cast.boss.id), (cast.juniors[0].id, cast.manager.id)):
            with pytest.raises(UserFacingError, match="pair_your_own"):
                await do(cast, does, run_id, two)

    @ONE_ENGINE
    @changes
    async def test_nobody_but_who_may_see_the_names(self, cast: Cast, does: Does) -> None:
        taking_part = await manager(cast.company, cast.program)
        await cast.company.enrol(cast.program, taking_part)
        run_id = await cast.propose()
        stranger = await cast.company.person("Stray Manager", level=3)
        await cast.company.program(stranger, name="Another")
        for person, key in (
            (cast.boss, "not_allowed"),
            (stranger, "not_allowed"),
            (taking_part, "match_another_manager"),
        ):
            with pytest.raises(UserFacingError, match=key):
                await do(cast, does, run_id, cast.best, person)

    @ONE_ENGINE
    @changes
    async def test_not_when_the_pairs_are_published(self, cast: Cast, does: Does) -> None:
        run_id = await cast.propose()
        await cast.publish(run_id)
        with pytest.raises(UserFacingError, match="match_already_published"):
            await do(cast, does, run_id, cast.best)

    @ONE_ENGINE
    @changes
    async def test_not_while_people_are_asked(self, cast: Cast, does: Does) -> None:
        run_id = await cast.ask()
        with pytest.raises(UserFacingError, match="match_is_asking"):
            await do(cast, does, run_id, cast.best)

    @ONE_ENGINE
    @changes
    async def test_not_in_a_run_that_another_has_replaced(self, cast: Cast, does: Does) -> None:
        run_id = await cast.propose()
        await cast.propose()
        with pytest.raises(UserFacingError, match="match_replaced"):
            await do(cast, does, run_id, cast.best)

    @ONE_ENGINE
    @changes
    async def test_not_while_another_run_is_worked_out(self, cast: Cast, does: Does) -> None:
        run_id = await cast.propose()
        await cast.request()
        with pytest.raises(UserFacingError, match="match_new_under_way"):
            await do(cast, does, run_id, cast.best)
        assert await cast.holds() == []

    @ONE_ENGINE
    @changes
    async def test_not_of_a_pair_that_is_not_proposed(self, cast: Cast, does: Does) -> None:
        run_id = await cast.propose()
        with pytest.raises(UserFacingError, match="pair_not_proposed"):
            await do(cast, does, run_id, (cast.juniors[0].id, cast.boss.id))

    async def test_a_run_published_meanwhile_stays_as_it_was(self, cast: Cast) -> None:
        run_id = await cast.propose()
        results = await asyncio.gather(
            cast.publish(run_id),
            do(cast, holds.forbid, run_id, cast.best),
            return_exceptions=True,
        )
        keys = {getattr(one, "key", "") for one in results if isinstance(one, Exception)}
        assert keys in ({"match_already_published"}, {"match_changed"})
        states = await cast.runs()
        assert (await cast.pairs() == [cast.best]) == (states == [MatchRunState.PUBLISHED])
