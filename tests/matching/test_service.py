import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.errors import UserFacingError
from bot.matching import service, store
from bot.slack import installations
from models import (
    Decision,
    DecisionKind,
    HoldKind,
    Home,
    MatchRun,
    MatchRunState,
    PairState,
    Person,
    ProgramManager,
    ProgramState,
)
from tests.conftest import Clock
from tests.matching.cast import Cast

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def decisions(cast: Cast) -> list[tuple[DecisionKind, int | None]]:
    async with cast.company.transaction() as session:
        rows = await session.scalars(select(Decision).order_by(Decision.id))
        return [(row.kind, row.person_id) for row in rows]


class TestRequest:
    async def test_says_who_waits_and_leaves_the_work_to_the_ticker(self, cast: Cast) -> None:
        asked = len(cast.company.sandbox.calls)
        requested = await cast.request()
        assert (requested.mentors, requested.mentees, requested.without_runner) == (2, 1, False)
        run = await cast.run(requested.run.id)
        assert (run.state, run.requested_by_id) == (MatchRunState.REQUESTED, cast.manager.id)
        assert (run.approvals_needed, run.progress) == (1, 0)
        assert await cast.proposed(run.id) == []
        assert await decisions(cast) == [(DecisionKind.REQUESTED, cast.manager.id)]
        assert len(cast.company.sandbox.calls) == asked

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
        with pytest.raises(UserFacingError, match=key):
            await cast.request()
        assert await cast.runs() == []

    @ONE_ENGINE
    async def test_what_keeps_a_whole_side_out_is_said(self, cast: Cast) -> None:
        await cast.set(cast.boss, paused_since=date(2026, 1, 2))
        await cast.set(cast.juniors[0], skips_match=True)
        for juniors_skip, key, reasons in (
            (False, "no_mentee_waiting", {"paused": 1}),
            (True, "nobody_to_match", {"paused": 1, "skipping": 2}),
        ):
            await cast.set(cast.juniors[1], skips_match=juniors_skip)
            with pytest.raises(UserFacingError, match=key) as refused:
                await cast.request()
            said = [cast.say(f"match.not_ready_{one}", count=n) for one, n in reasons.items()]
            assert refused.value.values == {"why": " ".join(said)}

    @ONE_ENGINE
    async def test_is_not_for_others(self, cast: Cast) -> None:
        other = await cast.company.person()
        await cast.company.program(other, name="Another")
        for person in (other, cast.boss):
            with pytest.raises(UserFacingError, match="not_allowed"):
                await cast.request(person)

    @pytest.mark.parametrize(
        "state", [ProgramState.DRAFT, ProgramState.CLOSING, ProgramState.CLOSED]
    )
    @ONE_ENGINE
    async def test_a_program_that_makes_no_pairs_says_where_it_is(
        self, cast: Cast, state: ProgramState
    ) -> None:
        await cast.set(state=state)
        with pytest.raises(UserFacingError, match=f"program_is_{state.value}"):
            await cast.request()

    @ONE_ENGINE
    async def test_a_program_that_has_a_break_makes_no_pairs(self, cast: Cast) -> None:
        await cast.set(paused_at=cast.company.runtime.clock())
        with pytest.raises(UserFacingError, match="program_is_paused"):
            await cast.request()

    @ONE_ENGINE
    async def test_weights_that_count_nothing_are_said(self, cast: Cast) -> None:
        await cast.set(weights=dict.fromkeys((await cast.sides()).weights.by_name(), 0))
        with pytest.raises(UserFacingError, match="match_weights_nothing"):
            await cast.request()

    @ONE_ENGINE
    async def test_while_one_is_under_way_says_whose_and_how_far(
        self, cast: Cast, clock: Clock
    ) -> None:
        run_id = (await cast.request()).run.id
        async with cast.company.transaction() as session:
            await store.note_progress(session, run_id, 40, clock() + timedelta(minutes=10))
        clock.forward(minutes=3)
        second = await cast.company.person("Sam Second", level=3)
        await cast.manages(second)
        with pytest.raises(UserFacingError, match="match_under_way") as refused:
            await cast.request(second)
        assert refused.value.values == {
            "who": f"<@{cast.manager.slack_user_id}>",
            "since": cast.say("match_asking.minutes_ago", count=3),
            "progress": 40,
        }
        assert len(await cast.runs()) == 1

    @ONE_ENGINE
    async def test_while_the_app_works_on_one_says_so(self, cast: Cast) -> None:
        await cast.rematch()
        with pytest.raises(UserFacingError, match="match_under_way_by_app"):
            await cast.request()

    @ONE_ENGINE
    async def test_while_people_are_being_asked_says_until_when(self, cast: Cast) -> None:
        await cast.ask()
        with pytest.raises(UserFacingError, match="match_asks_until") as refused:
            await cast.request()
        assert refused.value.values == {"program": "Fresh Eyes", "day": "8 January 2026"}

    async def test_twice_at_once_asks_once(self, cast: Cast) -> None:
        results = await asyncio.gather(*(cast.request() for _ in range(3)), return_exceptions=True)
        refused = [found.key for found in results if isinstance(found, UserFacingError)]
        assert refused == ["match_under_way"] * 2
        assert await cast.runs() == [MatchRunState.REQUESTED]

    @ONE_ENGINE
    async def test_shows_on_the_managers_home(self, cast: Cast) -> None:
        async with cast.company.transaction() as session:
            session.add(Home(person_id=cast.manager.id))
        await cast.request()
        async with cast.company.transaction() as session:
            assert (await session.scalars(select(Home))).one().outdated_since

    @ONE_ENGINE
    async def test_where_too_few_managers_could_approve_that_is_said(self, cast: Cast) -> None:
        await cast.manages(cast.boss)
        await cast.set(approvals_needed=2)
        with pytest.raises(UserFacingError, match="match_too_few_to_approve") as refused:
            await cast.request()
        assert refused.value.values == {"count": 1, "needed": 2}


class TestAManagerWhoTakesPart:
    """Runs with and without a wish would tell them who would rather not be paired with them."""

    @ONE_ENGINE
    async def test_leaves_the_match_to_another_manager(self, cast: Cast) -> None:
        await cast.manages(cast.boss)
        with pytest.raises(UserFacingError, match="match_another_manager"):
            await cast.request(by=cast.boss)
        assert len(await cast.proposed(await cast.propose())) == 1

    @ONE_ENGINE
    async def test_who_has_all_the_partners_they_may_have_can_make_one(self, cast: Cast) -> None:
        await cast.publish(await cast.propose())
        await cast.manages(cast.boss)
        await cast.another_boss()
        assert len(await cast.proposed(await cast.propose(by=cast.boss))) == 1

    @pytest.mark.parametrize("wishes", [False, True])
    @ONE_ENGINE
    async def test_who_alone_can_make_one_is_left_out_of_it(self, cast: Cast, wishes: bool) -> None:
        await cast.manages(cast.juniors[0])
        await cast.change(cast.manager, active=False)
        if wishes:
            await cast.would_rather_not(cast.boss, cast.juniors[0])
        requested = await cast.request(cast.juniors[0])
        assert (requested.mentors, requested.mentees) == (1, 1)
        assert requested.without_runner

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
            await cast.request(by=cast.boss)


class TestRequestRematch:
    async def test_is_a_run_of_nobody(self, cast: Cast) -> None:
        assert await cast.rematch()
        assert await cast.work_off() == 1
        async with cast.company.transaction() as session:
            run = (await session.scalars(select(MatchRun))).one()
        assert (run.state, run.requested_by_id) == (MatchRunState.PROPOSED, None)
        assert await cast.proposed(run.id) == [cast.best]
        assert len(await cast.channel()) == 1
        assert await decisions(cast) == []

    @ONE_ENGINE
    async def test_is_pointless_where_nobody_can_be_paired(self, cast: Cast) -> None:
        for junior in cast.juniors:
            await cast.company.pair(cast.program, junior, cast.boss, state=PairState.ENDED)
        assert not await cast.rematch()
        assert await cast.runs() == []

    @ONE_ENGINE
    async def test_is_pointless_without_another_side(self, cast: Cast) -> None:
        await cast.change(cast.boss, active=False)
        assert not await cast.rematch()

    @ONE_ENGINE
    async def test_leaves_a_run_that_is_under_way_alone(self, cast: Cast) -> None:
        await cast.request()
        assert not await cast.rematch()
        await cast.work_off()
        await cast.set(asks_participants=True)
        async with cast.company.transaction() as session:
            run_id = (await session.scalars(select(MatchRun.id))).one()
        await cast.approve(run_id)
        assert not await cast.rematch()
        assert await cast.runs() == [MatchRunState.ASKING]

    @ONE_ENGINE
    async def test_leaves_a_run_that_somebody_has_approved_alone(self, cast: Cast) -> None:
        await cast.manages(await cast.company.person("Sam Second", level=3))
        await cast.set(approvals_needed=2)
        await cast.approve(await cast.propose())
        assert not await cast.rematch()

    @ONE_ENGINE
    async def test_takes_the_place_of_one_that_nobody_has_looked_at(self, cast: Cast) -> None:
        await cast.propose()
        assert await cast.rematch()
        await cast.work_off()
        assert await cast.runs() == [MatchRunState.DROPPED, MatchRunState.PROPOSED]

    @pytest.mark.parametrize("columns", [{"state": ProgramState.CLOSING}, {"paused_at": "now"}])
    @ONE_ENGINE
    async def test_does_nothing_where_the_program_makes_no_pairs(
        self, cast: Cast, columns: dict[str, object]
    ) -> None:
        now = cast.company.runtime.clock()
        await cast.set(**{name: now if v == "now" else v for name, v in columns.items()})
        assert not await cast.rematch()


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
        assert await decisions(cast) == [
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
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await cast.approve(run_id)

    @ONE_ENGINE
    async def test_nobody_approves_their_own_pair(self, cast: Cast) -> None:
        await cast.manages(cast.boss)
        run_id = await cast.propose()
        with pytest.raises(UserFacingError, match="match_not_your_own"):
            await cast.approve(run_id, cast.boss)
        assert await cast.pairs() == []

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
            await cast.approve(404)

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

    async def stale(self, cast: Cast, run_id: int) -> None:
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await cast.approve(run_id)
        assert await cast.pairs() == []
        assert await cast.runs() == [MatchRunState.PROPOSED]

    @pytest.mark.parametrize(
        "facts",
        [{"level": 6}, {"level": None}, {"active": False}],
        ids=["promoted", "level lost", "left"],
    )
    @ONE_ENGINE
    async def test_that_people_data_overtook(self, cast: Cast, facts: dict[str, object]) -> None:
        run_id = await cast.propose()
        await cast.change(cast.juniors[1], **facts)
        await self.stale(cast, run_id)

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

    @pytest.mark.parametrize("settings_", [{"level_gap": 6}, {"topics": ["social-media"]}])
    @ONE_ENGINE
    async def test_of_changed_settings(self, cast: Cast, settings_: dict[str, object]) -> None:
        run_id = await cast.propose()
        await cast.set(**settings_)
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


class TestReviewer:
    async def reviews(self, cast: Cast, run_id: int, by: Person, **how: bool) -> MatchRunState:
        async with cast.company.transaction() as session:
            program, run = await service.reviewer(session, by, run_id, **how)
            assert program.id == cast.program.id
            return run.state

    @ONE_ENGINE
    async def test_is_a_manager_who_could_not_be_in_it(self, cast: Cast) -> None:
        run_id = await cast.propose()
        assert await self.reviews(cast, run_id, cast.manager) is MatchRunState.PROPOSED
        with pytest.raises(UserFacingError, match="not_allowed"):
            await self.reviews(cast, run_id, cast.boss)
        await cast.manages(cast.boss)
        with pytest.raises(UserFacingError, match="match_another_manager"):
            await self.reviews(cast, run_id, cast.boss)

    @ONE_ENGINE
    async def test_or_the_one_whom_it_leaves_out(self, cast: Cast) -> None:
        await cast.manages(cast.juniors[0])
        await cast.change(cast.manager, active=False)
        run_id = await cast.propose(by=cast.juniors[0])
        assert await self.reviews(cast, run_id, cast.juniors[0]) is MatchRunState.PROPOSED

    @ONE_ENGINE
    async def test_but_not_once_another_manager_can(self, cast: Cast) -> None:
        """Whoever has asked for it has joined since, and could find out whom the rules keep from
        them."""
        run_id = await cast.propose()
        await cast.company.enrol(cast.program, cast.manager)
        await cast.manages(await cast.company.person("Sam Second", level=3))
        with pytest.raises(UserFacingError, match="match_another_manager"):
            await self.reviews(cast, run_id, cast.manager)

    @ONE_ENGINE
    async def test_or_any_manager_of_one_the_app_has_left_them_out_of(self, cast: Cast) -> None:
        await cast.manages(cast.juniors[0])
        await cast.change(cast.manager, active=False)
        await cast.rematch()
        await cast.work_off()
        async with cast.company.transaction() as session:
            run_id = (await session.scalars(select(MatchRun.id))).one()
        assert await self.reviews(cast, run_id, cast.juniors[0]) is MatchRunState.PROPOSED

    @ONE_ENGINE
    async def test_sees_what_was_published_and_changes_nothing_of_it(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await cast.publish(run_id)
        assert await self.reviews(cast, run_id, cast.manager) is MatchRunState.PUBLISHED
        with pytest.raises(UserFacingError, match="match_already_published"):
            await self.reviews(cast, run_id, cast.manager, to_change=True)

    @pytest.mark.parametrize("to_change", [False, True])
    @ONE_ENGINE
    async def test_of_a_run_that_was_replaced_is_told(self, cast: Cast, to_change: bool) -> None:
        older = await cast.propose()
        await cast.propose()
        with pytest.raises(UserFacingError, match="match_replaced"):
            await self.reviews(cast, older, cast.manager, to_change=to_change)


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
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await publishing
        assert await cast.pairs() == []


class TestBesideANewRun:
    async def test_approving_and_replacing_at_once_is_one_or_the_other(self, cast: Cast) -> None:
        """Both hold the program first, so that neither waits for the other in a circle."""
        older = await cast.propose()
        await cast.request()
        approved, _ = await asyncio.gather(
            cast.approve(older), cast.work_off(), return_exceptions=True
        )
        states = await cast.runs()
        if isinstance(approved, UserFacingError):
            assert approved.key == "match_replaced"
            assert states == [MatchRunState.DROPPED, MatchRunState.PROPOSED]
            assert await cast.pairs() == []
        else:
            assert not isinstance(approved, BaseException)
            assert states[0] is MatchRunState.PUBLISHED
            assert len(await cast.pairs()) == 1
