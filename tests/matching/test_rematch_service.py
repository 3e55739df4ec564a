import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.matching import holds_service, rematch_service
from bot.runtime import Runtime
from models import EnrollmentState, Hold, HoldKind, MatchRunState, PairState, Person, ProgramState
from tests.conftest import Clock
from tests.matching.cast import Cast

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def look(cast: Cast) -> int:
    return await rematch_service.look_again(cast.company.runtime)


@pytest.fixture
async def alone(cast: Cast) -> Cast:
    """The pair of `cast.best` has ended early, and nobody else is free for either of them."""
    await cast.set(state=ProgramState.RUNNING)
    await cast.set(cast.juniors[0], state=EnrollmentState.LEFT)
    await cast.company.pair(cast.program, cast.juniors[1], cast.boss, state=PairState.ENDED)
    return cast


class TestLookAgain:
    async def test_asks_for_a_match_once_somebody_is_free(self, alone: Cast) -> None:
        assert await look(alone) == 0
        await alone.set(alone.juniors[0], state=EnrollmentState.ENROLLED)
        assert await look(alone) == 1
        assert await alone.runs() == [MatchRunState.REQUESTED]
        await alone.work_off()
        assert len(await alone.channel()) == 1

    @ONE_ENGINE
    async def test_or_once_the_rules_allow_it(self, alone: Cast) -> None:
        await alone.hold(HoldKind.FORBIDDEN, alone.juniors[0], alone.boss)
        await alone.set(alone.juniors[0], state=EnrollmentState.ENROLLED)
        assert await look(alone) == 0
        async with alone.company.transaction() as session:
            await session.delete((await session.scalars(select(Hold))).one())
        assert await look(alone) == 1

    @ONE_ENGINE
    async def test_not_for_those_who_have_never_had_a_partner(self, cast: Cast) -> None:
        await cast.set(state=ProgramState.RUNNING)
        other = await cast.another_boss()
        await cast.company.pair(cast.program, cast.manager, other, state=PairState.ENDED)
        await cast.set(other, state=EnrollmentState.LEFT)
        assert await look(cast) == 0

    @ONE_ENGINE
    async def test_not_for_somebody_who_has_a_break_or_left(self, alone: Cast) -> None:
        await alone.set(alone.juniors[0], state=EnrollmentState.ENROLLED)
        await alone.set(alone.boss, skips_match=True)
        await alone.set(alone.juniors[1], state=EnrollmentState.LEFT)
        assert await look(alone) == 0

    @pytest.mark.parametrize("columns", [{"paused_at": "now"}, {"state": ProgramState.CLOSING}])
    @ONE_ENGINE
    async def test_not_while_the_program_makes_no_pairs(
        self, alone: Cast, clock: Clock, columns: dict[str, object]
    ) -> None:
        await alone.set(alone.juniors[0], state=EnrollmentState.ENROLLED)
        await alone.set(**{name: clock() if v == "now" else v for name, v in columns.items()})
        assert await look(alone) == 0

    @ONE_ENGINE
    async def test_after_a_break_it_does(self, alone: Cast, clock: Clock) -> None:
        """What could not be asked for when they parted is made up for."""
        await alone.set(alone.juniors[0], state=EnrollmentState.ENROLLED)
        await alone.set(paused_at=clock())
        assert not await alone.rematch()
        await alone.set(paused_at=None)
        assert await look(alone) == 1

    @ONE_ENGINE
    async def test_a_mistake_in_one_program_keeps_no_other_from_its_turn(
        self, alone: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await alone.set(alone.juniors[0], state=EnrollmentState.ENROLLED)
        other = await alone.company.program(
            alone.manager, name="Another", state=ProgramState.RUNNING
        )
        for person in (alone.boss, *alone.juniors):
            await alone.company.enrol(other, person)
        await alone.company.pair(other, alone.juniors[0], alone.boss, state=PairState.ENDED)
        look_at = rematch_service._look

        async def broken(runtime: Runtime, workspace_id: int, program_id: int) -> bool:
            if program_id == alone.program.id:
                raise RuntimeError("broken")
            return await look_at(runtime, workspace_id, program_id)

        monkeypatch.setattr(rematch_service, "_look", broken)
        with capture_logs() as logged:
            assert await look(alone) == 1
        assert [line["program"] for line in logged] == [alone.program.id]


class TestBesideAProposal:
    """Nothing that waits for approval is replaced without need."""

    @pytest.fixture
    async def second(self, alone: Cast) -> Person:
        """Somebody with whom the match brings one of the two together."""
        return await alone.another_boss()

    @ONE_ENGINE
    async def test_who_is_in_it_has_had_their_turn(self, alone: Cast, second: Person) -> None:
        assert await look(alone) == 1
        await alone.work_off()
        assert await look(alone) == 0

    @ONE_ENGINE
    async def test_nor_does_somebody_help_who_takes_a_place_of_those_in_a_pair(
        self, alone: Cast, second: Person
    ) -> None:
        await alone.propose()
        await alone.another_boss("Third Boss", level=5)
        assert await look(alone) == 0

    @ONE_ENGINE
    async def test_whom_it_left_over_somebody_new_may_help(
        self, alone: Cast, second: Person
    ) -> None:
        await alone.propose()
        await alone.set(alone.juniors[0], state=EnrollmentState.ENROLLED)
        assert await look(alone) == 1

    @ONE_ENGINE
    async def test_for_who_has_lost_a_partner_since_anybody_will_do(
        self, alone: Cast, second: Person
    ) -> None:
        await alone.propose()
        third = await alone.another_boss("Third Boss")
        assert await look(alone) == 0
        await alone.company.pair(alone.program, alone.juniors[0], third, state=PairState.ENDED)
        assert await look(alone) == 1

    @ONE_ENGINE
    async def test_one_that_a_manager_has_changed_by_hand_stays(
        self, alone: Cast, second: Person
    ) -> None:
        """The two who were set free could have one another's partners."""
        await alone.set(alone.juniors[0], state=EnrollmentState.ENROLLED)
        run_id = await alone.propose()
        for mentor_id, mentee_id in await alone.proposed(run_id):
            async with alone.company.transaction() as session:
                await holds_service.forbid(
                    session, alone.company.runtime, alone.manager, run_id, mentor_id, mentee_id
                )
        assert await look(alone) == 0
