# chance, not secrets
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.cadence.choice import in_turn, pick_question
from prompts.library import GENERAL, Prompt, Question, load_library

LIBRARY = load_library()
TOPICS = sorted(LIBRARY.topics)
BY_ID = {question.id: question for question in LIBRARY.questions}
topics = st.lists(st.sampled_from(TOPICS), unique=True, max_size=4)
phases = st.sampled_from(["start", "middle", "end"])
asked = st.sets(st.sampled_from(sorted(BY_ID)))
seeds = st.integers(0, 2**32)


class TestPickQuestion:
    @given(topics=topics, seed=seeds, weeks=st.lists(phases, max_size=60))
    def test_never_asks_the_same_twice(
        self, topics: list[str], seed: int, weeks: list[str]
    ) -> None:
        random, had = Random(seed), set[str]()
        for phase in weeks:
            question = pick_question(LIBRARY.questions, topics, phase, had, random)
            if question is not None:
                assert question.id not in had
                had.add(question.id)

    @given(topics=topics, phase=phases, asked=asked, seed=seeds)
    def test_is_on_the_pairs_topics_or_general(
        self, topics: list[str], phase: str, asked: set[str], seed: int
    ) -> None:
        question = pick_question(LIBRARY.questions, topics, phase, asked, Random(seed))
        assert question is None or question.topic in {*topics, GENERAL}

    @given(topics=topics, phase=phases, asked=asked, seed=seeds)
    def test_prefers_the_phase_and_within_it_the_topics(
        self, topics: list[str], phase: str, asked: set[str], seed: int
    ) -> None:
        question = pick_question(LIBRARY.questions, topics, phase, asked, Random(seed))
        left = [
            one
            for one in LIBRARY.questions
            if one.id not in asked and one.topic in {*topics, GENERAL}
        ]
        of_phase = [one for one in left if one.phase == phase]
        if question is None:
            assert not left
        elif of_phase:
            assert question.phase == phase
            assert question.topic in topics or not any(one.topic in topics for one in of_phase)

    @given(topics=topics, phase=phases, seed=seeds)
    def test_is_silent_when_all_have_been_asked(
        self, topics: list[str], phase: str, seed: int
    ) -> None:
        assert pick_question(LIBRARY.questions, topics, phase, set(BY_ID), Random(seed)) is None

    def test_draws_by_chance(self) -> None:
        drawn = {
            pick_question(LIBRARY.questions, TOPICS[:1], "start", (), Random(seed))
            for seed in range(50)
        }
        assert len(drawn) > 1
        assert all(isinstance(question, Question) for question in drawn)


class TestInTurn:
    @given(pair_id=st.integers(1), count=st.integers(1, 40))
    def test_goes_through_all_before_one_comes_again(self, pair_id: int, count: int) -> None:
        prompts = LIBRARY.nudges[:count]
        said = [in_turn(prompts, pair_id, number) for number in range(1, len(prompts) + 1)]
        assert sorted(prompt.id for prompt in said) == sorted(prompt.id for prompt in prompts)

    def test_begins_elsewhere_for_another_pair(self) -> None:
        first: set[Prompt] = {in_turn(LIBRARY.reminders, pair_id, 1) for pair_id in range(1, 20)}
        assert len(first) > 1
