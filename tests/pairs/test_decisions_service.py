import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from bot.cadence import service as cadence
from bot.errors import UserFacingError
from bot.pairs import decisions_service as decisions
from bot.pairs import service as pairs
from bot.slack import installations
from models import (
    Home,
    Pair,
    PairState,
    Person,
    Program,
    ProgramManager,
    ProgramState,
    TouchpointKind,
)
from tests.conftest import Clock
from tests.pairs.conftest import ONE_ENGINE, Story
from tests.pairs.test_breaks_service import FIRST_WEEK, NUDGE_AT, under_way

Decide = Callable[..., Awaitable[None]]


async def end(story: Story, manager: Person | None = None, pair: Pair | None = None) -> None:
    async with story.company.transaction() as session:
        pair_id = (pair or story.pair).id
        await decisions.end(session, story.runtime, manager or story.manager, pair_id)


async def go_on(story: Story, manager: Person | None = None, pair: Pair | None = None) -> None:
    async with story.company.transaction() as session:
        pair_id = (pair or story.pair).id
        await decisions.go_on(session, story.runtime, manager or story.manager, pair_id)


async def manager_too(story: Story, person: Person) -> Person:
    async with story.company.transaction() as session:
        session.add(ProgramManager(program_id=story.program.id, person_id=person.id))
    return person


async def promoted(story: Story) -> None:
    """By a slip of HR's pen that has not been corrected yet."""
    assert await story.change(story.mentor, level=9) == 1


async def corrected(story: Story) -> None:
    await story.change(story.mentor, level=1)


async def slack_refuses(story: Story) -> None:
    """Slack lets the mentee not be invited; it will, later."""
    account = story.company.sandbox.workspace.user(story.mentee.slack_user_id or "")
    account.deleted = True
    await pairs.open_spaces(story.runtime)
    account.deleted = False
    assert (await story.now()).state is PairState.PAUSED


async def set_state(story: Story, state: ProgramState) -> None:
    async with story.company.transaction() as session:
        (await session.get_one(Program, story.program.id)).state = state


async def import_(story: Story, **values: object) -> None:
    """As HR's data do: after whoever is making or waking pairs just now."""
    async with story.company.transaction() as session:
        await installations.lock(session)
        person = await session.get_one(Person, story.mentor.id)
        for name, value in values.items():
            setattr(person, name, value)
        await session.flush()
        await pairs.pause_unsafe(session, story.runtime)


class TestEnd:
    async def test_tells_both_kindly_and_leaves_nothing_due(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await promoted(story)
        await end(story)
        assert (await story.now()).state is PairState.ENDED
        assert await story.due() == 0
        assert (await story.in_channel())[-1] == story.say("pair.ended_here")
        ended = story.say("pair.ended", program="Fresh Eyes")
        for person in (story.mentor, story.mentee):
            assert (await story.directly(person))[-1] == ended

    @ONE_ENGINE
    async def test_whoever_has_left_is_not_written_to(self, story: Story, clock: Clock) -> None:
        await under_way(story, clock)
        await story.change(story.mentor, active=False)
        await end(story)
        assert await story.told("pair_ended") == [story.mentee.slack_user_id]

    @ONE_ENGINE
    async def test_who_has_heard_of_the_pair_only_that_it_is_paused_hears_the_end(
        self, story: Story
    ) -> None:
        await promoted(story)
        assert len(await story.directly(story.mentor)) == 1
        await end(story)
        assert await story.told("pair_ended") == [
            story.mentor.slack_user_id,
            story.mentee.slack_user_id,
        ]

    @ONE_ENGINE
    async def test_who_has_heard_nothing_of_the_pair_hears_nothing(self, story: Story) -> None:
        await slack_refuses(story)
        await end(story)
        assert (await story.now()).state is PairState.ENDED
        assert await story.told("pair_ended") == []

    @ONE_ENGINE
    async def test_also_while_the_program_comes_to_its_end(self, story: Story) -> None:
        await promoted(story)
        await set_state(story, ProgramState.CLOSING)
        await end(story)
        assert (await story.now()).state is PairState.ENDED


class TestGoOn:
    async def test_wakes_the_pair_where_it_stopped(self, story: Story, clock: Clock) -> None:
        await under_way(story, clock)
        await promoted(story)
        clock.forward(weeks=3, days=1)  # Tuesday: three Mondays later
        await corrected(story)
        await go_on(story)
        pair = await story.now()
        assert (pair.state, pair.resting_since) == (PairState.ACTIVE, None)
        assert pair.first_week_on == FIRST_WEEK + timedelta(weeks=3)
        nudge = await story.touchpoint(TouchpointKind.NUDGE)
        assert (nudge.number, nudge.due_at) == (2, NUDGE_AT + timedelta(weeks=4))
        assert await story.due() == 4
        assert (await story.in_channel())[-1] == story.say("pair.let_go_on")

    async def test_never_while_people_data_do_not_allow_it(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await promoted(story)
        for values in (
            {"level": None},
            {"level": 6},
            {"level": 1, "reporting_path": f"{story.mentee.reporting_path}{story.mentor.id}/"},
            {"reporting_path": story.mentor.reporting_path, "active": False},
        ):
            await story.change(story.mentor, **values)
            with pytest.raises(UserFacingError, match="pair_still_unsafe"):
                await go_on(story)
            assert (await story.now()).state is PairState.PAUSED
        await story.change(story.mentor, active=True)
        await go_on(story)
        assert (await story.now()).state is PairState.ACTIVE

    @ONE_ENGINE
    async def test_nor_while_the_two_are_too_few_levels_apart(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await story.set_gap(3)
        assert await story.change(story.mentor, level=4) == 1
        with pytest.raises(UserFacingError, match="pair_still_unsafe"):
            await go_on(story)
        await story.set_gap(2)
        await go_on(story)
        assert (await story.now()).state is PairState.ACTIVE

    async def test_nor_while_they_report_to_the_same_person(
        self, story: Story, clock: Clock
    ) -> None:
        boss = await story.company.person(level=9)
        await under_way(story, clock)
        for person in (story.mentor, story.mentee):
            await story.change(person, manager_id=boss.id)
        with pytest.raises(UserFacingError, match="pair_still_unsafe"):
            await go_on(story)
        async with story.company.transaction() as session:
            [shown] = (await decisions.undecided(session, story.manager, story.program.id)).pairs
        assert not shown.is_safe
        await story.change(story.mentor, manager_id=None)
        await go_on(story)
        assert (await story.now()).state is PairState.ACTIVE

    async def test_or_are_changed_in_the_same_moment(self, story: Story, clock: Clock) -> None:
        await under_way(story, clock)
        await promoted(story)
        await corrected(story)
        await asyncio.gather(go_on(story), import_(story, level=9), return_exceptions=True)
        assert (await story.now()).state is PairState.PAUSED

    async def test_gives_a_pair_that_had_none_its_place(self, story: Story) -> None:
        await slack_refuses(story)
        await go_on(story)
        assert (await story.now()).state is PairState.OPENING
        assert await pairs.open_spaces(story.runtime) == 1
        assert (await story.now()).state is PairState.ACTIVE
        assert await story.due() == 4
        assert len(await story.in_channel()) == 1  # the introduction

    @ONE_ENGINE
    async def test_a_pair_without_a_place_begins_on_a_monday_to_come(
        self, story: Story, clock: Clock
    ) -> None:
        await slack_refuses(story)
        clock.forward(weeks=4)
        await go_on(story)
        begins = (await story.now()).first_week_on
        assert (begins.weekday(), begins) == (0, date(2026, 2, 2))

    @ONE_ENGINE
    async def test_a_channel_that_came_too_late_is_found_again(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        async with story.company.transaction() as session:
            other = await session.get_one(Pair, story.pair.id)
            channel_id = other.channel_id
        second = await story.company.person(level=1), await story.company.person(level=6)
        late = await story.company.pair(story.program, *second, state=PairState.PAUSED)
        sandbox_channel = await story.runtime.slack.create_private_channel(late.channel_name)
        async with story.company.transaction() as session:
            (await session.get_one(Pair, late.id)).channel_id = sandbox_channel
        await go_on(story, pair=late)
        assert await pairs.open_spaces(story.runtime) == 1
        async with story.company.transaction() as session:
            found = await session.get_one(Pair, late.id)
        assert (found.state, found.channel_id) == (PairState.ACTIVE, sandbox_channel)
        assert channel_id != sandbox_channel

    @ONE_ENGINE
    async def test_rests_at_once_where_a_break_has_begun_meanwhile(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await promoted(story)
        await corrected(story)
        await story.break_of(story.mentee)
        await go_on(story)
        assert (await story.now()).state is PairState.RESTING
        assert await story.due() == 0
        said = [story.say("pair.let_go_on"), story.say("pair.rests")]
        assert (await story.in_channel())[-2:] == said

    @ONE_ENGINE
    async def test_what_was_not_said_yet_of_the_pause_is_not_said_any_more(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await promoted(story)
        await corrected(story)
        await go_on(story)
        for person in (story.mentor, story.mentee, story.manager):
            assert await story.directly(person) == []

    @ONE_ENGINE
    async def test_a_second_pause_is_told_for_itself(self, story: Story, clock: Clock) -> None:
        await under_way(story, clock)
        said: list[str] = []
        for _ in range(2):
            await promoted(story)
            await story.directly(story.manager)
            await corrected(story)
            await go_on(story)
            said = await story.in_channel()
        assert len(await story.directly(story.manager)) == 2
        assert len(await story.directly(story.mentee)) == 2
        assert said.count(story.say("pair.let_go_on")) == 2

    @ONE_ENGINE
    async def test_is_said_when_both_are_at_work(self, story: Story, clock: Clock) -> None:
        await under_way(story, clock)
        await promoted(story)
        await corrected(story)
        clock.forward(hours=12)
        await go_on(story)
        assert story.say("pair.let_go_on") not in await story.in_channel()
        clock.forward(hours=12)
        assert story.say("pair.let_go_on") in await story.in_channel()

    @pytest.mark.parametrize("state", [ProgramState.CLOSING, ProgramState.CLOSED])
    @ONE_ENGINE
    async def test_not_when_the_program_comes_to_its_end(
        self, story: Story, clock: Clock, state: ProgramState
    ) -> None:
        await under_way(story, clock)
        await promoted(story)
        await corrected(story)
        await set_state(story, state)
        with pytest.raises(UserFacingError, match="pair_too_late_to_go_on"):
            await go_on(story)

    async def test_beside_the_ticker_nobody_waits_for_ever(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        await promoted(story)
        await corrected(story)
        clock.forward(weeks=5)
        await asyncio.gather(cadence.queue_due(story.runtime), go_on(story))
        assert (await story.now()).state is PairState.ACTIVE
        assert await story.due() == 4


@pytest.mark.parametrize("decide", [end, go_on])
class TestWhoDecides:
    @ONE_ENGINE
    async def test_nobody_but_a_manager(self, story: Story, clock: Clock, decide: Decide) -> None:
        await under_way(story, clock)
        await promoted(story)
        await corrected(story)
        other = await story.company.person(level=3)
        await story.company.program(other, name="Another")
        for person in (other, story.mentor, story.mentee):
            with pytest.raises(UserFacingError, match="not_allowed"):
                await decide(story, person)
        assert (await story.now()).state is PairState.PAUSED

    @ONE_ENGINE
    async def test_and_nobody_who_is_in_the_pair(
        self, story: Story, clock: Clock, decide: Decide
    ) -> None:
        await under_way(story, clock)
        await manager_too(story, story.mentee)
        await promoted(story)
        await corrected(story)
        with pytest.raises(UserFacingError, match="pair_decision_own"):
            await decide(story, story.mentee)
        assert (await story.now()).state is PairState.PAUSED

    @ONE_ENGINE
    async def test_only_once(self, story: Story, clock: Clock, decide: Decide) -> None:
        await under_way(story, clock)
        await promoted(story)
        await corrected(story)
        await decide(story)
        state = (await story.now()).state
        refusal = "pair_decided_end" if state is PairState.ENDED else "pair_decided_go_on"
        for again in (end, go_on):
            with pytest.raises(UserFacingError, match=refusal):
                await again(story)
            assert (await story.now()).state is state

    @ONE_ENGINE
    async def test_it_shows_on_the_homes_of_the_two_and_of_the_managers(
        self, story: Story, clock: Clock, decide: Decide
    ) -> None:
        await under_way(story, clock)
        await promoted(story)
        await corrected(story)
        async with story.company.transaction() as session:
            concerned = (story.mentor, story.mentee, story.manager)
            session.add_all(Home(person_id=person.id) for person in concerned)
        await decide(story)
        homes = await story.all(Home)
        assert [isinstance(home, Home) and home.outdated_since for home in homes] == [clock()] * 3


class TestTwoManagersAtOnce:
    async def test_do_not_undo_each_other(self, story: Story, clock: Clock) -> None:
        await under_way(story, clock)
        kim = await manager_too(story, await story.company.person(level=3))
        await promoted(story)
        await corrected(story)
        done = await asyncio.gather(end(story), go_on(story, kim), return_exceptions=True)
        [refused] = [one for one in done if one is not None]
        assert isinstance(refused, UserFacingError)
        ended = done[0] is None
        assert refused.key == ("pair_decided_end" if ended else "pair_decided_go_on")
        assert (await story.now()).state is (PairState.ENDED if ended else PairState.ACTIVE)
        assert len(await story.told("pair_ended")) == (2 if ended else 0)
        assert len(await story.told("pair_let_go_on")) == (0 if ended else 1)

    async def test_who_decide_the_same_say_it_once(self, story: Story, clock: Clock) -> None:
        await under_way(story, clock)
        kim = await manager_too(story, await story.company.person(level=3))
        await promoted(story)
        await corrected(story)
        done = await asyncio.gather(go_on(story), go_on(story, kim), return_exceptions=True)
        assert sum(one is None for one in done) == 1
        assert len(await story.told("pair_let_go_on")) == 1


class TestUndecided:
    async def test_lists_what_is_paused_and_whether_it_may_go_on(
        self, story: Story, clock: Clock
    ) -> None:
        await under_way(story, clock)
        people = [await story.company.person(level=level) for level in (1, 6, 1, 6)]
        await story.company.pair(story.program, *people[:2], state=PairState.ENDED)
        other = await story.company.pair(story.program, *people[2:], state=PairState.PAUSED)
        await promoted(story)
        async with story.company.transaction() as session:
            found = await decisions.undecided(session, story.manager, story.program.id)
        shown = [(one.pair.id, one.is_safe) for one in found.pairs]
        assert shown == [(story.pair.id, False), (other.id, True)]

    @ONE_ENGINE
    async def test_is_for_the_programs_managers(self, story: Story) -> None:
        async with story.company.transaction() as session:
            with pytest.raises(UserFacingError, match="not_allowed"):
                await decisions.undecided(session, story.mentee, story.program.id)


@ONE_ENGINE
@pytest.mark.parametrize("decide", [end, go_on])
async def test_of_a_pair_that_is_not_there(story: Story, decide: Decide) -> None:
    with pytest.raises(UserFacingError, match="pair_ended"):
        await decide(story, pair=Pair(id=99))
