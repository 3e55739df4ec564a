"""The database itself refuses an unsafe pair, whatever the code above it does."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.database import Database
from models import Cadence, Pair, PairState, Person, Program, Workspace
from models.pair import LIVING

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Two:
    """What the trigger looks at. Safe as it is."""

    mentor_level: int | None = 1
    mentee_level: int | None = 5
    mentor_path: str = "/1/"
    mentee_path: str = "/2/"
    mentor_elsewhere: bool = False
    mentee_elsewhere: bool = False


SAFE = Two()
UNSAFE = {
    "the mentor as senior": replace(SAFE, mentor_level=5),
    "the mentor more senior": replace(SAFE, mentor_level=6),
    "the mentor's level unknown": replace(SAFE, mentor_level=None),
    "the mentee's level unknown": replace(SAFE, mentee_level=None),
    "the mentor reporting to the mentee": replace(SAFE, mentor_path="/2/1/"),
    "the mentor far below the mentee": replace(SAFE, mentor_path="/2/8/9/1/"),
    "the mentee reporting to the mentor": replace(SAFE, mentee_path="/1/2/"),
    "the mentee far below the mentor": replace(SAFE, mentee_path="/1/8/9/2/"),
    "the mentor's line unknown": replace(SAFE, mentor_path=""),
    "the mentee's line unknown": replace(SAFE, mentee_path=""),
    "the mentor in another workspace": replace(SAFE, mentor_elsewhere=True),
    "the mentee in another workspace": replace(SAFE, mentee_elsewhere=True),
}
ALSO_SAFE = {
    "one level apart": replace(SAFE, mentee_level=2),
    "a common manager": replace(SAFE, mentor_path="/9/1/", mentee_path="/9/2/"),
    "a manager's number that begins alike": replace(
        SAFE, mentor_path="/1/12/", mentee_path="/1/123/"
    ),
    "below somebody else of the other's number": replace(
        SAFE, mentor_path="/7/2/1/", mentee_path="/2/"
    ),
}


async def make(engine: AsyncEngine, two: Two, state: PairState) -> Pair:
    """A pair of these two in this state, past all services; as the database takes it."""
    async with Database(engine).transaction_across_workspaces() as session:
        here, elsewhere = Workspace(created_at=NOW), Workspace(created_at=NOW)
        session.add_all([here, elsewhere])
        await session.flush()
        program = Program(
            workspace_id=here.id,
            name="Fresh Eyes",
            purpose="",
            topics=[],
            weeks=12,
            cadence=Cadence.WEEKLY,
            starts_on=date(2026, 1, 5),
            mentee_from_level=4,
            admin_channel_id="C1",
            created_at=NOW,
        )
        mentor = Person(
            workspace_id=(elsewhere if two.mentor_elsewhere else here).id,
            name="Jo",
            level=two.mentor_level,
            reporting_path=two.mentor_path,
        )
        mentee = Person(
            workspace_id=(elsewhere if two.mentee_elsewhere else here).id,
            name="Lena",
            level=two.mentee_level,
            reporting_path=two.mentee_path,
        )
        session.add_all([program, mentor, mentee])
        await session.flush()
        pair = Pair(
            workspace_id=here.id,
            program_id=program.id,
            mentor_id=mentor.id,
            mentee_id=mentee.id,
            topics=[],
            channel_name="mentoring-1",
            state=state,
            first_week_on=date(2026, 1, 5),
            created_at=NOW,
        )
        session.add(pair)
    return pair


async def change(engine: AsyncEngine, pair: Pair, **values: object) -> None:
    async with Database(engine).transaction_across_workspaces() as session:
        found = await session.get_one(Pair, pair.id)
        for name, value in values.items():
            setattr(found, name, value)


class TestInsert:
    @pytest.mark.parametrize("state", LIVING)
    async def test_takes_a_safe_pair(self, state: PairState, engine: AsyncEngine) -> None:
        assert (await make(engine, SAFE, state)).id

    @pytest.mark.parametrize("case", ALSO_SAFE)
    async def test_takes(self, case: str, engine: AsyncEngine) -> None:
        assert (await make(engine, ALSO_SAFE[case], PairState.ACTIVE)).id

    @pytest.mark.parametrize("case", UNSAFE)
    async def test_refuses(self, case: str, engine: AsyncEngine) -> None:
        with pytest.raises(IntegrityError, match="pair_power_safe"):
            await make(engine, UNSAFE[case], PairState.OPENING)

    async def test_refuses_an_active_one_too(self, engine: AsyncEngine) -> None:
        with pytest.raises(IntegrityError, match="pair_power_safe"):
            await make(engine, replace(SAFE, mentor_level=5), PairState.ACTIVE)

    @pytest.mark.parametrize("state", [PairState.PAUSED, PairState.COMPLETED])
    async def test_leaves_a_pair_alone_that_does_not_live(
        self, state: PairState, engine: AsyncEngine
    ) -> None:
        assert (await make(engine, replace(SAFE, mentor_level=5), state)).id


class TestUpdate:
    @pytest.mark.parametrize("state", LIVING)
    async def test_refuses_to_bring_an_unsafe_pair_to_life(
        self, state: PairState, engine: AsyncEngine
    ) -> None:
        pair = await make(engine, replace(SAFE, mentor_level=5), PairState.PAUSED)
        with pytest.raises(IntegrityError, match="pair_power_safe"):
            await change(engine, pair, state=state)

    async def test_lets_an_unsafe_pair_be_paused_and_completed(self, engine: AsyncEngine) -> None:
        pair = await make(engine, SAFE, PairState.ACTIVE)
        async with Database(engine).transaction_across_workspaces() as session:
            (await session.get_one(Person, pair.mentor_id)).level = 9
        await change(engine, pair, state=PairState.PAUSED)
        await change(engine, pair, state=PairState.COMPLETED)

    async def test_lets_a_safe_pair_live_again(self, engine: AsyncEngine) -> None:
        pair = await make(engine, SAFE, PairState.PAUSED)
        await change(engine, pair, state=PairState.ACTIVE)

    async def test_refuses_to_swap_the_two(self, engine: AsyncEngine) -> None:
        pair = await make(engine, SAFE, PairState.ACTIVE)
        with pytest.raises(IntegrityError, match="pair_power_safe"):
            await change(engine, pair, mentor_id=pair.mentee_id, mentee_id=pair.mentor_id)

    async def test_refuses_to_take_the_mentee_as_mentor_too(self, engine: AsyncEngine) -> None:
        pair = await make(engine, SAFE, PairState.ACTIVE)
        with pytest.raises(IntegrityError, match="pair_power_safe"):
            await change(engine, pair, mentor_id=pair.mentee_id)

    async def test_refuses_to_move_a_pair_to_another_workspace(self, engine: AsyncEngine) -> None:
        pair = await make(engine, SAFE, PairState.ACTIVE)
        with pytest.raises(IntegrityError, match="pair_power_safe"):
            await change(engine, pair, workspace_id=pair.workspace_id + 1)
