"""Which texts share their words, and how many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.likeness import Alike, alike, telling_words

SMALL = frozenset({"the", "a", "you"})
WORDS = ["the", "a", "tool", "trust", "goal", "week"]
sayings = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
some = st.dictionaries(st.sampled_from("abcdef"), sayings, max_size=6)


class TestTellingWords:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("The tool, the TOOL!", {"tool"}),
            ("{mentor}, show a tool.", {"show", "tool"}),
            ("You, the…", {"you", "the"}),
            ("Don't", {"don", "t"}),
            ("", set()),
        ],
    )
    def test_are_all_but_the_small_ones(self, text: str, words: set[str]) -> None:
        assert telling_words(text, SMALL) == words


class TestAlike:
    def test_says_which_and_how_much(self) -> None:
        texts = {"one": "Trust the tool.", "two": "A tool!", "three": "Goal."}
        assert alike(texts, SMALL) == [Alike(0.5, "one", "two")]

    def test_the_same_words_in_another_order_are_the_same(self) -> None:
        assert alike({"a": "Tool, then trust", "b": "trust then tool"}, SMALL)[0].share == 1

    def test_the_most_alike_come_first(self) -> None:
        texts = {"a": "tool trust", "b": "tool", "c": "tool trust"}
        assert [(pair.first, pair.second) for pair in alike(texts, SMALL)] == [
            ("a", "c"),
            ("a", "b"),
            ("b", "c"),
        ]

    @given(texts=some, least=st.floats(0.01, 1))
    def test_finds_just_those_that_share_enough(self, texts: dict[str, str], least: float) -> None:
        found = {frozenset((pair.first, pair.second)) for pair in alike(texts, SMALL, least)}
        telling = {id_: telling_words(text, SMALL) for id_, text in texts.items()}
        for one, words in telling.items():
            for other in telling.keys() - {one}:
                share = len(words & telling[other]) / len(words | telling[other])
                assert (frozenset((one, other)) in found) == (share >= least)

    @given(text=sayings)
    def test_a_text_is_wholly_like_itself(self, text: str) -> None:
        assert alike({"a": text, "b": text.upper()}, SMALL) == [Alike(1, "a", "b")]
