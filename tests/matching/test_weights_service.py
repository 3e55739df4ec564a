import asyncio
from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import select

from bot.errors import UserFacingError
from bot.matching import parts
from bot.matching import weights_service as weights
from bot.matching.scores import DEFAULT_WEIGHTS
from bot.views.modals.weights import PARTS, Preview, Weighing
from models import (
    Decision,
    DecisionKind,
    Enrollment,
    MatchRun,
    Person,
    Program,
    ProgramManager,
    ProgramState,
    Proposal,
)
from tests.factories import Company

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOTHING = dict.fromkeys(PARTS, 0)


class Scales:
    """A program and its manager, who weighs."""

    def __init__(self, company: Company, robin: Person, program: Program) -> None:
        self.company, self.robin, self.program = company, robin, program

    async def opened(self, by: Person | None = None) -> Weighing:
        async with self.company.transaction() as session:
            program = await session.get_one(Program, self.program.id)
            return await weights.opened(session, by or self.robin, program)

    async def wanted(self, changes: Mapping[str, int]) -> Weighing:
        shown = (await self.opened()).shown
        return Weighing(self.program.id, {**shown, **changes}, shown)

    async def keep(self, wanted: Weighing, by: Person | None = None) -> bool:
        runtime = self.company.runtime
        async with self.company.transaction() as session:
            return (await weights.keep(session, runtime, by or self.robin, wanted))[1]

    async def preview(self, changes: Mapping[str, int], by: Person | None = None) -> Preview:
        wanted, runtime = await self.wanted(changes), self.company.runtime
        async with self.company.transaction() as session:
            compared = await weights.to_compare(session, runtime, by or self.robin, wanted)
        return await weights.preview(compared)

    async def kept(self) -> Mapping[str, int]:
        async with self.company.transaction() as session:
            return (await session.get_one(Program, self.program.id)).weights

    async def decisions(self) -> list[tuple[int | None, DecisionKind]]:
        async with self.company.transaction() as session:
            return [(one.person_id, one.kind) for one in await session.scalars(select(Decision))]

    async def manages(self, person: Person) -> None:
        async with self.company.transaction() as session:
            session.add(ProgramManager(program_id=self.program.id, person_id=person.id))

    async def everybody_joins(self) -> None:
        """Two whom topics bring together, and two others whom departments do."""
        for level, department, topic in (
            (1, "IT", "digital-tools"),
            (1, "Sales", "social-media"),
            (5, "IT", "digital-tools"),
            (5, "Sales", "social-media"),
        ):
            person = await self.company.person(level=level, department=department)
            await self.company.enrol(self.program, person, [topic])


@pytest.fixture
async def scales(company: Company) -> Scales:
    robin = await company.person("Robin Vega", level=3)
    return Scales(company, robin, await company.program(robin))


def test_the_form_asks_for_every_part_that_there_is() -> None:
    assert tuple(parts.PARTS) == PARTS


class TestOpened:
    @ONE_ENGINE
    async def test_begins_with_those_of_a_new_program(self, scales: Scales) -> None:
        opened = await scales.opened()
        assert opened.given == opened.shown == DEFAULT_WEIGHTS.by_name()

    @ONE_ENGINE
    async def test_anybody_else_may_not(self, scales: Scales) -> None:
        with pytest.raises(UserFacingError, match="not_allowed"):
            await scales.opened(await scales.company.person())

    @ONE_ENGINE
    async def test_what_could_not_be_used_can_be_mended(self, scales: Scales) -> None:
        async with scales.company.transaction() as session:
            (await session.get_one(Program, scales.program.id)).weights = NOTHING
        assert (await scales.opened()).given == DEFAULT_WEIGHTS.by_name()
        assert await scales.keep(await scales.wanted({"level": 5}))
        assert (await scales.kept())["level"] == 5


class TestKeep:
    async def test_keeps_them_and_who_decided_so(self, scales: Scales) -> None:
        assert await scales.keep(await scales.wanted({"department": 8, "level": 0}))
        expected = DEFAULT_WEIGHTS.by_name() | {"department": 8, "level": 0}
        assert await scales.kept() == expected
        assert await scales.decisions() == [(scales.robin.id, DecisionKind.WEIGHED)]

    @ONE_ENGINE
    async def test_the_same_as_before_is_no_decision(self, scales: Scales) -> None:
        assert not await scales.keep(await scales.wanted({}))
        assert await scales.decisions() == []

    async def test_two_managers_at_once_do_not_undo_each_other(self, scales: Scales) -> None:
        sam = await scales.company.person()
        await scales.manages(sam)
        one, other = await scales.wanted({"level": 8}), await scales.wanted({"hours": 0})
        await asyncio.gather(scales.keep(one), scales.keep(other, sam))
        kept = await scales.kept()
        assert (kept["level"], kept["hours"]) == (8, 0)

    async def test_two_managers_together_leave_something_that_counts(self, scales: Scales) -> None:
        await scales.keep(await scales.wanted(NOTHING | {"topics": 5, "level": 5}))
        one, other = await scales.wanted({"level": 0}), await scales.wanted({"topics": 0})
        done = await asyncio.gather(scales.keep(one), scales.keep(other), return_exceptions=True)
        [refused] = [found for found in done if isinstance(found, UserFacingError)]
        assert (refused.key, refused.field) == ("weights_all_zero", "topics")
        assert sorted((await scales.kept()).values()) == [0] * 7 + [5]

    @ONE_ENGINE
    async def test_profiles_count_for_half_at_most(self, scales: Scales) -> None:
        """Of the default, topics, departments and levels have 12 and all others 6."""
        assert await scales.keep(await scales.wanted({"hours": 8}))
        with pytest.raises(UserFacingError) as refused:
            await scales.keep(await scales.wanted({"learning": 2}))
        assert (refused.value.key, refused.value.field) == ("weights_tell_profiles", "topics")
        assert (await scales.kept())["learning"] == 1

    @ONE_ENGINE
    async def test_anybody_else_may_not(self, scales: Scales) -> None:
        wanted = await scales.wanted({"level": 8})
        with pytest.raises(UserFacingError, match="not_allowed"):
            await scales.keep(wanted, await scales.company.person())
        assert await scales.kept() == {}

    @ONE_ENGINE
    async def test_not_of_a_program_that_is_over(self, scales: Scales) -> None:
        wanted = await scales.wanted({"level": 8})
        async with scales.company.transaction() as session:
            (await session.get_one(Program, scales.program.id)).state = ProgramState.CLOSED
        with pytest.raises(UserFacingError, match="program_is_closed"):
            await scales.keep(wanted)


@ONE_ENGINE
class TestPreview:
    async def test_says_what_would_change_and_keeps_nothing(self, scales: Scales) -> None:
        await scales.everybody_joins()
        preview = await scales.preview(NOTHING | {"department": 8})
        assert (preview.before.people, preview.after.people) == (4, 4)
        assert (preview.after.pairs, preview.others) == (2, 2)
        assert preview.weights["department"] == (2, 8)
        assert await scales.kept() == {}
        async with scales.company.transaction() as session:
            assert not (await session.scalars(select(MatchRun))).all()
            assert not (await session.scalars(select(Proposal))).all()

    async def test_of_nothing_that_is_changed(self, scales: Scales) -> None:
        await scales.everybody_joins()
        with pytest.raises(UserFacingError, match="weights_unchanged"):
            await scales.preview({})

    async def test_while_nobody_waits(self, scales: Scales) -> None:
        with pytest.raises(UserFacingError, match="nobody_to_match"):
            await scales.preview({"level": 8})

    async def test_for_nobody_else(self, scales: Scales) -> None:
        await scales.everybody_joins()
        with pytest.raises(UserFacingError, match="not_allowed"):
            await scales.preview({"level": 8}, await scales.company.person())

    async def test_not_for_a_manager_who_could_be_in_the_match(self, scales: Scales) -> None:
        await scales.everybody_joins()
        sam = await scales.company.person(level=5)
        await scales.manages(sam)
        await scales.company.enrol(scales.program, sam)
        with pytest.raises(UserFacingError, match="weights_another_manager"):
            await scales.preview({"level": 8}, sam)
        assert (await scales.preview({"level": 8})).after.people == 4

    async def test_not_for_a_manager_who_has_a_break(self, scales: Scales) -> None:
        await scales.everybody_joins()
        sam = await scales.company.person(level=5)
        await scales.manages(sam)
        enrolled = await scales.company.enrol(scales.program, sam)
        async with scales.company.transaction() as session:
            found = await session.get_one(Enrollment, enrolled.id)
            found.paused_since = date(2026, 1, 5)
        with pytest.raises(UserFacingError, match="weights_another_manager"):
            await scales.preview({"level": 8}, sam)

    async def test_leaves_out_the_only_manager_who_takes_part(self, scales: Scales) -> None:
        await scales.everybody_joins()
        await scales.company.enrol(scales.program, scales.robin, ["social-media"])
        mentee = await scales.company.person(level=6)
        await scales.company.enrol(scales.program, mentee, ["social-media"])
        assert (await scales.preview({"level": 8})).after.people == 4
