import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.errors import UserFacingError
from bot.matching import holds_service as holds
from bot.matching import making_service as making
from bot.views.modals.make_pair import Cost
from models import Approval, Decision, DecisionKind, HoldKind, Person, Proposal
from tests.applications import manager
from tests.conftest import Clock
from tests.matching.cast import Cast
from tests.statements import counted

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Two = tuple[int, int]


async def ask(
    cast: Cast, run_id: int, two: Two, told: str = "", by: Person | None = None
) -> Cost | None:
    async with cast.company.transaction() as session:
        person = by or cast.manager
        return await making.make(session, cast.company.runtime, person, run_id, *two, told)


async def cost(cast: Cast, run_id: int, two: Two) -> Cost:
    found = await ask(cast, run_id, two)
    assert found is not None
    return found


async def make(cast: Cast, run_id: int, two: Two) -> Cost:
    """Knowing what it costs."""
    known = await cost(cast, run_id, two)
    assert await ask(cast, run_id, two, str(known)) is None
    return known


async def lock(cast: Cast, run_id: int, two: Two) -> None:
    async with cast.company.transaction() as session:
        await holds.lock(session, cast.company.runtime, cast.manager, run_id, *two)


async def refusal(cast: Cast, run_id: int, two: Two, by: Person | None = None) -> tuple[str, str]:
    """The key, and the field it stands beside."""
    with pytest.raises(UserFacingError) as refused:
        await ask(cast, run_id, two, by=by)
    return refused.value.key, refused.value.field or ""


def total(proposals: list[Proposal]) -> float:
    return sum(one.score for one in proposals)


@pytest.fixture
def other(cast: Cast) -> Two:
    """The junior whom a match leaves over, with the boss."""
    return cast.juniors[0].id, cast.boss.id


class TestCost:
    @ONE_ENGINE
    async def test_says_what_becomes_of_the_run_and_changes_nothing(
        self, cast: Cast, other: Two
    ) -> None:
        run_id = await cast.propose()
        before = await cast.proposals(run_id)
        found = await cost(cast, run_id, other)
        assert (found.mentor.id, found.mentee.id) == other
        assert found.lost == pytest.approx(total(before) - found.score)
        assert found.gone == [before[0].id]
        assert found.score < before[0].score
        assert [one.id for one in found.alone] == [cast.juniors[1].id]
        assert found.swapped is None
        assert await cast.proposed(run_id) == [cast.best]
        assert await cast.holds() == []

    @ONE_ENGINE
    async def test_the_two_set_free_become_a_pair_where_they_may(self, cast: Cast) -> None:
        second = await cast.another_boss()
        run_id = await cast.propose()
        pairs = dict(await cast.proposed(run_id))
        [one, another] = pairs
        found = await cost(cast, run_id, (one, pairs[another]))
        assert found.swapped is not None
        assert [person.id for person in found.swapped] == [another, pairs[one]]
        assert found.alone == []
        assert {cast.boss.id, second.id} == set(pairs.values())

    @ONE_ENGINE
    async def test_the_two_set_free_stay_alone_where_a_rule_forbids_it(self, cast: Cast) -> None:
        second = await cast.another_boss()
        run_id = await cast.propose()
        pairs = dict(await cast.proposed(run_id))
        [one, another] = pairs
        people = {person.id: person for person in (*cast.juniors, cast.boss, second)}
        await cast.would_rather_not(people[another], people[pairs[one]])
        found = await cost(cast, run_id, (one, pairs[another]))
        assert found.swapped is None
        assert {person.id for person in found.alone} == {another, pairs[one]}

    @ONE_ENGINE
    async def test_somebody_with_room_keeps_the_partner_they_have(
        self, cast: Cast, other: Two
    ) -> None:
        run_id = await cast.propose()
        await cast.set(mentee_capacity=2)
        found = await cost(cast, run_id, other)
        assert found.alone == []
        assert found.lost == pytest.approx(-found.score)
        assert found.gone == []


class TestMake:
    async def test_makes_what_it_said(self, cast: Cast, other: Two) -> None:
        run_id = await cast.propose()
        known = await make(cast, run_id, other)
        [found] = await cast.proposals(run_id)
        assert (found.mentor_id, found.mentee_id) == other
        assert (found.by_hand, found.locked) == (True, True)
        assert found.score == pytest.approx(known.score)
        assert (await cast.run(run_id)).changes == 1
        assert set(found.reasons[0]) == {"key", "values"}
        assert found.to_know is not None
        assert [one.person_id for one in await cast.left_over(run_id)] == [cast.juniors[1].id]
        assert await cast.holds() == [other]
        async with cast.company.transaction() as session:
            last = (await session.scalars(select(Decision).order_by(Decision.id.desc()))).first()
        assert last is not None
        assert (last.kind, last.mentor_id, last.mentee_id) == (DecisionKind.MADE, *other)

    async def test_it_can_be_published_and_is_no_lock_any_more(
        self, cast: Cast, other: Two
    ) -> None:
        run_id = await cast.propose()
        await make(cast, run_id, other)
        await cast.publish(run_id)
        assert await cast.pairs() == [other]
        assert await cast.holds() == []

    @ONE_ENGINE
    async def test_the_next_match_keeps_it(self, cast: Cast, other: Two) -> None:
        await make(cast, await cast.propose(), other)
        assert await cast.proposed(await cast.propose()) == [other]

    async def test_swaps_partners(self, cast: Cast) -> None:
        await cast.another_boss()
        run_id = await cast.propose()
        pairs = dict(await cast.proposed(run_id))
        [one, another] = pairs
        before = total(await cast.proposals(run_id))
        known = await make(cast, run_id, (one, pairs[another]))
        found = await cast.proposals(run_id)
        swapped = {one: pairs[another], another: pairs[one]}
        assert {pair.mentor_id: pair.mentee_id for pair in found} == swapped
        assert {pair.mentor_id: pair.locked for pair in found} == {one: True, another: False}
        assert total(found) == pytest.approx(before - known.lost)
        assert await cast.left_over(run_id) == []

    @ONE_ENGINE
    async def test_lets_approvals_start_again(self, cast: Cast, other: Two) -> None:
        second = await manager(cast.company, cast.program)
        await cast.set(approvals_needed=2)
        run_id = await cast.propose()
        await cast.approve(run_id, second)
        await make(cast, run_id, other)
        async with cast.company.transaction() as session:
            assert (await session.scalars(select(Approval))).all() == []

    @ONE_ENGINE
    async def test_says_a_cost_that_has_changed_anew(self, cast: Cast, other: Two) -> None:
        run_id = await cast.propose()
        known = await cost(cast, run_id, other)
        async with cast.company.transaction() as session:
            person = cast.manager
            await holds.forbid(session, cast.company.runtime, person, run_id, *cast.best)
        found = await ask(cast, run_id, other, str(known))
        assert found is not None
        assert (found.changes, found.gone) == (1, [])
        assert await cast.proposed(run_id) == []

    async def test_of_two_managers_at_once_one_hears_of_the_other(self, cast: Cast) -> None:
        second = await manager(cast.company, cast.program)
        boss = await cast.another_boss()
        run_id = await cast.propose()
        pairs = dict(await cast.proposed(run_id))
        [one, another] = pairs
        wanted = (one, pairs[another])
        known = str(await cost(cast, run_id, wanted))
        results = await asyncio.gather(
            ask(cast, run_id, wanted, known),
            ask(cast, run_id, wanted, known, second),
            return_exceptions=True,
        )
        assert sorted(getattr(one, "key", "made") for one in results) == [
            "made",
            "pair_there_already",
        ]
        assert len(await cast.proposed(run_id)) == len({cast.boss.id, boss.id})


class TestRefusals:
    @ONE_ENGINE
    async def test_a_pair_that_is_there(self, cast: Cast) -> None:
        run_id = await cast.propose()
        assert await refusal(cast, run_id, cast.best) == ("pair_there_already", "mentee")

    @ONE_ENGINE
    async def test_somebody_who_is_not_in_the_match_or_on_the_other_side(
        self, cast: Cast, other: Two
    ) -> None:
        run_id = await cast.propose()
        stranger = (await cast.company.person("Some Body")).id
        mentor, mentee = other
        assert await refusal(cast, run_id, (stranger, mentee)) == ("pair_not_in_match", "mentor")
        assert await refusal(cast, run_id, (mentor, stranger)) == ("pair_not_in_match", "mentee")
        assert await refusal(cast, run_id, (mentee, mentor)) == ("pair_not_in_match", "mentor")
        assert await refusal(cast, run_id, (mentor, mentor)) == ("pair_not_in_match", "mentee")

    @ONE_ENGINE
    async def test_levels_that_are_too_close(self, cast: Cast, other: Two) -> None:
        run_id = await cast.propose()
        await cast.change(cast.juniors[0], level=6)
        assert await refusal(cast, run_id, other) == ("pair_levels", "mentee")

    @ONE_ENGINE
    @pytest.mark.parametrize("why", ["line", "manager", "earlier", "never", "wish", "others wish"])
    async def test_whatever_else_keeps_them_apart_is_one_sentence(
        self, cast: Cast, other: Two, why: str
    ) -> None:
        run_id = await cast.propose()
        junior, boss = cast.juniors[0], cast.boss
        path = f"/{cast.manager.id}/"
        if why == "line":
            await cast.change(junior, reporting_path=f"/{boss.id}/{junior.id}/")
        elif why == "manager":
            for one in (junior, boss):
                await cast.change(one, reporting_path=f"{path}{one.id}/")
        elif why == "earlier":
            await cast.company.pair(cast.program, junior, boss, state="ended")
        elif why == "never":
            await cast.hold(HoldKind.FORBIDDEN, junior, boss)
        else:
            one, another = (junior, boss) if why == "wish" else (boss, junior)
            await cast.would_rather_not(one, another)
        assert await refusal(cast, run_id, other) == ("pair_kept_apart", "mentee")

    @ONE_ENGINE
    async def test_somebody_whose_pair_is_locked(self, cast: Cast, other: Two) -> None:
        run_id = await cast.propose()
        await lock(cast, run_id, cast.best)
        assert await refusal(cast, run_id, other) == ("pair_room_locked", "mentee")

    @ONE_ENGINE
    async def test_ones_own_pair(self, cast: Cast) -> None:
        """The only manager, whom the match has left out."""
        await cast.company.enrol(cast.program, cast.manager)
        run_id = await cast.propose()
        own = (cast.manager.id, cast.boss.id)
        assert await refusal(cast, run_id, own) == ("pair_your_own", "mentor")

    @ONE_ENGINE
    async def test_who_may_not_change_the_run(self, cast: Cast, other: Two) -> None:
        run_id = await cast.propose()
        assert await refusal(cast, run_id, other, by=cast.boss) == ("not_allowed", "")
        await cast.publish(run_id)
        assert await refusal(cast, run_id, other) == ("match_already_published", "")


async def refused_and_kept(cast: Cast, run_id: int, two: Two, by: Person | None = None) -> str:
    """As the form does it."""
    key, _ = await refusal(cast, run_id, two, by)
    if key == making.KEPT_APART:
        async with cast.company.transaction() as session:
            person, runtime = by or cast.manager, cast.company.runtime
            await making.tried(session, runtime, person, run_id, *two)
    return key


class TestTries:
    """Whoever could ask of any two whether they must not be a pair could find out why."""

    @ONE_ENGINE
    async def test_what_could_not_be_is_written_down(self, cast: Cast, other: Two) -> None:
        await cast.would_rather_not(cast.juniors[0], cast.boss)
        run_id = await cast.propose()
        await refused_and_kept(cast, run_id, other)
        async with cast.company.transaction() as session:
            last = (await session.scalars(select(Decision).order_by(Decision.id.desc()))).first()
        assert last is not None
        assert (last.kind, last.person_id) == (DecisionKind.TRIED, cast.manager.id)
        assert (last.mentor_id, last.mentee_id) == other

    @ONE_ENGINE
    async def test_after_ten_of_them_it_is_enough_for_a_day(
        self, cast: Cast, other: Two, clock: Clock
    ) -> None:
        second = await manager(cast.company, cast.program)
        await cast.would_rather_not(cast.juniors[0], cast.boss)
        run_id = await cast.propose()
        for _ in range(making.MOST_TRIES):
            assert await refused_and_kept(cast, run_id, other) == "pair_kept_apart"
        assert await refusal(cast, run_id, other) == ("pair_tries_over", "")
        assert await refusal(cast, run_id, other, second) == ("pair_kept_apart", "mentee")
        clock.forward(days=1)
        assert await refusal(cast, run_id, other) == ("pair_kept_apart", "mentee")

    @ONE_ENGINE
    async def test_the_form_says_no_more_than_steps_of_ten(self, cast: Cast, other: Two) -> None:
        run_id = await cast.propose()
        found = await cost(cast, run_id, other)
        slightly = replace(found, score=found.score + 0.004, lost=found.lost - 0.004)
        assert str(found) == str(slightly)

    @ONE_ENGINE
    async def test_reads_nobody_who_has_nothing_to_do_with_it(self, cast: Cast, other: Two) -> None:
        run_id = await cast.propose()
        with counted(cast.company) as few:
            await cost(cast, run_id, other)
        for number in range(12):
            await cast.another_boss(f"Boss {number}")
        with counted(cast.company) as many:
            await cost(cast, run_id, other)
        assert len(many) == len(few)


class TestChosen:
    @ONE_ENGINE
    async def test_is_for_who_may_see_names(self, cast: Cast) -> None:
        run_id = await cast.propose()
        async with cast.company.transaction() as session:
            found = await making.chosen(session, cast.manager, run_id, [0, cast.boss.id])
            assert found.keys() == {cast.boss.id}
            with pytest.raises(UserFacingError, match="not_allowed"):
                await making.chosen(session, cast.boss, run_id, [cast.boss.id])
