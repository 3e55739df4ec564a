import asyncio
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.matching import service, store
from bot.matching.service import Proposed
from bot.slack import installations
from models import (
    MatchRun,
    MatchRunState,
    Pair,
    PairState,
    Person,
    Program,
    ProgramState,
    Proposal,
)
from tests.factories import Company

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Cast:
    """A program with two mentors and a mentee, all waiting."""

    company: Company
    manager: Person
    program: Program
    boss: Person
    juniors: list[Person]

    async def propose(self) -> Proposed:
        company = self.company
        async with company.transaction() as session:
            sides = await service.candidates(session, self.manager, self.program)
        solved = await service.solve(sides)
        async with company.transaction() as session:
            return await service.propose(session, company.runtime, self.program, solved)

    async def publish(self, run_id: int, by: Person | None = None) -> list[Pair]:
        async with self.company.transaction() as session:
            person = by or self.manager
            _, made = await service.publish(session, self.company.runtime, person, run_id)
            return made

    async def pairs(self) -> list[tuple[int, int]]:
        async with self.company.transaction() as session:
            rows = await session.execute(select(Pair.mentor_id, Pair.mentee_id))
            return [(mentor, mentee) for mentor, mentee in rows]

    async def change(self, person: Person, **facts: object) -> None:
        async with self.company.transaction() as session:
            row = await session.get_one(Person, person.id)
            for name, value in facts.items():
                setattr(row, name, value)


@pytest.fixture
async def cast(company: Company) -> Cast:
    manager = await company.person("Robin Vega", level=3)
    boss = await company.person("Lena Boss", level=6)
    juniors = [await company.person(f"Jo {name}", level=1) for name in ("Young", "Newman")]
    program = await company.program(manager)
    await company.enrol(program, boss, ["digital-tools"])
    await company.enrol(program, juniors[0], ["social-media"])
    await company.enrol(program, juniors[1], ["digital-tools"])
    return Cast(company, manager, program, boss, juniors)


def run_of(proposed: Proposed) -> int:
    return proposed.best[0].match_run_id


class TestCandidates:
    async def test_are_those_who_wait(self, cast: Cast) -> None:
        async with cast.company.transaction() as session:
            sides = await service.candidates(session, cast.manager, cast.program)
        assert [found.person_id for found in sides.mentees] == [cast.boss.id]
        assert [found.person_id for found in sides.mentors] == [one.id for one in cast.juniors]
        assert [found.topics for found in sides.mentors] == [{"social-media"}, {"digital-tools"}]

    @pytest.mark.parametrize(
        ("leaves", "key"),
        [
            (("boss",), "no_mentee_waiting"),
            (("juniors",), "no_mentor_waiting"),
            (("boss", "juniors"), "nobody_to_match"),
        ],
    )
    @ONE_ENGINE
    async def test_an_empty_side_is_said(
        self, cast: Cast, leaves: tuple[str, ...], key: str
    ) -> None:
        if "boss" in leaves:
            await cast.change(cast.boss, active=False)
        if "juniors" in leaves:
            await cast.change(cast.juniors[0], active=False)
            await cast.change(cast.juniors[1], level=None)
        async with cast.company.transaction() as session:
            with pytest.raises(UserFacingError, match=key):
                await service.candidates(session, cast.manager, cast.program)

    @ONE_ENGINE
    async def test_are_not_for_others(self, cast: Cast) -> None:
        other = await cast.company.person()
        await cast.company.program(other, name="Another")
        async with cast.company.transaction() as session:
            for person in (other, cast.boss):
                with pytest.raises(UserFacingError, match="not_allowed"):
                    await service.candidates(session, person, cast.program)


class TestSolve:
    @ONE_ENGINE
    async def test_says_when_no_pair_is_possible(self, cast: Cast) -> None:
        for junior in cast.juniors:
            path = f"{cast.boss.reporting_path}{junior.id}/"
            await cast.change(junior, manager_id=cast.boss.id, reporting_path=path)
        with pytest.raises(UserFacingError, match="no_possible_pair"):
            await cast.propose()


class TestPropose:
    async def test_keeps_a_run_and_tells_nobody(self, cast: Cast) -> None:
        asked = len(cast.company.sandbox.calls)
        proposed = await cast.propose()
        [best] = proposed.best
        assert (best.mentor_id, best.mentee_id) == (cast.juniors[1].id, cast.boss.id)
        assert best.shared_topics == ["digital-tools"]
        assert best.reasons[0] == "topics"
        assert 0 < best.score <= 1
        assert set(proposed.people) == {cast.juniors[1].id, cast.boss.id}
        async with cast.company.transaction() as session:
            run = await session.get_one(MatchRun, best.match_run_id)
        assert run.state is MatchRunState.PROPOSED
        assert await delivery.send_due(cast.company.runtime) == 0
        assert len(cast.company.sandbox.calls) == asked
        assert await cast.pairs() == []

    async def test_again_is_another_run_with_the_same_people(self, cast: Cast) -> None:
        first, second = await cast.propose(), await cast.propose()
        assert run_of(first) != run_of(second)
        assert first.best[0].mentor_id == second.best[0].mentor_id

    @ONE_ENGINE
    async def test_shows_the_best_first(self, cast: Cast) -> None:
        await cast.company.enrol(
            cast.program, await cast.company.person("Second Boss", level=5), ["inclusion"]
        )
        proposed = await cast.propose()
        scores = [found.score for found in proposed.best]
        assert len(scores) == 2
        assert scores == sorted(scores, reverse=True)
        async with cast.company.transaction() as session:
            kept = await store.proposals(session, run_of(proposed))
        assert [found.score for found in kept] == scores


class TestPublish:
    async def test_makes_the_pairs_and_starts_the_program(self, cast: Cast) -> None:
        proposed = await cast.propose()
        [pair] = await cast.publish(run_of(proposed))
        assert (pair.mentor_id, pair.mentee_id) == (cast.juniors[1].id, cast.boss.id)
        assert (pair.state, pair.topics) == (PairState.OPENING, ["digital-tools"])
        async with cast.company.transaction() as session:
            program = await session.get_one(Program, cast.program.id)
        assert program.state is ProgramState.RUNNING

    async def test_those_who_are_left_over_are_told_once_and_wait_on(self, cast: Cast) -> None:
        await cast.publish(run_of(await cast.propose()))
        await delivery.send_due(cast.company.runtime)
        [left_over, paired] = [cast.company.member(person) for person in cast.juniors]
        [told] = left_over.messages(left_over.direct())
        assert "Fresh Eyes" in str(told["blocks"])
        assert paired.messages(paired.direct()) == []
        async with cast.company.transaction() as session:
            with pytest.raises(UserFacingError, match="no_mentee_waiting"):
                await service.candidates(session, cast.manager, cast.program)

    async def test_twice_is_said_and_makes_no_second_pair(self, cast: Cast) -> None:
        run_id = run_of(await cast.propose())
        await cast.publish(run_id)
        with pytest.raises(UserFacingError, match="match_already_published"):
            await cast.publish(run_id)
        assert len(await cast.pairs()) == 1

    async def test_an_older_run_with_the_same_people_is_out_of_date(self, cast: Cast) -> None:
        older, newer = await cast.propose(), await cast.propose()
        await cast.publish(run_of(newer))
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await cast.publish(run_of(older))
        assert len(await cast.pairs()) == 1

    async def test_two_runs_at_once_pair_nobody_twice(self, cast: Cast) -> None:
        """The second run would pair the same leader with the other mentor."""
        first = run_of(await cast.propose())
        async with cast.company.transaction() as session:
            other = MatchRun(program_id=cast.program.id, created_at=cast.company.runtime.clock())
            session.add(other)
            await session.flush()
            session.add(
                Proposal(
                    match_run_id=other.id,
                    mentor_id=cast.juniors[0].id,
                    mentee_id=cast.boss.id,
                    score=0.5,
                    reasons=[],
                    shared_topics=[],
                )
            )
        results = await asyncio.gather(
            *(cast.publish(run_id) for run_id in (first, other.id)), return_exceptions=True
        )
        refused = [found for found in results if isinstance(found, UserFacingError)]
        assert [found.key for found in refused] == ["match_out_of_date"]
        assert len(await cast.pairs()) == 1

    async def test_the_same_run_at_once_is_published_once(self, cast: Cast) -> None:
        run_id = run_of(await cast.propose())
        results = await asyncio.gather(
            *(cast.publish(run_id) for _ in range(3)), return_exceptions=True
        )
        refused = [found.key for found in results if isinstance(found, UserFacingError)]
        assert refused == ["match_already_published"] * 2
        assert len(await cast.pairs()) == 1

    @pytest.mark.parametrize(
        "facts",
        [{"level": 6}, {"level": None}, {"active": False}],
        ids=["promoted", "level lost", "left"],
    )
    @ONE_ENGINE
    async def test_a_run_that_people_data_overtook_is_out_of_date(
        self, cast: Cast, facts: dict[str, object]
    ) -> None:
        run_id = run_of(await cast.propose())
        await cast.change(cast.juniors[1], **facts)
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await cast.publish(run_id)
        assert await cast.pairs() == []

    async def test_a_new_reporting_line_makes_it_out_of_date(self, cast: Cast) -> None:
        run_id = run_of(await cast.propose())
        junior = cast.juniors[1]
        path = f"{cast.boss.reporting_path}{cast.manager.id}/{junior.id}/"
        await cast.change(junior, manager_id=cast.manager.id, reporting_path=path)
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await cast.publish(run_id)
        assert await cast.pairs() == []

    @ONE_ENGINE
    async def test_a_run_nobody_knows_is_out_of_date(self, cast: Cast) -> None:
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await cast.publish(404)

    async def test_is_not_for_others(self, cast: Cast) -> None:
        other = await cast.company.person()
        await cast.company.program(other, name="Another")
        run_id = run_of(await cast.propose())
        for person in (other, cast.boss):
            with pytest.raises(UserFacingError, match="not_allowed"):
                await cast.publish(run_id, by=person)
        assert await cast.pairs() == []
        async with cast.company.transaction() as session:
            published = (MatchRun.state == MatchRunState.PUBLISHED,)
            count = select(func.count()).select_from(MatchRun).where(*published)
            assert (await session.scalars(count)).one() == 0


class TestBesideAnImport:
    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    async def test_publishing_waits_for_people_data_that_is_just_changing(self, cast: Cast) -> None:
        """Else it would make a pair that the import cannot see, of levels it cannot see."""
        run_id = (await cast.propose()).best[0].match_run_id
        async with cast.company.transaction() as session:
            await installations.lock(session)
            for junior in cast.juniors:
                (await session.get_one(Person, junior.id)).level = 9
            await session.flush()
            publishing = asyncio.create_task(cast.publish(run_id))
            await asyncio.wait([publishing], timeout=0.3)
            assert not publishing.done()
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await publishing
        assert await cast.pairs() == []
