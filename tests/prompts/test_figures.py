"""What is counted in a library."""

from collections.abc import Callable

import pytest

from prompts.figures import figures
from prompts.library import Library

Loader = Callable[..., Library]

QUESTION = '[[question]]\nid = "{}"\nphase = "{}"\nopens = "{}"\ntext = "{}"\n'


class TestFigures:
    def test_count_every_kind(self, load: Loader) -> None:
        found = figures(load({"interface/all.toml": '[a]\nb = "c"\nd = "e"'}))
        assert found.kinds == {
            "questions": 3,
            "nudges": 1,
            "reminders": 1,
            "encouragements": 1,
            "follow-ups": 1,
            "lesson cards": 8,
            "retrospectives": 1,
            "guides": 3,
            "letters": 2,
            "interface": 2,
        }

    def test_count_questions_by_topic_phase_and_opener(self, load: Loader) -> None:
        more = QUESTION.format("a", "middle", "mentee", "Who says?")
        more += QUESTION.format("b", "middle", "mentee", "Where then?")
        spread = figures(load({"questions/tools.toml": more})).spread
        assert {topic: dict(counts) for topic, counts in spread.items()} == {
            "general": {("start", "both"): 1},
            "tools": {("middle", "mentee"): 2},
            "lives": {("start", "both"): 1},
        }

    def test_name_each_gap(self, load: Loader) -> None:
        texts = {"mentor": "Who?", "mentee": "Where?", "both": "When?"}
        full = "".join(
            QUESTION.format(f"{phase}-{opens}", phase, opens, f"{phase} {text}")
            for phase in ("start", "middle")
            for opens, text in texts.items()
        )
        twice = QUESTION.format("a", "end", "mentor", "Over?")
        twice += QUESTION.format("b", "end", "mentee", "Really?")
        gaps = figures(load({"questions/tools.toml": full + twice})).gaps
        assert [gap for gap in gaps if gap.startswith("tools")] == [
            "tools, end: 2 of 3 questions",
            "tools, end: none that opens with both",
        ]
        assert "lives, middle: none that opens with mentor or mentee or both" in gaps

    def test_find_the_longest_text_in_either_form(self, load: Loader) -> None:
        text = "A form that is longer than all others, which are short. " * 8 + "Really."
        found = figures(
            load({"interface/all.toml": f'[a]\nb = {{one = "{text}", other = "{{count}}"}}'})
        )
        assert found.longest == "a.b"
        assert found.longest_characters == len(text)

    def test_average_the_words_of_a_sentence(self, load: Loader) -> None:
        text = "Tell {mentor} one thing. Don't wait: do it today!"
        found = figures(load({"nudges.toml": f'[[nudge]]\nid = "go"\ntext = "{text}"'}))
        lengths = [2] * 3 + [4, 2, 3]  # three times “Why tools-one?”, the nudge
        lengths += [2, 2, 3]  # reminder, encouragement, follow-up
        lengths += [2] * 8 * 30  # the cards
        lengths += [2, 2, 2, 1]  # the retrospective
        lengths += [2, 2, 1, 1] * 3  # the guides
        lengths += [8, 1, 5] * 2  # the letters
        assert found.words_a_sentence == pytest.approx(sum(lengths) / len(lengths))

    def test_have_no_reading_age_for_a_language_it_is_not_made_for(self, load: Loader) -> None:
        found = figures(load())
        assert (found.reading_age, found.hardest) == (None, [])

    def test_give_the_hardest_english_texts_first(self, english: Library) -> None:
        found = figures(english)
        ages = [age for _, age in found.hardest]
        assert ages == sorted(ages, reverse=True)
        assert found.reading_age is not None
        assert ages[0] > found.reading_age
