import asyncio

import pytest

from bot.cadence import service as cadence
from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.pairs import service as pairs
from models import Delivery, DeliveryState, Pair, PairState, Person, Program, ProgramState
from tests.conftest import Clock
from tests.pairs.conftest import ONE_ENGINE, Story

UNENDED = [
    PairState.OPENING,
    PairState.ACTIVE,
    PairState.RESTING,
    PairState.PAUSED,
    PairState.CLOSING,
]


async def end_of(story: Story, person: Person) -> None:
    async with story.company.transaction() as session:
        program = await session.get_one(Program, story.program.id)
        await pairs.end_of(session, story.runtime, program, person)


async def wind_down(story: Story) -> None:
    async with story.company.transaction() as session:
        program = await session.get_one(Program, story.program.id)
        program.state = ProgramState.CLOSING
        await pairs.wind_down(session, story.runtime, program)


async def finish(story: Story) -> None:
    async with story.company.transaction() as session:
        program = await session.get_one(Program, story.program.id)
        await pairs.finish(session, story.runtime, program)


async def close(story: Story, person: Person, *, completed: bool) -> None:
    async with story.company.transaction() as session:
        await pairs.close(session, person, story.pair.id, completed=completed)


async def bring_to(story: Story, state: PairState) -> None:
    async with story.company.transaction() as session:
        (await session.get_one(Pair, story.pair.id)).state = state


class TestEndOf:
    async def test_ends_the_pair_and_tells_the_partner_kindly(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        await end_of(story, story.mentor)
        assert (await story.now()).state is PairState.ENDED
        assert await story.due() == 0
        assert await story.directly(story.mentee) == [
            story.say("pair.ended", program="Fresh Eyes"),
        ]
        assert await story.directly(story.mentor) == []
        assert await story.in_channel() == [story.say("pair.ended_here")]

    @ONE_ENGINE
    async def test_nothing_says_who_left_or_why(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        await end_of(story, story.mentor)
        for said in (*await story.directly(story.mentee), *await story.in_channel()):
            assert story.mentor.slack_user_id not in said
            assert story.mentee.slack_user_id not in said
            assert "left" not in said

    @pytest.mark.parametrize("state", UNENDED)
    @ONE_ENGINE
    async def test_from_wherever_the_pair_is(self, story: Story, state: PairState) -> None:
        await bring_to(story, state)
        await end_of(story, story.mentee)
        assert (await story.now()).state is PairState.ENDED

    @ONE_ENGINE
    async def test_who_has_not_heard_of_the_pair_hears_nothing(self, story: Story) -> None:
        await end_of(story, story.mentee)
        assert (await story.now()).state is PairState.ENDED
        assert await story.told("pair_ended") == []
        assert await pairs.open_spaces(story.runtime) == 0
        assert story.channels() == []

    @ONE_ENGINE
    async def test_whoever_has_left_the_company_is_not_written_to(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        await story.change(story.mentee, active=False)
        await end_of(story, story.mentor)
        assert await story.told("pair_ended") == []

    @ONE_ENGINE
    async def test_what_was_completed_stays_completed(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        await bring_to(story, PairState.COMPLETED)
        await end_of(story, story.mentor)
        assert (await story.now()).state is PairState.COMPLETED
        assert await story.told("pair_ended") == []

    @ONE_ENGINE
    async def test_pairs_in_other_programs_go_on(self, story: Story) -> None:
        other = await story.company.program(name="Other")
        await story.company.pair(other, story.mentor, story.mentee)
        await pairs.open_spaces(story.runtime)
        await end_of(story, story.mentor)
        states = [pair.state for pair in await story.all(Pair)]
        assert states == [PairState.ENDED, PairState.ACTIVE]

    async def test_both_leaving_at_once_tells_each_at_most_once(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        await asyncio.gather(end_of(story, story.mentor), end_of(story, story.mentee))
        assert len(await story.told("pair_ended")) == 1
        assert len(await story.told("pair_farewell")) == 1

    async def test_beside_the_ticker_nobody_waits_for_ever(
        self, story: Story, clock: Clock
    ) -> None:
        await pairs.open_spaces(story.runtime)
        clock.forward(weeks=30)
        await asyncio.gather(cadence.queue_due(story.runtime), end_of(story, story.mentor))
        assert (await story.now()).state in (PairState.ENDED, PairState.COMPLETED)
        assert await story.due() == 0


class TestWindDown:
    @pytest.mark.parametrize("state", [PairState.ACTIVE, PairState.RESTING])
    async def test_asks_pairs_under_way_how_they_close(
        self, story: Story, state: PairState
    ) -> None:
        await pairs.open_spaces(story.runtime)
        await bring_to(story, state)
        await wind_down(story)
        pair = await story.now()
        assert (pair.state, pair.resting_since) == (PairState.CLOSING, None)
        assert await story.due() == 0
        assert await story.told("pair_closing") == [pair.channel_id]
        two = [story.mentor.slack_user_id, story.mentee.slack_user_id]
        assert await story.told("pair_closing_question") == two

    @pytest.mark.parametrize("state", [PairState.OPENING, PairState.PAUSED])
    @ONE_ENGINE
    async def test_ends_the_others_with_a_kind_note(self, story: Story, state: PairState) -> None:
        await bring_to(story, state)
        await wind_down(story)
        assert (await story.now()).state is PairState.ENDED
        for person in (story.mentor, story.mentee):
            early = story.say("pair.ended_early", program="Fresh Eyes")
            assert await story.directly(person) == [early]

    @ONE_ENGINE
    async def test_again_says_nothing_twice(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        await wind_down(story)
        await wind_down(story)
        assert len(await story.told("pair_closing")) == 1

    @ONE_ENGINE
    async def test_what_is_about_to_be_opened_is_not_woken(self, story: Story) -> None:
        await wind_down(story)
        assert await pairs.open_spaces(story.runtime) == 0
        assert (await story.now()).state is PairState.ENDED


class TestClose:
    async def test_keeps_what_each_says_and_changes_nothing_that_the_other_sees(
        self, story: Story
    ) -> None:
        await pairs.open_spaces(story.runtime)
        await wind_down(story)
        said = await story.in_channel()
        await close(story, story.mentor, completed=False)
        await close(story, story.mentee, completed=True)
        pair = await story.now()
        assert (pair.mentor_counts, pair.mentee_counts) == (False, True)
        assert pair.state is PairState.CLOSING
        assert await story.in_channel() == said

    async def test_of_each_the_first_answer_counts(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        await wind_down(story)
        results = await asyncio.gather(
            close(story, story.mentor, completed=True),
            close(story, story.mentor, completed=False),
            return_exceptions=True,
        )
        [refused] = [found for found in results if found is not None]
        assert isinstance(refused, UserFacingError)
        assert refused.key == "pair_answered"
        assert (await story.now()).mentor_counts is (results[0] is None)

    async def test_two_answers_at_once_are_two(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        await wind_down(story)
        await asyncio.gather(
            close(story, story.mentor, completed=True), close(story, story.mentee, completed=False)
        )
        pair = await story.now()
        assert (pair.mentor_counts, pair.mentee_counts) == (True, False)

    @ONE_ENGINE
    async def test_is_for_the_two_alone_and_only_when_asked(self, story: Story) -> None:
        await pairs.open_spaces(story.runtime)
        with pytest.raises(UserFacingError, match="pair_ended"):
            await close(story, story.mentor, completed=True)
        await wind_down(story)
        with pytest.raises(UserFacingError, match="not_your_pair"):
            await close(story, story.manager, completed=True)
        await finish(story)
        with pytest.raises(UserFacingError, match="pair_ended"):
            await close(story, story.mentor, completed=True)
        pair = await story.now()
        assert (pair.mentor_counts, pair.mentee_counts) == (None, None)


class TestAtNight:
    """It is 21 o'clock in London, and 16 o'clock in New York."""

    @pytest.fixture
    async def night(self, story: Story, clock: Clock) -> Story:
        await pairs.open_spaces(story.runtime)
        await delivery.send_due(story.runtime)
        await story.change(story.mentor, time_zone="America/New_York")
        clock.forward(hours=12)
        return story

    async def due(self, story: Story) -> dict[str, set[str]]:
        """When what has been queued is due, by kind."""
        found: dict[str, set[str]] = {}
        for row in await story.all(Delivery):
            if row.state is DeliveryState.DUE:
                found.setdefault(row.kind, set()).add(f"{row.not_before:%d %H:%M}")
        return found

    async def test_who_stays_reads_it_with_the_channel_when_both_are_at_work(
        self, night: Story
    ) -> None:
        """As when one of the two asks for another partner: the hour does not say which it was."""
        await end_of(night, night.mentor)
        assert await self.due(night) == {"pair_ended": {"06 14:00"}, "pair_farewell": {"06 14:00"}}

    async def test_nobody_reads_it_later_than_the_channel(self, night: Story, clock: Clock) -> None:
        await night.change(night.mentee, time_zone="America/New_York")
        clock.forward(hours=4)  # it is 20 o'clock there
        await end_of(night, night.mentor)
        [[own], [shared]] = (await self.due(night)).values()
        assert own <= shared

    async def test_the_end_of_the_program_waits_for_hours_that_suit_both(
        self, night: Story
    ) -> None:
        await wind_down(night)
        assert (await self.due(night))["pair_closing"] == {"06 14:00"}

    @ONE_ENGINE
    async def test_so_does_that_of_a_pair_that_is_paused(self, night: Story) -> None:
        await bring_to(night, PairState.PAUSED)
        await wind_down(night)
        assert await self.due(night) == {"pair_ended_early": {"05 21:00", "06 10:00"}}


class TestFinish:
    @pytest.mark.parametrize("state", UNENDED)
    @ONE_ENGINE
    async def test_leaves_nothing_living(self, story: Story, state: PairState) -> None:
        await pairs.open_spaces(story.runtime)
        await bring_to(story, state)
        await finish(story)
        assert (await story.now()).state is PairState.ENDED
        assert await story.due() == 0

    @pytest.mark.parametrize("answers", [(True, True), (True, False), (None, False), (None, None)])
    @ONE_ENGINE
    async def test_whatever_the_two_have_answered_looks_the_same_to_them(
        self, story: Story, answers: tuple[bool | None, ...]
    ) -> None:
        """Else one of them could tell what the other has said."""
        await pairs.open_spaces(story.runtime)
        await wind_down(story)
        for person, answer in zip((story.mentor, story.mentee), answers, strict=True):
            if answer is not None:
                await close(story, person, completed=answer)
        await finish(story)
        assert (await story.now()).state is PairState.ENDED

    async def test_what_has_come_to_its_end_stays_what_it_is(self, story: Story) -> None:
        for state in (PairState.COMPLETED, PairState.ENDED):
            await bring_to(story, state)
            await finish(story)
            assert (await story.now()).state is state
