import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.errors import UserFacingError
from bot.matching import runs_store, service
from bot.matching.scores import DEFAULT_WEIGHTS
from models import (
    DecisionKind,
    EnrollmentState,
    Home,
    MatchRun,
    MatchRunState,
    PairState,
    Person,
    ProgramState,
)
from tests.conftest import Clock
from tests.matching.cast import Cast
from tests.statements import counted

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class TestRequest:
    async def test_says_who_waits_and_leaves_the_work_to_the_ticker(self, cast: Cast) -> None:
        asked = len(cast.company.sandbox.calls)
        requested = await cast.request()
        assert (requested.mentors, requested.mentees, requested.without_runner) == (2, 1, False)
        run = await cast.run(requested.run.id)
        assert (run.state, run.requested_by_id) == (MatchRunState.REQUESTED, cast.manager.id)
        assert (run.approvals_needed, run.progress) == (1, 0)
        assert await cast.proposed(run.id) == []
        assert await cast.decisions() == [(DecisionKind.REQUESTED, cast.manager.id)]
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
        await cast.set(weights=dict.fromkeys(DEFAULT_WEIGHTS.by_name(), 0))
        with pytest.raises(UserFacingError, match="match_weights_nothing"):
            await cast.request()

    @ONE_ENGINE
    async def test_while_one_is_under_way_says_whose_and_how_far(
        self, cast: Cast, clock: Clock
    ) -> None:
        run = (await cast.request()).run
        async with cast.company.transaction() as session:
            await runs_store.renew(session, run, clock() + timedelta(minutes=10), 40)
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
        with pytest.raises(UserFacingError, match="match_under_way_by_app") as refused:
            await cast.request()
        assert refused.value.values["since"] == cast.say("match_asking.just_now")

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
    async def test_who_has_all_the_partners_they_may_have_does_so_too(self, cast: Cast) -> None:
        await cast.publish(await cast.propose())
        await cast.manages(cast.boss)
        await cast.another_boss()
        with pytest.raises(UserFacingError, match="match_another_manager"):
            await cast.request(by=cast.boss)

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

    @ONE_ENGINE
    async def test_of_one_that_leads_to_nothing_nobody_hears(self, cast: Cast) -> None:
        for junior in cast.juniors:
            await cast.company.pair(cast.program, junior, cast.boss, state=PairState.ENDED)
        assert await cast.rematch()
        assert await cast.work_off() == 1
        assert await cast.runs() == [MatchRunState.DROPPED]
        assert await cast.told(cast.manager) == await cast.channel() == []
        assert await cast.decisions() == []

    @ONE_ENGINE
    async def test_reads_nobody_who_waits(self, cast: Cast) -> None:
        """It is asked for while somebody leaves their pair, who is not to wait for it."""
        with counted(cast.company) as statements:
            await cast.rematch()
        assert not [one for one in statements if "FROM enrollment" in one or "profile" in one]

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

    @pytest.mark.parametrize(
        "columns",
        [{"paused_since": date(2026, 1, 2)}, {"skips_match": True}],
        ids=["a break", "skips it"],
    )
    @ONE_ENGINE
    async def test_nobody_who_takes_part_even_if_not_in_this_match(
        self, cast: Cast, columns: dict[str, object]
    ) -> None:
        await cast.set(cast.boss, **columns)
        await cast.another_boss()
        run_id = await cast.propose()
        await cast.manages(cast.boss)
        with pytest.raises(UserFacingError, match="match_another_manager"):
            await self.reviews(cast, run_id, cast.boss)
        with pytest.raises(UserFacingError, match="match_another_manager"):
            await cast.request(by=cast.boss)

    @pytest.mark.parametrize("place", [0, 1], ids=["left over", "in a pair"])
    @ONE_ENGINE
    async def test_nobody_who_was_in_it_whatever_has_become_of_it(
        self, cast: Cast, place: int
    ) -> None:
        run_id = await cast.propose()
        await cast.publish(run_id)
        person = cast.juniors[place]
        await cast.manages(person)
        await cast.set(person, state=EnrollmentState.LEFT)
        await cast.change(cast.manager, active=False)
        with pytest.raises(UserFacingError, match="match_another_manager"):
            await self.reviews(cast, run_id, person)

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
