from datetime import UTC, date, datetime, timedelta

import pytest

from bot.matching import sides_service
from bot.matching.scores import DEFAULT_WEIGHTS
from bot.matching.sides_service import ASKED_WITHIN
from bot.programs import store as programs
from models import (
    Cadence,
    EnrollmentState,
    HoldKind,
    MatchRun,
    MatchRunState,
    PairState,
    Person,
    Profile,
    Proposal,
    Role,
)
from tests.matching.cast import Cast

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class TestWhoIsInIt:
    async def test_those_who_wait(self, cast: Cast) -> None:
        sides = await cast.sides()
        assert [found.person_id for found in sides.mentees] == [cast.boss.id]
        assert [found.person_id for found in sides.mentors] == [one.id for one in cast.juniors]
        assert [found.topics for found in sides.mentors] == [{"social-media"}, {"digital-tools"}]
        assert (sides.gap, sides.locked, sides.asked_often) == (1, (), {})

    @pytest.mark.parametrize(
        "enrollment",
        [
            {"state": EnrollmentState.APPLIED},
            {"state": EnrollmentState.TALKING},
            {"state": EnrollmentState.WAITLISTED},
            {"state": EnrollmentState.DECLINED},
            {"state": EnrollmentState.LEFT},
            {"paused_since": date(2026, 1, 2)},
            {"skips_match": True},
        ],
    )
    async def test_nobody_who_is_not_ready(self, cast: Cast, enrollment: dict[str, object]) -> None:
        await cast.set(cast.juniors[0], **enrollment)
        assert await cast.mentors() == [cast.juniors[1].id]

    async def test_nobody_whose_lesson_is_open_where_the_program_asks_for_it(
        self, cast: Cast
    ) -> None:
        for person in (cast.boss, cast.juniors[1]):
            await cast.set(person, lesson_done_at=cast.company.runtime.clock())
        assert len(await cast.mentors()) == 2
        await cast.set(training_required=True)
        assert await cast.mentors() == [cast.juniors[1].id]

    @pytest.mark.parametrize("state", [found for found in PairState if found != PairState.ENDED])
    async def test_every_pair_but_an_ended_one_takes_room(
        self, cast: Cast, state: PairState
    ) -> None:
        await cast.company.pair(cast.program, cast.juniors[0], cast.boss, state=state)
        await cast.another_boss()
        assert await cast.mentors() == [cast.juniors[1].id]

    async def test_who_lost_their_partner_waits_for_another(self, cast: Cast) -> None:
        junior = cast.juniors[0]
        await cast.company.pair(cast.program, junior, cast.boss, state=PairState.ENDED)
        sides = await cast.sides()
        assert junior.id in [one.person_id for one in sides.mentors]
        assert (junior.id, cast.boss.id) in sides.excluded


class TestRoom:
    async def test_is_what_the_program_gives_less_what_is_taken(self, cast: Cast) -> None:
        await cast.set(mentor_capacity=3)
        await cast.company.pair(cast.program, cast.juniors[0], cast.boss)
        await cast.another_boss()
        sides = await cast.sides()
        assert [(one.capacity, one.partners) for one in sides.mentors] == [(2, 1), (3, 0)]

    @pytest.mark.parametrize(("hours", "capacity"), [(None, 3), (1, 1), (4, 2), (5, 2), (40, 3)])
    async def test_is_no_more_than_somebody_has_time_for(
        self, cast: Cast, hours: int | None, capacity: int
    ) -> None:
        await cast.set(mentor_capacity=3)
        await cast.says(cast.juniors[0], hours_a_month=hours)
        assert [one.capacity for one in (await cast.sides()).mentors] == [capacity, 3]


class TestWhatTheySay:
    async def test_of_their_main_topic(self, cast: Cast) -> None:
        await cast.set(cast.boss, main_topic="digital-tools")
        assert (await cast.sides()).mentees[0].main_topic == "digital-tools"

    async def test_of_a_main_topic_that_cannot_be_used_is_nothing(self, cast: Cast) -> None:
        await cast.set(cast.boss, main_topic="digital-tools", refused_topics=["digital-tools"])
        assert (await cast.sides()).mentees[0].main_topic == ""

    async def test_in_their_profile(self, cast: Cast) -> None:
        await cast.says(
            cast.boss,
            means=["video"],
            frequency=Cadence.FORTNIGHTLY,
            learning_style="doing",
            strengths=["listening"],
            interests=["music"],
        )
        sides = await cast.sides()
        [boss] = sides.mentees
        assert (boss.means, boss.frequency, boss.style) == ({"video"}, 2, "doing")
        assert (boss.strengths, boss.interests) == ({"listening"}, {"music"})
        silent = sides.mentors[0]
        assert (silent.means, silent.frequency, silent.style) == (frozenset(), None, None)
        assert (silent.strengths, silent.interests) == (frozenset(), frozenset())

    async def test_of_whom_they_know_from_any_program(self, cast: Cast) -> None:
        other = await cast.company.program(cast.manager, name="Another")
        await cast.company.pair(other, cast.juniors[0], cast.boss, state=PairState.COMPLETED)
        sides = await cast.sides()
        assert sides.mentees[0].known == {cast.juniors[0].id}
        assert [one.known for one in sides.mentors] == [{cast.boss.id}, frozenset()]
        assert (cast.juniors[0].id, cast.boss.id) not in sides.excluded


class TestHours:
    """Bit 0 is the half hour from midnight on, in UTC."""

    @staticmethod
    def half_hours(mask: int) -> list[int]:
        return [place for place in range(48) if mask >> place & 1]

    @pytest.mark.parametrize(
        ("works", "zone", "day", "first", "last"),
        [
            ((9, 17), "Europe/London", date(2026, 1, 5), 18, 33),
            ((9, 17), "Europe/London", date(2026, 7, 6), 16, 31),
            ((9, 10), "Asia/Kolkata", date(2026, 1, 5), 7, 8),
            ((0, 24), "America/New_York", date(2026, 1, 5), 0, 47),
            ((None, None), "Europe/London", date(2026, 1, 5), 18, 33),
        ],
    )
    async def test_are_those_of_a_day_in_utc(
        self,
        works: tuple[int | None, int | None],
        zone: str,
        day: date,
        first: int,
        last: int,
        database_url: str,
    ) -> None:
        said = Profile(works_from=works[0], works_to=works[1])
        found = self.half_hours(sides_service.hours(said, zone, day))
        assert found == list(range(first, last + 1))

    async def test_reach_over_midnight(self, database_url: str) -> None:
        said = Profile(works_from=9, works_to=11)
        found = sides_service.hours(said, "Australia/Adelaide", date(2026, 1, 5))
        assert self.half_hours(found) == [0, 45, 46, 47]

    async def test_are_those_of_the_person(self, cast: Cast) -> None:
        await cast.change(cast.boss, time_zone="Europe/Berlin")
        await cast.says(cast.boss, works_from=8, works_to=9)
        assert self.half_hours((await cast.sides()).mentees[0].hours) == [14, 15]


class TestWhoIsNotPaired:
    @pytest.mark.parametrize("who", ["mentor", "mentee"])
    async def test_two_of_whom_one_would_rather_not(self, cast: Cast, who: str) -> None:
        two = (cast.juniors[1], cast.boss)
        await cast.would_rather_not(*(two if who == "mentor" else two[::-1]))
        assert cast.best in (await cast.sides()).excluded
        assert await cast.proposed(await cast.propose()) == [(cast.juniors[0].id, cast.boss.id)]

    async def test_nothing_that_is_kept_of_the_match_tells(self, cast: Cast) -> None:
        """Two runs that differ only in a wish that changes nothing are the same."""

        async def kept() -> list[tuple[object, ...]]:
            return [
                (one.mentor_id, one.score, one.reasons, one.to_know, one.shared_topics)
                for one in await cast.proposals(await cast.propose())
            ]

        before, said = await kept(), await cast.channel()
        await cast.would_rather_not(cast.boss, cast.juniors[0])
        assert await kept() == before
        assert (await cast.channel())[1:] == said

    async def test_two_who_are_never_to_be_a_pair(self, cast: Cast) -> None:
        await cast.hold(HoldKind.FORBIDDEN, cast.juniors[1], cast.boss)
        await cast.hold(HoldKind.LOCKED, cast.juniors[0], cast.boss)
        sides = await cast.sides()
        assert sides.excluded == {cast.best}
        assert sides.locked == ((cast.juniors[0].id, cast.boss.id),)

    @pytest.mark.parametrize("who", ["mentor_says", "mentee_says"])
    async def test_two_of_whom_one_said_no_to_the_other(self, cast: Cast, who: str) -> None:
        await asked(cast, MatchRunState.DROPPED, **{who: False})
        assert cast.best in (await cast.sides()).excluded

    async def test_weights_that_count_nothing_are_no_hindrance_to_them(self, cast: Cast) -> None:
        """Pairs that were approved before are made by them."""
        await cast.set(weights=dict.fromkeys(DEFAULT_WEIGHTS.by_name(), 0))
        assert len((await cast.sides()).mentors) == 2

    async def test_of_a_few_nothing_is_different(self, cast: Cast) -> None:
        """As when a manager changes a pair by hand: nothing is read of the others."""
        other = await cast.another_boss()
        await cast.would_rather_not(cast.juniors[0], cast.boss)
        await cast.hold(HoldKind.FORBIDDEN, cast.juniors[1], cast.boss)
        await cast.company.pair(cast.program, cast.juniors[1], other, state=PairState.ENDED)
        everybody = await cast.sides()
        ids = [cast.juniors[0].id, cast.boss.id]
        async with cast.company.transaction() as session:
            waiting = await programs.waiting(session, cast.program.id, among=ids)
            few = await sides_service.sides(
                session, cast.company.runtime, cast.program, waiting, only=ids
            )
        assert [*few.mentors, *few.mentees] == [
            one for one in (*everybody.mentors, *everybody.mentees) if one.person_id in ids
        ]
        assert (ids[0], ids[1]) in few.excluded
        assert few.excluded <= everybody.excluded


class TestTopics:
    async def test_what_one_of_them_refuses_is_not_shared(self, cast: Cast) -> None:
        for person in (cast.boss, cast.juniors[1]):
            await cast.set(person, topics=["digital-tools", "social-media"])
        await cast.set(cast.boss, refused_topics=["digital-tools"])
        sides = await cast.sides()
        assert sides.mentees[0].topics == {"social-media"}

    async def test_what_the_program_no_longer_has_is_not_shared(self, cast: Cast) -> None:
        await cast.set(topics=["social-media"])
        assert (await cast.sides()).mentees[0].topics == frozenset()

    @pytest.fixture
    async def both(self, cast: Cast) -> list[Person]:
        """A mentor and the mentee, with a topic that touches who people are, and their yes to it
        in this program."""
        both = [cast.juniors[1], cast.boss]
        await cast.set(topics=["inclusion"])
        for person in both:
            await cast.set(person, topics=["inclusion"], identity_topics=["inclusion"])
        return both

    async def test_one_that_touches_who_people_are_is_shared_with_the_yes_of_both(
        self, cast: Cast, both: list[Person]
    ) -> None:
        [found] = await cast.proposals(await cast.propose())
        assert found.shared_topics == ["inclusion"]

    @pytest.mark.parametrize("who", [0, 1])
    async def test_and_not_without_one_of_them(
        self, cast: Cast, both: list[Person], who: int
    ) -> None:
        await cast.set(both[who], identity_topics=[])
        [found] = await cast.proposals(await cast.propose())
        assert found.shared_topics == []


async def asked(
    cast: Cast,
    state: MatchRunState,
    *,
    times: int = 1,
    until: datetime = datetime(2026, 1, 2, tzinfo=UTC),
    **answers: bool,
) -> None:
    """The best pair has been asked for their yes before."""
    mentor_id, mentee_id = cast.best
    await cast.set(asks_participants=True)
    async with cast.company.transaction() as session:
        for _ in range(times):
            run = MatchRun(
                program_id=cast.program.id, state=state, created_at=until, answer_by=until
            )
            session.add(run)
            await session.flush()
            session.add(
                Proposal(
                    match_run_id=run.id,
                    mentor_id=mentor_id,
                    mentee_id=mentee_id,
                    score=0.5,
                    shared_topics=[],
                    **answers,
                )
            )


class TestWhoWasAskedOften:
    """Three times lately without a pair, and they are left in peace."""

    async def test_is_left_out(self, cast: Cast) -> None:
        await asked(cast, MatchRunState.DROPPED, times=3)
        sides = await cast.sides()
        assert sides.asked_often == {
            cast.juniors[1].id: Role.MENTOR,
            cast.boss.id: Role.MENTEE,
        }
        assert [one.person_id for one in sides.mentors] == [cast.juniors[0].id]
        assert sides.mentees == []

    async def test_twice_is_not_often(self, cast: Cast) -> None:
        await asked(cast, MatchRunState.PUBLISHED, times=2)
        assert (await cast.sides()).asked_often == {}

    async def test_long_ago_is_forgotten(self, cast: Cast) -> None:
        long_ago = cast.company.runtime.clock() - ASKED_WITHIN - timedelta(days=1)
        await asked(cast, MatchRunState.DROPPED, times=3, until=long_ago)
        assert (await cast.sides()).asked_often == {}

    async def test_what_a_pair_came_of_does_not_count(self, cast: Cast) -> None:
        await asked(cast, MatchRunState.PUBLISHED, times=3)
        await cast.company.pair(cast.program, cast.juniors[1], cast.boss, state=PairState.ENDED)
        assert (await cast.sides()).asked_often == {}

    async def test_runs_that_asked_nobody_do_not_count(self, cast: Cast) -> None:
        for _ in range(4):
            await cast.propose()
        await cast.set(asks_participants=True)
        assert (await cast.sides()).asked_often == {}

    async def test_is_in_it_where_the_program_does_not_ask_any_more(self, cast: Cast) -> None:
        await asked(cast, MatchRunState.DROPPED, times=3)
        await cast.set(asks_participants=False)
        assert (await cast.sides()).asked_often == {}

    async def test_is_left_over_with_the_reason(self, cast: Cast) -> None:
        await asked(cast, MatchRunState.DROPPED, times=3)
        boss = await cast.another_boss()
        run_id = await cast.propose()
        assert await cast.proposed(run_id) == [(cast.juniors[0].id, boss.id)]
        left = {one.person_id: one.reason["key"] for one in await cast.left_over(run_id)}
        assert left == {cast.juniors[1].id: "asked_often", cast.boss.id: "asked_often"}
