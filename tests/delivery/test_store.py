import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.delivery import service as delivery
from bot.delivery import store
from models import DeliveryState, Home
from tests.conftest import Clock
from tests.delivery.conftest import Outbox

POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class TestByKey:
    @POSTGRESQL
    async def test_keeps_the_row_from_other_copies(self, outbox: Outbox, clock: Clock) -> None:
        """A doubt must not be settled by its rule while Slack's event settles it."""
        await outbox.queue(outbox.note())
        assert await delivery._next(outbox.runtime, None)
        clock.forward(days=1)
        key, now, database = (await outbox.row()).key, clock.now, outbox.runtime.database
        async with database.transaction_across_workspaces() as other:
            assert await store.run_out(other, now, now)
        async with database.transaction(outbox.company.workspace_id) as session:
            assert await store.by_key(session, key)
            async with database.transaction_across_workspaces() as other:
                assert not await store.run_out(other, now, now)


class TestLetGoOf:
    async def test_lets_go_of_what_is_due_under_such_a_key_only(self, outbox: Outbox) -> None:
        await outbox.queue(outbox.note("a_c:1:x"))
        await delivery.send_due(outbox.runtime)
        await outbox.queue(*map(outbox.note, ("a_c:1:y", "a_c:11:y", "abc:1:y")))
        async with outbox.company.transaction() as session:
            await store.let_go_of(session, "a_c:1:")
        due = DeliveryState.DUE
        assert await outbox.states() == [DeliveryState.SENT, DeliveryState.LET_GO, due, due]
        assert [row.payload is None for row in await outbox.rows()] == [True, True, False, False]


class TestLetGoOfPairs:
    async def pairs(self, outbox: Outbox) -> list[int]:
        company = outbox.company
        mentor, mentee = await company.person(level=1), await company.person(level=5)
        programs = [await company.program(name=name) for name in ("One", "Other")]
        return [(await company.pair(program, mentor, mentee)).id for program in programs]

    async def let_go(self, outbox: Outbox, pair_ids: Sequence[int]) -> None:
        async with outbox.runtime.database.transaction(outbox.company.workspace_id) as session:
            await store.let_go_of_pairs(session, pair_ids)

    async def test_lets_go_of_what_is_due_to_them_only(self, outbox: Outbox) -> None:
        one, other = await self.pairs(outbox)
        await outbox.queue(
            outbox.note("a", pair_id=one), outbox.note("b", pair_id=other), outbox.note("c")
        )
        await self.let_go(outbox, [one])
        states = [DeliveryState.LET_GO, DeliveryState.DUE, DeliveryState.DUE]
        assert await outbox.states() == states
        assert [row.payload is None for row in await outbox.rows()] == [True, False, False]
        assert await delivery.send_due(outbox.runtime) == 2

    async def test_leaves_alone_what_has_left_or_is_leaving(self, outbox: Outbox) -> None:
        one, _ = await self.pairs(outbox)
        await outbox.queue(outbox.note("a", pair_id=one))
        await delivery.send_due(outbox.runtime)
        await outbox.queue(outbox.note("b", pair_id=one))
        assert await delivery._next(outbox.runtime, None)
        await self.let_go(outbox, [one])
        assert await outbox.states() == [DeliveryState.SENT, DeliveryState.CLAIMED]

    async def test_of_no_pairs_does_nothing(self, outbox: Outbox) -> None:
        one, _ = await self.pairs(outbox)
        await outbox.queue(outbox.note(pair_id=one))
        await self.let_go(outbox, [])
        assert await outbox.states() == [DeliveryState.DUE]


class TestOutdateHomes:
    async def homes(self, outbox: Outbox, *since: datetime | None) -> list[int]:
        """The people of as many Homes, outdated since then."""
        people = [await outbox.company.person() for _ in since]
        async with outbox.company.transaction() as session:
            session.add_all(
                Home(person_id=person.id, outdated_since=moment)
                for person, moment in zip(people, since, strict=True)
            )
        return [person.id for person in people]

    async def outdate(self, outbox: Outbox, person_ids: Sequence[int]) -> None:
        async with outbox.company.transaction() as session:
            await delivery.outdate_homes(session, outbox.runtime, person_ids)

    async def since(self, outbox: Outbox) -> list[datetime | None]:
        async with outbox.company.transaction() as session:
            return list(await session.scalars(select(Home.outdated_since).order_by(Home.id)))

    async def test_outdates_those_and_no_others(self, outbox: Outbox, clock: Clock) -> None:
        one, _, other = await self.homes(outbox, None, None, None)
        await self.outdate(outbox, [one, other, one])
        assert await self.since(outbox) == [clock.now, None, clock.now]

    async def test_what_is_outdated_already_stays_as_long_outdated(
        self, outbox: Outbox, clock: Clock
    ) -> None:
        before = clock.now - timedelta(seconds=2)
        await self.outdate(outbox, await self.homes(outbox, before))
        assert await self.since(outbox) == [before]

    async def test_one_that_is_just_being_published_is_outdated_anew(
        self, outbox: Outbox, clock: Clock
    ) -> None:
        await self.outdate(outbox, await self.homes(outbox, clock.now + timedelta(minutes=1)))
        assert await self.since(outbox) == [clock.now]

    async def test_of_nobody_and_of_people_without_a_home(self, outbox: Outbox) -> None:
        await self.outdate(outbox, [])
        await self.outdate(outbox, [(await outbox.company.person()).id])
        assert await self.since(outbox) == []

    async def test_of_a_whole_company(self, outbox: Outbox, clock: Clock) -> None:
        [one] = await self.homes(outbox, None)
        await self.outdate(outbox, range(one, one + 40_000))
        assert await self.since(outbox) == [clock.now]

    async def test_two_changes_at_once_wait_for_each_other(
        self, outbox: Outbox, clock: Clock
    ) -> None:
        """Named in different orders, they would wait for each other for ever."""
        people = await self.homes(outbox, *[None] * 20)
        both = (people, people[::-1])
        await asyncio.gather(*(self.outdate(outbox, one) for one in both for _ in range(5)))
        assert set(await self.since(outbox)) == {clock.now}

    @POSTGRESQL
    async def test_a_change_in_several_steps_waits_for_another_one(
        self, outbox: Outbox, clock: Clock
    ) -> None:
        """Each of the two names first whom the other one names next."""
        people = await self.homes(outbox, None, None)
        under_way = asyncio.Barrier(2)

        async def change(first: int, next_one: int) -> None:
            async with outbox.company.transaction() as session:
                await delivery.outdate_homes(session, outbox.runtime, [first])
                await under_way.wait()
                await delivery.outdate_homes(session, outbox.runtime, [next_one])

        await asyncio.gather(change(*people), change(*people[::-1]))
        assert await self.since(outbox) == [clock.now, clock.now]
