"""Loading a library, and saying what is in it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.library import GENERAL, Library, LibraryError, Mrkdwn, load_library

Loader = Callable[..., Library]


class TestLoadLibrary:
    def test_takes_in_every_file(self, load: Loader) -> None:
        library = load()
        assert library.locale == "xx"
        assert dict(library.topics) == {"tools": "Tools", "lives": "Lives"}
        assert library.identity_topics == {"lives"}
        assert [(q.id, q.topic, q.phase, q.opens) for q in library.questions] == [
            ("general-one", GENERAL, "start", "both"),
            ("tools-one", "tools", "start", "both"),
            ("lives-one", "lives", "start", "both"),
        ]
        assert [nudge.id for nudge in library.nudges] == ["nudge-one"]
        assert [reminder.text for reminder in library.reminders] == ["Ask first."]
        assert {role: [card.id for card in cards] for role, cards in library.lessons.items()} == {
            role: [f"{role}-{number}" for number in range(4)] for role in ("mentor", "mentee")
        }
        assert [one.text for one in library.encouragements] == ["Say no."]
        assert [one.text for one in library.follow_ups] == ["Write to {mentor}."]
        [retrospective] = library.retrospectives
        assert (retrospective.id, retrospective.name) == ("retrospective-one", "The line")
        assert retrospective.steps == ("{mentor} draws.", "{mentee} draws.", "Compare.")
        assert {moment: guide.id for moment, guide in library.guides.items()} == {
            moment: f"guide-{moment}" for moment in ("first", "middle", "farewell")
        }
        assert {role: letter.id for role, letter in library.letters.items()} == {
            "mentor": "letter-mentor",
            "mentee": "letter-mentee",
        }
        assert library.small_words == {"one", "why"}
        assert set(library.texts) == {"join.title", "join.hello", "join.pairs"}

    def test_reads_files_as_windows_editors_leave_them(self, load: Loader) -> None:
        changed = b'\xef\xbb\xbf[[nudge]]\r\nid = "nudge-one"\r\ntext = "Go."\r\n'
        assert [nudge.id for nudge in load({"nudges.toml": changed}).nudges] == ["nudge-one"]

    def test_says_which_language_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(LibraryError, match=r"^tlh: there is no such folder"):
            load_library("tlh", tmp_path)


class TestSay:
    def test_escapes_values(self, load: Loader) -> None:
        said = load().say("join.hello", name="<!channel> & <@U1>")
        assert said == "Hello, &lt;!channel&gt; &amp; &lt;@U1&gt;"

    def test_leaves_mrkdwn_alone(self, load: Loader) -> None:
        assert load().say("join.hello", name=Mrkdwn("<@U1>")) == "Hello, <@U1>"

    def test_takes_numbers(self, load: Loader) -> None:
        assert load().say("join.hello", name=7) == "Hello, 7"

    def test_does_not_look_for_placeholders_in_values(self, load: Loader) -> None:
        said = load().say("join.pairs", name="{count} {name}", count=2)
        assert said == "2 pairs by {count} {name}"

    @pytest.mark.parametrize(
        ("count", "said"),
        [
            (0, "0 pairs by Ana"),
            (1, "a pair by Ana"),
            (2, "2 pairs by Ana"),
            (-1, "-1 pairs by Ana"),
        ],
    )
    def test_chooses_the_form_by_count(self, load: Loader, count: int, said: str) -> None:
        assert load().say("join.pairs", name="Ana", count=count) == said

    def test_an_unknown_key_is_a_key_error(self, load: Loader) -> None:
        with pytest.raises(KeyError, match=r"join\.bye"):
            load().say("join.bye")

    def test_a_missing_value_is_a_type_error(self, load: Loader) -> None:
        with pytest.raises(TypeError, match=r"^join\.hello: no value for name$"):
            load().say("join.hello")

    def test_an_unknown_value_is_a_type_error(self, load: Loader) -> None:
        with pytest.raises(TypeError, match=r"^join\.hello: there is no place for age$"):
            load().say("join.hello", name="Ana", age=9)

    def test_a_plural_always_needs_its_count(self, load: Loader) -> None:
        library = load({"interface/all.toml": '[a]\nb = {one = "once", other = "often"}'})
        assert library.say("a.b", count=1) == "once"
        with pytest.raises(TypeError, match="no value for count"):
            library.say("a.b")

    def test_a_count_is_a_number(self, load: Loader) -> None:
        with pytest.raises(TypeError, match="the count is not a whole number"):
            load().say("join.pairs", name="Ana", count="1")

    @given(value=st.text())
    def test_any_value_is_shown_as_it_is_and_does_nothing(
        self, english: Library, value: str
    ) -> None:
        said = english.say("errors.program_exists", program=value)
        before, after = english.texts["errors.program_exists"].other.split("{program}")
        assert said.startswith(before)
        assert said.endswith(after)
        shown = said[len(before) : len(said) - len(after)]
        assert not set(shown) & set("<>")
        back = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert back == value


class TestLabel:
    def test_does_not_escape(self, load: Loader) -> None:
        assert load().label("join.hello", name="R&D <3") == "Hello, R&D <3"

    def test_is_cut_where_slack_would_refuse_it(self, load: Loader) -> None:
        label = load().label("join.title", program="A very long name of a program")
        assert label == "Join A very long name o…"
        assert len(label) == 24

    def test_is_left_whole_where_it_just_fits(self, load: Loader) -> None:
        assert load().label("join.title", program="x" * 19) == "Join " + "x" * 19

    @given(value=st.text())
    def test_never_passes_its_limit(self, english: Library, value: str) -> None:
        assert len(english.label("program.announcement_heading", program=value)) <= 150


class TestPromptSay:
    def test_takes_more_values_than_the_text_uses(self, english: Library) -> None:
        prompts = (english.nudges, english.reminders, english.encouragements, english.follow_ups)
        for prompt in (prompt for kind in prompts for prompt in kind):
            said = prompt.say(mentor=Mrkdwn("<@U1>"), mentee=Mrkdwn("<@U2>"))
            assert "{" not in said

    def test_escapes_values(self, load: Loader) -> None:
        said = load().nudges[0].say(mentor="<A>", mentee=Mrkdwn("<@U2>"))
        assert said == "&lt;A&gt;, meet <@U2>."

    def test_a_missing_value_is_a_type_error(self, load: Loader) -> None:
        with pytest.raises(TypeError, match="no value for mentee"):
            load().nudges[0].say(mentor="A")
