"""What the built-in texts have to keep to, whatever is added to them."""

from prompts.library import GENERAL, Library, check


def said_to_pairs(library: Library) -> dict[str, str]:
    texts = {question.id: question.text for question in library.questions}
    return texts | {prompt.id: prompt.text for prompt in (*library.nudges, *library.reminders)}


class TestEnglish:
    def test_holds_what_it_should(self, english: Library) -> None:
        figures = check(english)
        assert {kind: figures.kinds[kind] for kind in ("questions", "nudges", "reminders")} == {
            "questions": 75,
            "nudges": 16,
            "reminders": 18,
        }
        assert list(english.topics) == [
            "digital-tools",
            "social-media",
            "younger-customers",
            "ways-of-working",
            "generations",
            "leadership-from-below",
            "inclusion",
            "sustainability",
            "accessibility",
        ]
        assert english.identity_topics == {"inclusion", "accessibility"}

    def test_every_topic_lasts_from_start_to_end(self, english: Library) -> None:
        for topic in (GENERAL, *english.topics):
            phases = {q.phase for q in english.questions if q.topic == topic}
            assert phases == {"start", "middle", "end"}, topic

    def test_a_pair_with_one_topic_has_a_question_for_thirteen_weeks(
        self, english: Library
    ) -> None:
        for topic in english.topics:
            suitable = [q for q in english.questions if q.topic in (GENERAL, topic)]
            assert len(suitable) >= 13, topic

    def test_both_sides_get_to_ask(self, english: Library) -> None:
        for topic in (GENERAL, *english.topics):
            assert len({q.opens for q in english.questions if q.topic == topic}) >= 2, topic

    def test_no_text_stands_there_twice(self, english: Library) -> None:
        texts = list(said_to_pairs(english).values())
        assert len(texts) == len(set(texts))

    def test_sentences_are_short(self, english: Library) -> None:
        assert check(english).words_a_sentence < 12
        for entry, text in said_to_pairs(english).items():
            assert len(text) <= 240, entry

    def test_a_question_can_be_shown_in_bold(self, english: Library) -> None:
        for question in english.questions:
            assert not set("*_`~\n") & set(question.text), question.id

    def test_every_nudge_and_reminder_is_one_paragraph(self, english: Library) -> None:
        for prompt in (*english.nudges, *english.reminders):
            assert "\n" not in prompt.text, prompt.id

    def test_no_reminder_hints_that_somebody_said_something(self, english: Library) -> None:
        hints = ("told me", "told us", "i heard", "i noticed", "feedback", "reported", "complain")
        for reminder in english.reminders:
            assert not any(hint in reminder.text.lower() for hint in hints), reminder.id

    def test_each_card_ends_with_one_question(self, english: Library) -> None:
        for card in (card for cards in english.lessons.values() for card in cards):
            assert card.question.count("?") >= 1, card.id
            assert len(card.question) <= 150, card.id
            assert not set("*_`~\n") & set(card.heading + card.question), card.id

    def test_the_channel_is_told_what_the_bot_cannot_see(self, english: Library) -> None:
        assert "I can't read it" in english.say("pair.privacy")
