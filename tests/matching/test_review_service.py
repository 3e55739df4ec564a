import pytest

from bot.errors import UserFacingError
from bot.matching import holds_service as holds
from bot.matching import making_service as making
from bot.matching import review_service as service
from bot.views.modals import match_decisions
from bot.views.modals.match_decisions import Decisions
from bot.views.modals.match_fairness import Fairness
from bot.views.modals.match_run import ON_A_PAGE, LeftAlone, Listed, Review, Shown, Two
from models import (
    Decision,
    DecisionKind,
    Hold,
    HoldKind,
    LeftOver,
    MatchRunState,
    Person,
    Proposal,
    Role,
)
from tests.applications import manager
from tests.conftest import Clock
from tests.matching.cast import Cast
from tests.statements import counted

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def look(
    cast: Cast,
    run_id: int,
    listed: Listed = Listed.WEAKEST,
    page: int = 0,
    by: Person | None = None,
) -> Review:
    async with cast.company.transaction() as session:
        return await service.review(session, by or cast.manager, Shown(run_id, listed, page))


async def fill(cast: Cast, run_id: int, count: int) -> None:
    """So many more pairs in the run, and as many who are left over."""
    async with cast.company.transaction() as session:
        people = [
            Person(
                employee_id=f"F{number}",
                slack_user_id=f"UF{number:06d}",
                name=f"Filler {number:03d}",
                level=1,
                department=("Sales", "Care", "Shop")[number % 3],
                reporting_path="/1/",
                active=True,
            )
            for number in range(3 * count)
        ]
        session.add_all(people)
        await session.flush()
        point = {"key": "nobody_there", "values": {}}
        for number in range(count):
            mentor, mentee, left = people[3 * number : 3 * number + 3]
            two = {"mentor_id": mentor.id, "mentee_id": mentee.id}
            score = 0.1 + number / (2 * count)
            session.add(Proposal(match_run_id=run_id, score=score, shared_topics=[], **two))
            why = {"role": Role.MENTEE, "reason": point, "help": point}
            session.add(LeftOver(match_run_id=run_id, person_id=left.id, **why))


def scores(review: Review) -> list[float]:
    return [one.about.score for one in review.listed if isinstance(one, Two)]


class TestReview:
    async def test_lists_pairs_the_weakest_or_the_best_first(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await fill(cast, run_id, 3)
        weakest, best = await look(cast, run_id), await look(cast, run_id, Listed.BEST)
        assert scores(weakest) == sorted(scores(weakest))
        assert scores(best) == scores(weakest)[::-1]
        assert len(scores(best)) == 4
        [first] = [one for one in best.listed if isinstance(one, Two)][:1]
        assert (first.mentor.id, first.mentee.id) == cast.best

    async def test_lists_those_left_over_with_why(self, cast: Cast) -> None:
        run_id = await cast.propose()
        [found] = (await look(cast, run_id, Listed.LEFT_OVER)).listed
        assert isinstance(found, LeftAlone)
        assert (found.person.id, found.why.role) == (cast.juniors[0].id, Role.MENTOR)
        assert found.why.reason["key"] == "all_taken"

    @ONE_ENGINE
    async def test_lists_locked_pairs_and_those_never_to_be_one(self, cast: Cast) -> None:
        await cast.hold(HoldKind.FORBIDDEN, cast.juniors[0], cast.boss)
        run_id = await cast.propose()
        await fill(cast, run_id, 1)
        assert (await look(cast, run_id, Listed.LOCKED)).listed == []
        async with cast.company.transaction() as session:
            await holds.lock(session, cast.company.runtime, cast.manager, run_id, *cast.best)
        review = await look(cast, run_id, Listed.LOCKED)
        [locked] = review.listed
        [never] = (await look(cast, run_id, Listed.NEVER)).listed
        assert isinstance(locked, Two)
        assert isinstance(never, Two)
        assert (locked.mentor.id, locked.mentee.id) == cast.best
        assert (never.mentor.id, never.mentee.id) == (cast.juniors[0].id, cast.boss.id)
        assert (review.counts.pairs, review.counts.locked, review.counts.never) == (2, 1, 1)
        assert review.counts.left_over == {Role.MENTOR: 1, Role.MENTEE: 1}

    @ONE_ENGINE
    @pytest.mark.parametrize("listed", [Listed.WEAKEST, Listed.LEFT_OVER])
    async def test_shows_each_once_over_the_pages(self, cast: Cast, listed: Listed) -> None:
        run_id = await cast.propose()
        await fill(cast, run_id, 2 * ON_A_PAGE)
        pages = [await look(cast, run_id, listed, page) for page in range(3)]
        assert [len(page.listed) for page in pages] == [ON_A_PAGE, ON_A_PAGE, 1]
        ids = {
            one.person.id if isinstance(one, LeftAlone) else one.about.id
            for page in pages
            for one in page.listed
        }
        assert len(ids) == 2 * ON_A_PAGE + 1
        assert {page.pages for page in pages} == {3}

    @ONE_ENGINE
    async def test_a_page_beyond_the_last_is_the_last(self, cast: Cast) -> None:
        run_id = await cast.propose()
        assert (await look(cast, run_id, page=7)).shown == Shown(run_id, Listed.WEAKEST, 0)
        assert (await look(cast, run_id, Listed.NEVER, 7)).shown.page == 0

    @ONE_ENGINE
    async def test_asks_the_database_as_often_however_many_there_are(self, cast: Cast) -> None:
        run_id = await cast.propose()
        with counted(cast.company) as few:
            await look(cast, run_id)
        await fill(cast, run_id, 40)
        with counted(cast.company) as many:
            review = await look(cast, run_id)
        assert len(review.listed) == ON_A_PAGE
        assert len(many) == len(few)

    async def test_shows_the_run_that_has_taken_its_place(self, cast: Cast) -> None:
        run_id = await cast.propose()
        newer = await cast.propose()
        review = await look(cast, run_id)
        assert (review.run.id, review.is_newer) == (newer, True)
        assert not (await look(cast, newer)).is_newer

    @ONE_ENGINE
    async def test_says_when_a_new_one_is_worked_out(self, cast: Cast) -> None:
        run_id = await cast.propose()
        before = await look(cast, run_id)
        await cast.request()
        meanwhile = await look(cast, run_id)
        assert (before.under_way, before.may_change) == (None, True)
        assert meanwhile.under_way is not None
        assert meanwhile.under_way.id != run_id
        assert (meanwhile.run.id, meanwhile.may_change) == (run_id, False)

    @ONE_ENGINE
    async def test_of_a_published_run_nothing_is_to_be_changed(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await cast.publish(run_id)
        review = await look(cast, run_id)
        assert review.run.state is MatchRunState.PUBLISHED
        assert not review.may_change

    async def test_after_the_asking_lists_the_pairs_that_came_about(self, cast: Cast) -> None:
        second = await cast.another_boss()
        run_id = await cast.ask()
        pairs = dict(await cast.proposed(run_id))
        [one, another] = pairs
        people = {person.id: person for person in (*cast.juniors, cast.boss, second)}
        for person_id in (one, pairs[one], another):
            await cast.answer(run_id, people[person_id])
        await cast.stop(run_id)
        review = await look(cast, run_id)
        assert [
            (two.mentor.id, two.mentee.id) for two in review.listed if isinstance(two, Two)
        ] == [(one, pairs[one])]
        assert review.counts.pairs == 1
        assert review.counts.left_over == {Role.MENTOR: 1, Role.MENTEE: 1}
        left = (await look(cast, run_id, Listed.LEFT_OVER)).listed
        found = {
            (alone.person.id, alone.why.role) for alone in left if isinstance(alone, LeftAlone)
        }
        assert found == {(another, Role.MENTOR), (pairs[another], Role.MENTEE)}
        keys = {alone.why.reason["key"] for alone in left if isinstance(alone, LeftAlone)}
        assert keys == {"asked_in_vain"}
        async with cast.company.transaction() as session:
            _, fates = await service.fates(session, cast.manager, run_id)
        assert sorted(fate.score is None for fate in fates) == [False, False, True, True]

    @ONE_ENGINE
    async def test_lists_a_lock_that_the_run_could_not_keep(self, cast: Cast) -> None:
        await cast.hold(HoldKind.LOCKED, cast.juniors[0], cast.boss)
        await cast.hold(HoldKind.LOCKED, cast.juniors[1], cast.boss)
        await cast.change(cast.juniors[0], level=6)
        run_id = await cast.propose()
        review = await look(cast, run_id, Listed.LOCKED)
        assert review.counts.locked == 2
        kinds = [type(one.about) for one in review.listed if isinstance(one, Two)]
        assert kinds == [Hold, Proposal]

    @ONE_ENGINE
    async def test_nobody_reads_what_was_decided_about_their_own_pairs(self, cast: Cast) -> None:
        for person in (cast.manager, cast.juniors[0]):
            await cast.hold(HoldKind.FORBIDDEN, person, cast.boss)
        run_id = await cast.propose()
        async with cast.company.transaction() as session:
            at, kind = cast.company.runtime.clock(), DecisionKind.FORBIDDEN
            for mentor in (cast.manager, cast.juniors[0]):
                two = {"mentor_id": mentor.id, "mentee_id": cast.boss.id}
                row = {"program_id": cast.program.id, "kind": kind, "decided_at": at, **two}
                session.add(Decision(**row))
        review = await look(cast, run_id, Listed.NEVER)
        [never] = review.listed
        assert isinstance(never, Two)
        assert (never.mentor.id, review.counts.never) == (cast.juniors[0].id, 1)
        found = await decisions(cast, run_id)
        about = [one.mentor.id for one in found.listed if one.mentor is not None]
        assert (about, found.total) == ([cast.juniors[0].id], 2)

    @ONE_ENGINE
    async def test_is_for_managers_who_could_not_be_in_a_match(self, cast: Cast) -> None:
        taking_part = await manager(cast.company, cast.program)
        await cast.company.enrol(cast.program, taking_part)
        run_id = await cast.propose()
        for person, key in ((cast.boss, "not_allowed"), (taking_part, "match_another_manager")):
            with pytest.raises(UserFacingError, match=key):
                await look(cast, run_id, by=person)
            with pytest.raises(UserFacingError, match=key):
                await decisions(cast, run_id, by=person)

    @ONE_ENGINE
    async def test_a_run_of_which_nothing_came(self, cast: Cast) -> None:
        requested = await cast.request()
        with pytest.raises(UserFacingError, match="match_replaced"):
            await look(cast, requested.run.id)
        with pytest.raises(UserFacingError, match="match_out_of_date"):
            await look(cast, 999)


async def decisions(cast: Cast, run_id: int, page: int = 0, by: Person | None = None) -> Decisions:
    async with cast.company.transaction() as session:
        return await service.decisions(session, by or cast.manager, run_id, page)


class TestDecisions:
    async def test_say_who_and_about_whom_the_newest_first(self, cast: Cast, clock: Clock) -> None:
        second = await manager(cast.company, cast.program)
        run_id = await cast.propose()
        clock.forward(hours=1)
        async with cast.company.transaction() as session:
            await holds.lock(session, cast.company.runtime, second, run_id, *cast.best)
        [locked, requested] = (await decisions(cast, run_id)).listed
        assert locked.who is not None
        assert locked.mentor is not None
        assert locked.mentee is not None
        assert locked.who.id == second.id
        assert (locked.mentor.id, locked.mentee.id) == cast.best
        assert (requested.decision.kind, requested.mentor) == (DecisionKind.REQUESTED, None)

    @ONE_ENGINE
    async def test_of_another_program_are_not_among_them(self, cast: Cast) -> None:
        run_id = await cast.propose()
        other = await cast.company.program(cast.manager, name="Other")
        async with cast.company.transaction() as session:
            at = cast.company.runtime.clock()
            kind = DecisionKind.WEIGHED
            session.add(Decision(program_id=other.id, kind=kind, decided_at=at))
        kinds = [one.decision.kind for one in (await decisions(cast, run_id)).listed]
        assert kinds == [DecisionKind.REQUESTED]

    @ONE_ENGINE
    async def test_come_in_pages(self, cast: Cast) -> None:
        run_id = await cast.propose()
        async with cast.company.transaction() as session:
            at = cast.company.runtime.clock()
            program_id, kind = cast.program.id, DecisionKind.WEIGHED
            session.add_all(
                Decision(program_id=program_id, kind=kind, decided_at=at)
                for _ in range(match_decisions.ON_A_PAGE)
            )
        first, last = await decisions(cast, run_id), await decisions(cast, run_id, 9)
        assert (len(first.listed), first.page, first.pages) == (match_decisions.ON_A_PAGE, 0, 2)
        assert (len(last.listed), last.page) == (1, 1)
        assert last.listed[0].decision.kind is DecisionKind.REQUESTED


async def check(cast: Cast, run_id: int) -> dict[str, float] | None:
    async with cast.company.transaction() as session:
        proof = await service.proof(session, cast.company.runtime, cast.manager, run_id)
    return await service.checked(proof)


class TestProof:
    async def test_says_anew_what_the_run_said(self, cast: Cast) -> None:
        run_id = await cast.propose()
        found, said = await check(cast, run_id), (await cast.run(run_id)).verdict
        assert found == pytest.approx(said)

    @ONE_ENGINE
    async def test_goes_by_the_weights_of_the_run(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await cast.set(weights={"topics": 0, "level": 1, "department": 0})
        assert await check(cast, run_id) == pytest.approx((await cast.run(run_id)).verdict)

    @ONE_ENGINE
    async def test_of_a_published_run_there_is_none_and_nothing_false_is_said(
        self, cast: Cast
    ) -> None:
        run_id = await cast.propose()
        await cast.publish(run_id)
        with pytest.raises(UserFacingError, match="match_no_proof"):
            await check(cast, run_id)

    @ONE_ENGINE
    async def test_who_joined_since_is_not_part_of_it(self, cast: Cast) -> None:
        run_id = await cast.propose()
        await cast.another_boss()
        assert await check(cast, run_id) == pytest.approx((await cast.run(run_id)).verdict)

    @ONE_ENGINE
    async def test_says_what_a_pair_made_by_hand_has_cost(self, cast: Cast) -> None:
        run_id = await cast.propose()
        two = (cast.juniors[0].id, cast.boss.id)
        async with cast.company.transaction() as session:
            runtime = cast.company.runtime
            cost = await making.make(session, runtime, cast.manager, run_id, *two, "")
            await making.make(session, runtime, cast.manager, run_id, *two, str(cost))
        found = await check(cast, run_id)
        assert found is not None
        assert found["people"] == 2
        assert found["total"] < (await cast.run(run_id)).verdict["total"]

    @ONE_ENGINE
    async def test_of_a_pair_taken_out_shows_the_better_matching(self, cast: Cast) -> None:
        await cast.another_boss()
        run_id = await cast.propose()
        [first, _] = await cast.proposed(run_id)
        async with cast.company.transaction() as session:
            await holds.forbid(session, cast.company.runtime, cast.manager, run_id, *first)
        found = await check(cast, run_id)
        assert found is not None
        assert (found["people"], found["people_at_most"]) == (2, 4)

    @ONE_ENGINE
    async def test_after_an_unlocked_pair_it_proves_less_and_nothing_wrong(
        self, cast: Cast
    ) -> None:
        await cast.hold(HoldKind.LOCKED, cast.juniors[0], cast.boss)
        run_id = await cast.propose()
        two = (cast.juniors[0].id, cast.boss.id)
        async with cast.company.transaction() as session:
            await holds.unlock(session, cast.company.runtime, cast.manager, run_id, *two)
        found = await check(cast, run_id)
        assert found is not None
        assert found["people"] == 2
        assert found["total_at_most"] > found["total"]

    @ONE_ENGINE
    @pytest.mark.parametrize("what", ["left", "level", "wish"])
    async def test_of_people_who_have_changed_there_is_none(self, cast: Cast, what: str) -> None:
        run_id = await cast.propose()
        if what == "left":
            await cast.change(cast.boss, active=False)
        elif what == "level":
            await cast.change(cast.juniors[1], level=7)
        else:
            await cast.would_rather_not(cast.boss, cast.juniors[1])
        assert await check(cast, run_id) is None


async def fairness(cast: Cast, run_id: int) -> Fairness:
    async with cast.company.transaction() as session:
        program, fates = await service.fates(session, cast.manager, run_id)
    return await service.fairness(program, fates)


class TestFairness:
    async def test_counts_everybody_in_the_run_once(self, cast: Cast) -> None:
        await cast.set(mentee_capacity=2)
        for person in (cast.boss, *cast.juniors):
            await cast.change(person, department="Sales")
        run_id = await cast.propose()
        await fill(cast, run_id, 5)
        found = await fairness(cast, run_id)
        shares = {one.name: (one.people, one.matched) for one in found.departments.shares}
        assert shares == {"Sales": (8, 8), "Care": (5, 5), "Shop": (5, 0)}
        assert {one.name for one in found.departments.means} == {"Sales", "Care"}

    @ONE_ENGINE
    async def test_says_nothing_of_a_few(self, cast: Cast) -> None:
        found = await fairness(cast, await cast.propose())
        assert found.departments.shares == found.levels.shares == []
