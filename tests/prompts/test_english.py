"""What the built-in texts have to keep to, whatever is added to them."""

import pytest

from bot.cadence.choice import in_turn
from prompts.figures import OPENERS, PHASES, figures
from prompts.library import GENERAL, Library, Prompt

SERIES = ("nudges", "reminders", "encouragements", "follow_ups")
TO_ONE_SIDE = ("reminders", "encouragements", "follow_ups")


def series(library: Library, *names: str) -> list[Prompt]:
    return [prompt for name in names for prompt in getattr(library, name)]


class TestEnglish:
    def test_holds_what_it_should(self, english: Library) -> None:
        kinds = figures(english).kinds
        assert {kind: count for kind, count in kinds.items() if kind != "interface"} == {
            "questions": 199,
            "nudges": 29,
            "reminders": 37,
            "encouragements": 36,
            "follow-ups": 12,
            "lesson cards": 10,
            "retrospectives": 3,
            "guides": 3,
            "letters": 2,
        }
        assert list(english.topics) == [
            "digital-tools",
            "social-media",
            "younger-customers",
            "products",
            "ways-of-working",
            "generations",
            "leadership-from-below",
            "trust",
            "inclusion",
            "bias",
            "sustainability",
            "accessibility",
        ]
        assert english.identity_topics == {"inclusion", "bias", "accessibility"}

    def test_every_topic_has_questions_for_each_phase_from_each_side(
        self, english: Library
    ) -> None:
        found = figures(english)
        assert found.gaps == []
        assert list(found.spread) == [GENERAL, *english.topics]
        for topic, counts in found.spread.items():
            assert set(counts) == {(phase, opens) for phase in PHASES for opens in OPENERS}, topic

    def test_a_pair_with_one_topic_has_a_question_for_half_a_year(self, english: Library) -> None:
        for topic in english.topics:
            suitable = [q for q in english.questions if q.topic in (GENERAL, topic)]
            assert len(suitable) >= 26, topic

    def test_is_easy_to_read(self, english: Library) -> None:
        found = figures(english)
        assert found.words_a_sentence < 12
        assert found.reading_age is not None
        assert found.reading_age < 10

    @pytest.mark.parametrize("name", SERIES)
    def test_pairs_do_not_all_begin_with_the_same_text(self, english: Library, name: str) -> None:
        first = {in_turn(getattr(english, name), pair_id, 1).id for pair_id in range(1, 20)}
        assert len(first) >= 12

    def test_a_question_can_be_shown_in_bold(self, english: Library) -> None:
        for question in english.questions:
            assert not set("*_`~\n") & set(question.text), question.id

    def test_every_prompt_is_one_paragraph(self, english: Library) -> None:
        for prompt in series(english, *SERIES):
            assert "\n" not in prompt.text, prompt.id

    def test_no_text_to_one_side_hints_that_somebody_said_something(self, english: Library) -> None:
        hints = ("told me", "told us", "i heard", "i noticed", "reported", "complain")
        for prompt in series(english, *TO_ONE_SIDE):
            assert not any(hint in prompt.text.lower() for hint in hints), prompt.id
        for reminder in english.reminders:
            assert "feedback" not in reminder.text.lower(), reminder.id

    def test_nothing_shouts(self, english: Library) -> None:
        outlines = (*english.retrospectives, *english.guides.values())
        said = [*english.prompts.values(), *(step for one in outlines for step in one.steps)]
        said += [letter.text + letter.note for letter in english.letters.values()]
        assert [text for text in said if "!" in text] == []

    def test_every_follow_up_says_to_whom_to_tell_it(self, english: Library) -> None:
        for prompt in english.follow_ups:
            assert "{mentor}" in prompt.text, prompt.id

    def test_the_steps_of_a_meeting_fill_its_time(self, english: Library) -> None:
        minutes = {
            one.id: sum(int(step.split(" minute")[0]) for step in one.steps)
            for one in (*english.retrospectives, *english.guides.values())
        }
        assert {minutes[one.id] for one in english.retrospectives} == {10}
        assert {minutes[one.id] for one in english.guides.values()} == {30}

    def test_a_letter_to_show_names_no_partner(self, english: Library) -> None:
        for role, letter in english.letters.items():
            assert "{partner}" not in letter.text + letter.heading, role

    def test_each_card_ends_with_one_question(self, english: Library) -> None:
        for card in (card for cards in english.lessons.values() for card in cards):
            assert card.question.count("?") >= 1, card.id
            assert len(card.question) <= 150, card.id
            assert not set("*_`~\n") & set(card.heading + card.question), card.id

    def test_the_channel_is_told_what_the_bot_cannot_see(self, english: Library) -> None:
        assert "I can't read it" in english.say("pair.privacy")
