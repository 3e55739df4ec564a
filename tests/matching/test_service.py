import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.enrollment import avoided
from bot.errors import UserFacingError
from bot.matching import service, store
from bot.matching.service import Outcome, Proposed, Sides
from bot.programs import dates_service
from bot.slack import installations
from bot.views.blocks import Message
from models import (
    Enrollment,
    EnrollmentState,
    Home,
    MatchRun,
    MatchRunState,
    Pair,
    PairState,
    Person,
    Profile,
    Program,
    ProgramManager,
    ProgramState,
    Proposal,
)
from tests.conftest import Clock
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

    async def sides(self, session: AsyncSession, person: Person | None = None) -> Sides:
        person = person or self.manager
        return await service.candidates(session, self.company.runtime, person, self.program)

    async def propose(self, by: Person | None = None) -> Proposed:
        company = self.company
        async with company.transaction() as session:
            sides = await self.sides(session, by)
        solved = await service.solve(sides)
        async with company.transaction() as session:
            return await service.propose(session, company.runtime, self.program, solved)

    async def approve(self, run_id: int, by: Person | None = None) -> Outcome:
        async with self.company.transaction() as session:
            person = by or self.manager
            return await service.approve(session, self.company.runtime, person, run_id)

    async def publish(self, run_id: int, by: Person | None = None) -> Sequence[Pair]:
        """By a yes that is enough."""
        made = (await self.approve(run_id, by)).pairs
        assert made is not None
        return made

    async def manages(self, person: Person) -> None:
        """From now on, too."""
        async with self.company.transaction() as session:
            session.add(ProgramManager(program_id=self.program.id, person_id=person.id))

    async def pairs(self) -> list[tuple[int, int]]:
        async with self.company.transaction() as session:
            rows = await session.execute(select(Pair.mentor_id, Pair.mentee_id))
            return [(mentor, mentee) for mentor, mentee in rows]

    async def set(self, person: Person | None = None, **columns: object) -> None:
        """Changes the program, or a person's enrollment in it."""
        async with self.company.transaction() as session:
            row: Enrollment | Program = await session.get_one(Program, self.program.id)
            if person is not None:
                row = await self.enrolled(session, person)
            for name, value in columns.items():
                setattr(row, name, value)
                if person is None:
                    setattr(self.program, name, value)

    async def enrolled(self, session: AsyncSession, person: Person) -> Enrollment:
        of_person = (Enrollment.program_id == self.program.id, Enrollment.person_id == person.id)
        return (await session.scalars(select(Enrollment).where(*of_person))).one()

    async def would_rather_not(self, person: Person, other: Person) -> None:
        """Said in the person's profile, as the form keeps it."""
        kept = avoided.sealed(self.company.runtime.vault, person.id, [other.slack_user_id or ""])
        async with self.company.transaction() as session:
            session.add(Profile(person_id=person.id, avoided=kept))

    async def told(self, person: Person) -> list[str]:
        """What the app has written to this person in all."""
        await delivery.send_due(self.company.runtime)
        member = self.company.member(person)
        return [message["text"] for message in member.messages(member.direct())]

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
            sides = await cast.sides(session)
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
                await cast.sides(session)

    @ONE_ENGINE
    async def test_are_not_for_others(self, cast: Cast) -> None:
        other = await cast.company.person()
        await cast.company.program(other, name="Another")
        async with cast.company.transaction() as session:
            for person in (other, cast.boss):
                with pytest.raises(UserFacingError, match="not_allowed"):
                    await cast.sides(session, person)


class TestReadiness:
    """Who is enrolled and still not in a match."""

    async def mentors(self, cast: Cast) -> list[int]:
        async with cast.company.transaction() as session:
            return [found.person_id for found in (await cast.sides(session)).mentors]

    @pytest.mark.parametrize(
        ("program", "enrollment", "reason"),
        [
            ({}, {"state": EnrollmentState.APPLIED}, "undecided"),
            ({}, {"state": EnrollmentState.TALKING}, "undecided"),
            ({}, {"state": EnrollmentState.WAITLISTED}, "waitlisted"),
            ({}, {"state": EnrollmentState.DECLINED}, None),
            ({}, {"state": EnrollmentState.LEFT}, None),
            ({}, {"paused_since": date(2026, 1, 2)}, "paused"),
            ({}, {"skips_match": True}, "skipping"),
            ({}, {"skips_match": True, "paused_since": date(2026, 1, 2)}, "paused"),
        ],
    )
    async def test_leaves_out_who_is_not_ready_and_counts_them(
        self,
        cast: Cast,
        program: dict[str, object],
        enrollment: dict[str, object],
        reason: str | None,
    ) -> None:
        await cast.set(cast.juniors[0], **enrollment)
        assert await self.mentors(cast) == [cast.juniors[1].id]
        assert (await cast.propose()).not_ready == ({reason: 1} if reason else {})

    async def test_an_open_lesson_counts_where_the_program_asks_for_it(self, cast: Cast) -> None:
        now = cast.company.runtime.clock()
        for person in (cast.boss, cast.juniors[1]):
            await cast.set(person, lesson_done_at=now)
        assert len(await self.mentors(cast)) == 2
        await cast.set(training_required=True)
        assert await self.mentors(cast) == [cast.juniors[1].id]
        assert (await cast.propose()).not_ready == {"lesson": 1}

    @ONE_ENGINE
    async def test_an_application_counts_though_the_level_is_not_known_yet(
        self, cast: Cast
    ) -> None:
        await cast.set(cast.juniors[0], state=EnrollmentState.APPLIED, stated_level=1)
        await cast.change(cast.juniors[0], level=None)
        assert (await cast.propose()).not_ready == {"undecided": 1}

    async def test_what_keeps_a_whole_side_out_is_said(self, cast: Cast) -> None:
        await cast.set(cast.boss, paused_since=date(2026, 1, 2))
        await cast.set(cast.juniors[0], skips_match=True)
        library = cast.company.runtime.library
        for juniors_skip, key, reasons in (
            (False, "no_mentee_waiting", {"paused": 1}),
            (True, "nobody_to_match", {"paused": 1, "skipping": 2}),
        ):
            await cast.set(cast.juniors[1], skips_match=juniors_skip)
            async with cast.company.transaction() as session:
                with pytest.raises(UserFacingError, match=key) as refused:
                    await cast.sides(session)
            said = [library.say(f"match.not_ready_{one}", count=n) for one, n in reasons.items()]
            assert refused.value.values == {"why": " ".join(said)}

    async def test_a_mentor_is_in_as_many_matches_as_the_program_lets_them_mentor(
        self, cast: Cast
    ) -> None:
        await cast.set(mentor_capacity=2)
        await cast.publish(run_of(await cast.propose()))
        second = await cast.company.person("Second Boss", level=5)
        third = await cast.company.person("Third Boss", level=5)
        for person in (second, third):
            await cast.company.enrol(cast.program, person, ["digital-tools"])
        assert set(await self.mentors(cast)) == {one.id for one in cast.juniors}
        await cast.publish(run_of(await cast.propose()))
        left_with_room = [one.id for one in cast.juniors if one is not cast.juniors[1]]
        fourth = await cast.company.person("Fourth Boss", level=5)
        await cast.company.enrol(cast.program, fourth)
        assert await self.mentors(cast) == left_with_room

    @pytest.mark.parametrize("state", [found for found in PairState if found != PairState.ENDED])
    @ONE_ENGINE
    async def test_every_pair_but_an_ended_one_takes_room(
        self, cast: Cast, state: PairState
    ) -> None:
        await cast.company.pair(cast.program, cast.juniors[0], cast.boss, state=state)
        other = await cast.company.person("Other Boss", level=5)
        await cast.company.enrol(cast.program, other)
        assert await self.mentors(cast) == [cast.juniors[1].id]

    async def test_who_lost_their_partner_waits_again_and_gets_another(self, cast: Cast) -> None:
        [pair] = await cast.publish(run_of(await cast.propose()))
        async with cast.company.transaction() as session:
            (await session.get_one(Pair, pair.id)).state = PairState.ENDED
        assert len(await self.mentors(cast)) == 2
        [again] = await cast.publish(run_of(await cast.propose()))
        assert (again.mentor_id, again.mentee_id) == (cast.juniors[0].id, cast.boss.id)


class TestWhoIsNotPaired:
    @pytest.mark.parametrize("who", ["mentor", "mentee"])
    async def test_two_of_whom_one_would_rather_not(self, cast: Cast, who: str) -> None:
        two = (cast.juniors[1], cast.boss)
        await cast.would_rather_not(*(two if who == "mentor" else two[::-1]))
        [best] = (await cast.propose()).best
        assert best.mentor_id == cast.juniors[0].id

    async def test_that_is_said_after_the_proposal_makes_it_out_of_date(self, cast: Cast) -> None:
        run_id = run_of(await cast.propose())
        await cast.would_rather_not(cast.juniors[1], cast.boss)
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await cast.publish(run_id)
        assert await cast.pairs() == []

    @ONE_ENGINE
    async def test_nothing_that_is_kept_of_the_match_tells(self, cast: Cast) -> None:
        """Two runs that differ only in a wish that changes nothing are the same."""
        plain = await cast.propose()
        await cast.would_rather_not(cast.boss, cast.juniors[0])
        wished = await cast.propose()
        facts = [
            [(one.mentor_id, one.score, one.reasons, one.shared_topics) for one in found.best]
            for found in (plain, wished)
        ]
        assert facts[0] == facts[1]
        assert plain.not_ready == wished.not_ready

    @ONE_ENGINE
    async def test_two_who_are_nearer_than_the_programs_gap(self, cast: Cast) -> None:
        await cast.set(level_gap=6)
        with pytest.raises(UserFacingError, match="no_possible_pair"):
            await cast.propose()

    @ONE_ENGINE
    async def test_a_gap_that_was_widened_makes_a_run_out_of_date(self, cast: Cast) -> None:
        run_id = run_of(await cast.propose())
        await cast.set(level_gap=6)
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await cast.publish(run_id)

    @ONE_ENGINE
    async def test_what_one_of_them_refuses_is_not_shared(self, cast: Cast) -> None:
        for person in (cast.boss, cast.juniors[1]):
            await cast.set(person, topics=["digital-tools", "social-media"])
        await cast.set(cast.boss, refused_topics=["digital-tools"])
        await cast.set(cast.juniors[0], state=EnrollmentState.LEFT)
        [best] = (await cast.propose()).best
        assert best.shared_topics == ["social-media"]

    @ONE_ENGINE
    async def test_a_topic_that_the_program_no_longer_has_is_not_shared(self, cast: Cast) -> None:
        await cast.set(topics=["social-media"])
        [best] = (await cast.propose()).best
        assert best.shared_topics == []

    @ONE_ENGINE
    async def test_a_topic_taken_away_after_the_proposal_makes_it_out_of_date(
        self, cast: Cast
    ) -> None:
        run_id = run_of(await cast.propose())
        await cast.set(topics=["social-media"])
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await cast.publish(run_id)


class TestIdentityTopics:
    """A topic that touches who people are is shared only with the yes of both."""

    @pytest.fixture
    async def both(self, cast: Cast) -> list[Person]:
        """The two who would share such a topic, and have said yes."""
        both = [cast.boss, cast.juniors[1]]
        await cast.set(topics=["inclusion"])
        for person in both:
            await cast.set(person, topics=["inclusion"], identity_topics=["inclusion"])
        return both

    @ONE_ENGINE
    async def test_with_the_yes_of_both(self, cast: Cast, both: list[Person]) -> None:
        [best] = (await cast.propose()).best
        assert best.shared_topics == ["inclusion"]

    @pytest.mark.parametrize("who", [0, 1])
    @ONE_ENGINE
    async def test_without_one_of_them(self, cast: Cast, both: list[Person], who: int) -> None:
        await cast.set(both[who], identity_topics=[])
        [best] = (await cast.propose()).best
        assert best.shared_topics == []

    async def test_taken_back_after_the_proposal_makes_it_out_of_date(
        self, cast: Cast, both: list[Person]
    ) -> None:
        run_id = run_of(await cast.propose())
        await cast.set(cast.boss, identity_topics=[])
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await cast.publish(run_id)
        assert await cast.pairs() == []


class TestApprovals:
    @pytest.fixture
    async def second(self, cast: Cast) -> Person:
        """Another manager of the program, whose pairs two must approve."""
        second = await cast.company.person("Sam Second", level=3)
        await cast.manages(second)
        await cast.set(approvals_needed=2)
        return second

    async def test_the_last_one_that_is_needed_publishes(self, cast: Cast, second: Person) -> None:
        run_id = run_of(await cast.propose())
        first = await cast.approve(run_id)
        assert (first.approvals, first.pairs) == (1, None)
        assert await cast.pairs() == []
        outcome = await cast.approve(run_id, second)
        assert outcome.pairs is not None
        assert len(await cast.pairs()) == len(outcome.pairs) == 1

    async def test_the_same_manager_twice_counts_once(self, cast: Cast, second: Person) -> None:
        run_id = run_of(await cast.propose())
        await cast.approve(run_id)
        with pytest.raises(UserFacingError, match="match_approved_already"):
            await cast.approve(run_id)
        assert await cast.pairs() == []

    async def test_two_at_once_publish_once(self, cast: Cast, second: Person) -> None:
        run_id = run_of(await cast.propose())
        found = await asyncio.gather(cast.approve(run_id), cast.approve(run_id, second))
        assert [one.approvals for one in sorted(found, key=lambda one: one.approvals)] == [1, 2]
        assert len(await cast.pairs()) == 1

    @ONE_ENGINE
    async def test_of_somebody_who_no_longer_manages_it_does_not_count(
        self, cast: Cast, second: Person
    ) -> None:
        run_id = run_of(await cast.propose())
        await cast.approve(run_id, second)
        async with cast.company.transaction() as session:
            gone = (ProgramManager.person_id == second.id,)
            await session.delete((await session.scalars(select(ProgramManager).where(*gone))).one())
        assert (await cast.approve(run_id)).pairs is None

    @ONE_ENGINE
    async def test_of_somebody_who_has_left_does_not_count(
        self, cast: Cast, second: Person
    ) -> None:
        run_id = run_of(await cast.propose())
        await cast.approve(run_id, second)
        await cast.change(second, active=False)
        assert (await cast.approve(run_id)).pairs is None

    async def test_as_many_are_needed_as_when_it_was_proposed(
        self, cast: Cast, second: Person
    ) -> None:
        """Else a manager could lower the number and publish alone what others have seen."""
        run_id = run_of(await cast.propose())
        await cast.set(approvals_needed=1)
        outcome = await cast.approve(run_id)
        assert (outcome.approvals, outcome.needed, outcome.pairs) == (1, 2, None)

    @ONE_ENGINE
    async def test_a_run_for_fewer_than_are_asked_for_now_is_out_of_date(
        self, cast: Cast, second: Person
    ) -> None:
        run_id = run_of(await cast.propose())
        await cast.set(approvals_needed=3)
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await cast.approve(run_id)

    @ONE_ENGINE
    async def test_nobody_approves_their_own_pair(self, cast: Cast) -> None:
        await cast.manages(cast.boss)
        run_id = run_of(await cast.propose())
        with pytest.raises(UserFacingError, match="match_not_your_own"):
            await cast.approve(run_id, cast.boss)
        assert await cast.pairs() == []

    @ONE_ENGINE
    async def test_each_run_is_approved_for_itself(self, cast: Cast, second: Person) -> None:
        one, other = run_of(await cast.propose()), run_of(await cast.propose())
        await cast.approve(one)
        assert (await cast.approve(other, second)).pairs is None


class TestAManagerWhoTakesPart:
    """Runs with and without a wish would tell them who would rather not be paired with them."""

    async def test_leaves_the_match_to_another_manager(self, cast: Cast) -> None:
        await cast.manages(cast.boss)
        with pytest.raises(UserFacingError, match="match_another_manager"):
            await cast.propose(by=cast.boss)
        assert len((await cast.propose()).best) == 1

    @ONE_ENGINE
    async def test_who_has_all_the_partners_they_may_have_can_make_one(self, cast: Cast) -> None:
        await cast.publish(run_of(await cast.propose()))
        await cast.manages(cast.boss)
        other = await cast.company.person("Other Boss", level=5)
        await cast.company.enrol(cast.program, other)
        assert len((await cast.propose(by=cast.boss)).best) == 1

    @pytest.mark.parametrize("wishes", [False, True])
    @ONE_ENGINE
    async def test_who_alone_can_make_one_is_left_out_of_it(self, cast: Cast, wishes: bool) -> None:
        await cast.manages(cast.juniors[0])
        await cast.change(cast.manager, active=False)
        if wishes:
            await cast.would_rather_not(cast.boss, cast.juniors[0])
        async with cast.company.transaction() as session:
            sides = await cast.sides(session, cast.juniors[0])
        assert [one.person_id for one in sides.mentors] == [cast.juniors[1].id]
        assert sides.without_runner

    @pytest.mark.parametrize("wishes", [False, True])
    @ONE_ENGINE
    async def test_and_if_nobody_is_left_hears_the_same_whatever_others_wish(
        self, cast: Cast, wishes: bool
    ) -> None:
        await cast.manages(cast.boss)
        await cast.change(cast.manager, active=False)
        if wishes:
            for junior in cast.juniors:
                await cast.would_rather_not(junior, cast.boss)
        with pytest.raises(UserFacingError, match="match_without_you"):
            await cast.propose(by=cast.boss)

    @ONE_ENGINE
    async def test_is_not_shown_one_that_others_make(self, cast: Cast) -> None:
        second = await cast.company.person("Sam Second", level=3)
        for person in (cast.boss, second):
            await cast.manages(person)
        await cast.set(approvals_needed=2)
        runtime, said = cast.company.runtime, Message("Pairs", [])
        async with cast.company.transaction() as session:
            shown = await service.show(session, runtime, cast.manager, cast.program, said)
        await delivery.send_due(runtime)
        assert shown == 2
        for person, count in ((cast.manager, 1), (second, 1), (cast.boss, 0)):
            member = cast.company.member(person)
            assert len(member.messages(member.direct())) == count

    @ONE_ENGINE
    async def test_where_too_few_others_approve_that_is_said(self, cast: Cast) -> None:
        await cast.manages(cast.boss)
        await cast.set(approvals_needed=2)
        async with cast.company.transaction() as session:
            with pytest.raises(UserFacingError, match="match_too_few_to_approve"):
                await service.show(
                    session, cast.company.runtime, cast.manager, cast.program, Message("", [])
                )


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
                await cast.sides(session)

    async def test_a_program_that_has_a_break_makes_no_pairs(self, cast: Cast) -> None:
        run_id = run_of(await cast.propose())
        await cast.set(paused_at=cast.company.runtime.clock())
        with pytest.raises(UserFacingError, match="program_is_paused"):
            await cast.propose()
        with pytest.raises(UserFacingError, match="program_is_paused"):
            await cast.publish(run_id)
        assert await cast.pairs() == []

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


class TestAfterPublishing:
    async def test_whoever_left_this_match_out_is_in_the_next(self, cast: Cast) -> None:
        await cast.set(cast.juniors[0], skips_match=True)
        await cast.publish(run_of(await cast.propose()))
        async with cast.company.transaction() as session:
            assert not (await cast.enrolled(session, cast.juniors[0])).skips_match

    @pytest.mark.parametrize(
        ("enrollment", "reason"),
        [
            ({"state": EnrollmentState.APPLIED}, "undecided"),
            ({"state": EnrollmentState.TALKING}, "undecided"),
            ({"state": EnrollmentState.WAITLISTED}, "waitlisted"),
            ({"state": EnrollmentState.LEFT}, None),
            ({"paused_since": date(2026, 1, 2)}, "paused"),
            ({"skips_match": True}, "skipping"),
            ({"lesson_done_at": None}, "lesson"),
        ],
    )
    async def test_whoever_could_not_be_in_it_is_told_what_is_missing(
        self, cast: Cast, enrollment: dict[str, object], reason: str | None
    ) -> None:
        await cast.set(training_required=True)
        for person in (cast.boss, *cast.juniors):
            await cast.set(person, lesson_done_at=cast.company.runtime.clock())
        await cast.set(cast.juniors[0], **enrollment)
        await cast.publish(run_of(await cast.propose()))
        library = cast.company.runtime.library
        expected = [library.say(f"match.left_out_{reason}", program="Fresh Eyes")] if reason else []
        assert await cast.told(cast.juniors[0]) == expected

    async def test_who_is_on_a_break_and_has_a_partner_is_told_nothing(self, cast: Cast) -> None:
        await cast.set(mentor_capacity=2)
        await cast.publish(run_of(await cast.propose()))
        await cast.set(cast.juniors[1], paused_since=date(2026, 1, 2))
        await cast.company.enrol(cast.program, await cast.company.person("New Boss", level=5))
        await cast.publish(run_of(await cast.propose()))
        assert await cast.told(cast.juniors[1]) == []

    async def test_nobody_is_written_to_at_night(self, cast: Cast, clock: Clock) -> None:
        clock.forward(hours=12)
        await cast.publish(run_of(await cast.propose()))
        assert await cast.told(cast.juniors[0]) == []
        clock.forward(hours=13)
        assert len(await cast.told(cast.juniors[0])) == 1

    async def test_what_was_still_to_be_said_before_it_is_not_said_any_more(
        self, cast: Cast, clock: Clock
    ) -> None:
        clock.forward(hours=12)
        soon = clock().date() + timedelta(days=1)
        await cast.set(join_by=soon)
        await dates_service.follow_dates(cast.company.runtime)
        await cast.publish(run_of(await cast.propose()))
        clock.forward(hours=13)
        library = cast.company.runtime.library
        assert await cast.told(cast.juniors[1]) == []
        assert await cast.told(cast.juniors[0]) == [
            library.say("match.waiting", program="Fresh Eyes")
        ]

    @ONE_ENGINE
    async def test_who_has_a_partner_already_is_not_told_to_wait(self, cast: Cast) -> None:
        await cast.set(mentee_capacity=3, mentor_capacity=2)
        await cast.publish(run_of(await cast.propose()))
        await cast.publish(run_of(await cast.propose()))  # with the other junior
        await delivery.send_due(cast.company.runtime)
        told = cast.company.member(cast.juniors[1])
        assert told.messages(told.direct()) == []

    @ONE_ENGINE
    async def test_it_shows_on_homes(self, cast: Cast) -> None:
        people = [cast.boss, cast.manager, *cast.juniors]
        async with cast.company.transaction() as session:
            session.add_all(Home(person_id=person.id) for person in people)
        await cast.publish(run_of(await cast.propose()))
        async with cast.company.transaction() as session:
            homes = (await session.scalars(select(Home))).all()
        assert all(home.outdated_since for home in homes)

    @ONE_ENGINE
    async def test_of_a_program_that_closes_is_refused(self, cast: Cast) -> None:
        run_id = run_of(await cast.propose())
        await cast.set(state=ProgramState.CLOSING)
        with pytest.raises(UserFacingError, match="program_is_closing"):
            await cast.publish(run_id)
        assert await cast.pairs() == []


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
