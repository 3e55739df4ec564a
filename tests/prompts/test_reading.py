"""Sentences, syllables and the age they add up to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts import reading

words = st.text(alphabet="abcdefghijklmnopqrstuvwxyz’'-", min_size=1)
texts = st.lists(st.text())


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "lengths"),
        [
            ("", []),
            (" … ", []),
            ("Ask.", [1]),
            ("Tell {mentor} one thing. Don't wait: do it today!", [4, 2, 3]),
            ("Ask “Why?” and wait.", [2, 2]),
            ("It opens at 9.30 in the e-mail.", [8]),
            ("A heading\n\nthen one line\nthen another", [2, 3, 2]),
        ],
    )
    def test_end_where_one_draws_breath(self, text: str, lengths: list[int]) -> None:
        assert [len(found) for found in reading.sentences([text])] == lengths

    @given(texts=texts)
    def test_are_never_empty(self, texts: list[str]) -> None:
        assert all(reading.sentences(texts))


class TestWordsASentence:
    def test_is_the_average_over_all_texts(self) -> None:
        assert reading.words_a_sentence(["One two three.", "One."]) == pytest.approx(2)

    def test_of_nothing_is_nothing(self) -> None:
        assert reading.words_a_sentence([]) == 0


class TestSyllables:
    @pytest.mark.parametrize(
        ("word", "count"),
        [
            ("ask", 1),
            ("the", 1),
            ("make", 1),
            ("makes", 1),
            ("changes", 2),
            ("asked", 1),
            ("decided", 3),
            ("tried", 1),
            ("table", 2),
            ("people", 2),
            ("question", 2),
            ("leader", 2),
            ("company", 3),
            ("sustainability", 6),
            ("MENTOR", 2),
            ("don't", 1),
            ("9", 1),
        ],
    )
    def test_are_counted_by_their_vowels(self, word: str, count: int) -> None:
        assert reading.syllables(word) == count

    @given(word=words)
    def test_are_one_at_least_and_no_more_than_letters(self, word: str) -> None:
        assert 1 <= reading.syllables(word) <= max(1, len(word))


class TestAge:
    def test_follows_the_formula(self) -> None:
        # 6 words in 2 sentences, 8 syllables
        expected = 0.39 * 3 + 11.8 * 8 / 6 - 15.59 + 5
        assert reading.age(["Ask your mentor.", "Wait a moment."]) == pytest.approx(expected)

    def test_of_nothing_is_nothing(self) -> None:
        assert reading.age(["…"]) == 0

    def test_rises_with_the_length_of_sentences(self) -> None:
        assert reading.age(["Ask him why and wait."]) > reading.age(["Ask him why. And wait."])
