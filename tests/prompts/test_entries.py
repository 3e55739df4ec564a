"""Everything that can be wrong in a file, and the sentence that says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from prompts.library import Library, LibraryError, load_library
from tests.prompts.conftest import GUIDE, LETTER

NUDGE = '[[nudge]]\nid = "nudge-one"\ntext = "{mentor}, meet {mentee}."\n'
CARD = '[[card]]\nid = "{}"\nrole = "{}"\nheading = "{}"\ntext = "{}"\nquestion = "Why?"\n'
QUESTION = '[[question]]\nid = "{}"\nphase = "start"\nopens = "both"\ntext = "Why?"\n'
RETROSPECTIVE = '[[retrospective]]\nid = "go"\nname = "Go"\ntext = "Look back."\nsteps = {}\n'

Loader = Callable[..., Library]

BAD = {
    "no file": ("nudges.toml", None, None, "cannot be read"),
    "no questions for a topic": ("questions/tools.toml", None, None, "cannot be read"),
    "broken TOML": ("nudges.toml", "[[nudge]\n", None, "is not valid TOML"),
    "not UTF-8": ("nudges.toml", b'x = "\xe9"', None, "is not UTF-8 (byte 6)"),
    "an interface key twice": (
        "interface/all.toml",
        '[a]\nb = "1"\nb = "2"\n',
        None,
        "is not valid TOML",
    ),
    "no entries": ("nudges.toml", "", None, "has no [[nudge]] entries"),
    "an empty list": ("nudges.toml", "nudge = []", None, "has no [[nudge]] entries"),
    "a word among entries": (
        "nudges.toml",
        'nudge = [{id = "go", text = "Go."}, "a"]',
        "nudge",
        "is not written as [[nudge]]",
    ),
    "a table instead of a list": ("nudges.toml", "[nudge]", None, "has no [[nudge]] entries"),
    "entries of another kind": ("nudges.toml", NUDGE + "[x]", "x", "only [[nudge]] entries"),
    "no id": ("nudges.toml", '[[nudge]]\ntext = "Go."', None, "has an entry without an “id”"),
    "an id with capitals": (
        "nudges.toml",
        '[[nudge]]\nid = "Go"\ntext = "Go."',
        "Go",
        "the id is not lower-case words",
    ),
    "an endless id": (
        "nudges.toml",
        f'[[nudge]]\nid = "{"a" * 61}"\ntext = "Go."',
        "a" * 61,
        "the id is not lower-case words",
    ),
    "no text": ("nudges.toml", '[[nudge]]\nid = "go"', "go", "“text” is missing"),
    "an unknown field": ("nudges.toml", NUDGE + 'tone = "warm"', "nudge-one", "“tone” is not"),
    "an empty text": (
        "nudges.toml",
        '[[nudge]]\nid = "go"\ntext = " \\n"',
        "go",
        "the text is empty",
    ),
    "a number as text": ("nudges.toml", '[[nudge]]\nid = "go"\ntext = 5', "go", "is not a text"),
    "a text too long to be read at a glance": (
        "nudges.toml",
        f'[[nudge]]\nid = "go"\ntext = "{"a" * 241}"',
        "go",
        "has 241 characters, and 240 are the most there",
    ),
    "an unknown placeholder": (
        "nudges.toml",
        '[[nudge]]\nid = "go"\ntext = "{boss}!"',
        "go",
        "the unknown placeholder {boss}",
    ),
    "a placeholder in a reminder": (
        "reminders.toml",
        '[[reminder]]\nid = "go"\ntext = "{mentor}!"',
        "go",
        "the unknown placeholder {mentor}",
    ),
    "a placeholder in a question": (
        "questions/tools.toml",
        QUESTION.format("go").replace("Why", "{mentor}"),
        "go",
        "the unknown placeholder {mentor}",
    ),
    "an unknown phase": (
        "questions/tools.toml",
        QUESTION.format("go").replace("start", "later"),
        "go",
        "“phase” is “later”, and has to be one of start, middle, end",
    ),
    "a phase of the wrong kind": (
        "questions/tools.toml",
        QUESTION.format("go").replace('"start"', "[1]"),
        "go",
        "“phase” is “[1]”",
    ),
    "an unknown opener": (
        "questions/tools.toml",
        QUESTION.format("go").replace("both", "boss"),
        "go",
        "“opens” is “boss”",
    ),
    "a file for no topic": (
        "questions/tolls.toml",
        QUESTION.format("go"),
        None,
        "no topic has this name",
    ),
    "a topic named general": (
        "topics.toml",
        '[[topic]]\nid = "general"\nname = "General"',
        "general",
        "kept for questions that suit every pair",
    ),
    "a topic too long for an option": (
        "topics.toml",
        f'[[topic]]\nid = "tools"\nname = "{"a" * 76}"',
        "tools",
        "has 76 characters, and 75 are the most there",
    ),
    "identity that is no yes or no": (
        "topics.toml",
        '[[topic]]\nid = "tools"\nname = "Tools"\nidentity = "yes"',
        "tools",
        "neither true nor false",
    ),
    "an id twice in a file": ("nudges.toml", NUDGE * 2, "nudge-one", "in use in xx/nudges.toml"),
    "an id twice in two files": (
        "reminders.toml",
        '[[reminder]]\nid = "tools-one"\ntext = "Ask."',
        "tools-one",
        "in use in xx/questions/tools.toml",
    ),
    "an id of a topic": (
        "nudges.toml",
        '[[nudge]]\nid = "tools"\ntext = "Go."',
        "tools",
        "in use in xx/topics.toml",
    ),
    "a retired id": (
        "nudges.toml",
        '[[nudge]]\nid = "nudge-zero"\ntext = "Go."',
        "nudge-zero",
        "is retired",
    ),
    "a card for nobody": (
        "lessons.toml",
        CARD.format("go", "boss", "Ask", "ask " * 60),
        "go",
        "“role” is “boss”, and has to be one of mentor, mentee",
    ),
    "a card that is too short": (
        "lessons.toml",
        CARD.format("go", "mentor", "Ask", "ask " * 59),
        "go",
        "the text has 59 words, and a card takes 60 to 120",
    ),
    "a card that is too long": (
        "lessons.toml",
        CARD.format("go", "mentor", "Ask", "ask " * 121),
        "go",
        "the text has 121 words, and a card takes 60 to 120",
    ),
    "a card with a heading too long for Slack": (
        "lessons.toml",
        CARD.format("go", "mentor", "W" * 151, "ask " * 60),
        "go",
        "has 151 characters, and 150 are the most there",
    ),
    "a card with a placeholder": (
        "lessons.toml",
        CARD.format("go", "mentor", "Ask", "{mentor} " * 60),
        "go",
        "the unknown placeholder {mentor}",
    ),
    "a lesson of three cards": (
        "lessons.toml",
        "".join(CARD.format(f"go-{n}", "mentor", "Ask", "ask " * 60) for n in range(3)),
        None,
        "has 3 cards for a mentor, and needs 4 to 6",
    ),
    "no lesson for one role": (
        "lessons.toml",
        "".join(CARD.format(f"go-{n}", "mentor", "Ask", "ask " * 60) for n in range(4)),
        None,
        "has 0 cards for a mentee, and needs 4 to 6",
    ),
    "a placeholder in an encouragement": (
        "encouragements.toml",
        '[[encouragement]]\nid = "go"\ntext = "{mentee}!"',
        "go",
        "the unknown placeholder {mentee}",
    ),
    "a follow-up that names who reads it": (
        "follow_ups.toml",
        '[[follow_up]]\nid = "go"\ntext = "{mentee}!"',
        "go",
        "the unknown placeholder {mentee}",
    ),
    "an id twice among new kinds": (
        "encouragements.toml",
        '[[encouragement]]\nid = "reminder-one"\ntext = "Go."',
        "reminder-one",
        "in use in xx/reminders.toml",
    ),
    "an id of a guide": (
        "letters.toml",
        LETTER.format("mentee") + LETTER.format("mentor").replace("letter-mentor", "guide-first"),
        "guide-first",
        "in use in xx/guides.toml",
    ),
    "a topic twice": (
        "topics.toml",
        '[[topic]]\nid = "tools"\nname = "Tools"\n' * 2,
        "tools",
        "in use twice",
    ),
    "steps that are none": (
        "retrospectives.toml",
        RETROSPECTIVE.format('"Talk."'),
        "go",
        "“steps” is not a list of 3 to 6 texts",
    ),
    "two steps": (
        "retrospectives.toml",
        RETROSPECTIVE.format('["Talk.", "Part."]'),
        "go",
        "“steps” is not a list of 3 to 6 texts",
    ),
    "a number among the steps": (
        "retrospectives.toml",
        RETROSPECTIVE.format('["Talk.", 5, "Part."]'),
        "go",
        "is not a text",
    ),
    "an unknown placeholder in a step": (
        "retrospectives.toml",
        RETROSPECTIVE.format('["Talk.", "{boss}", "Part."]'),
        "go",
        "the unknown placeholder {boss}",
    ),
    "a retrospective for a moment": (
        "retrospectives.toml",
        RETROSPECTIVE.format('["Talk.", "Ask.", "Part."]') + 'moment = "first"',
        "go",
        "“moment” is not known here",
    ),
    "a guide for no moment": (
        "guides.toml",
        GUIDE.format("later"),
        "guide-later",
        "“moment” is “later”, and has to be one of first, middle, farewell",
    ),
    "two guides for one moment": (
        "guides.toml",
        GUIDE.format("first") + GUIDE.format("first").replace("guide-first", "go"),
        "go",
        "is for “first”, as “guide-first” is already",
    ),
    "a moment without a guide": (
        "guides.toml",
        GUIDE.format("first") + GUIDE.format("middle"),
        None,
        "has nothing for “farewell”",
    ),
    "a letter for nobody": (
        "letters.toml",
        LETTER.format("boss"),
        "letter-boss",
        "“role” is “boss”, and has to be one of mentor, mentee",
    ),
    "no letter for one role": (
        "letters.toml",
        LETTER.format("mentor"),
        None,
        "has nothing for “mentee”",
    ),
    "a letter too long to show": (
        "letters.toml",
        LETTER.format("mentor").replace("thanks", "thanks " * 250),
        "letter-mentor",
        "and 1500 are the most there",
    ),
    "a letter with a placeholder nobody fills": (
        "letters.toml",
        LETTER.format("mentor").replace("{end}", "{weeks}"),
        "letter-mentor",
        "the unknown placeholder {weeks}",
    ),
    "no list of small words": ("small_words.toml", "", None, "needs one list named “small_words”"),
    "a small word of two": (
        "small_words.toml",
        'small_words = ["a lot"]',
        "a lot",
        "is not a word",
    ),
    "two texts that say the same": (
        "encouragements.toml",
        '[[encouragement]]\nid = "go"\ntext = "First: ask…"',
        "go",
        "the text says nearly the same as “reminder-one” in xx/reminders.toml",
    ),
    "no list of retired ids": ("retired.toml", "", None, "needs one list named “retired”"),
    "a retired id that is none": ("retired.toml", "retired = [5]", "5", "is not an id"),
    "a text of another file": (
        "interface/more.toml",
        '[join]\ntitle = "Join again"',
        "join.title",
        "is in another file of the folder too",
    ),
    "a text outside a section": ("interface/all.toml", 'a = "b"', "a", "is not a [section]"),
    "a section with a hyphen": ("interface/all.toml", "[a-b]", "a-b", "is not a [section]"),
    "a key with a hyphen": ("interface/all.toml", '[a]\nb-c = "d"', "a.b-c", "other signs than"),
    "an empty interface text": ("interface/all.toml", '[a]\nb = ""', "a.b", "the text is empty"),
    "a list as interface text": ("interface/all.toml", '[a]\nb = ["c"]', "a.b", "is not a text"),
    "a section in a section": ("interface/all.toml", '[a.b]\nc = "d"', "a.b", "needs the forms"),
    "one form only": ("interface/all.toml", '[a]\nb = {one = "c"}', "a.b", "needs the forms"),
    "an empty form": ("interface/all.toml", '[a]\nb = {one = "", other = "c"}', "a.b", "is empty"),
    "forms with different placeholders": (
        "interface/all.toml",
        '[a]\nb = {one = "{x}", other = "{count} {y}"}',
        "a.b",
        "different placeholders",
    ),
}


class TestLibraryError:
    @pytest.mark.parametrize(("file", "content", "entry", "reason"), BAD.values(), ids=BAD)
    def test_names_file_entry_and_reason(
        self, load: Loader, file: str, content: str | bytes | None, entry: str | None, reason: str
    ) -> None:
        with pytest.raises(LibraryError) as caught:
            load({file: content})
        assert caught.value.file == f"xx/{file}"
        assert caught.value.entry == entry
        assert reason in caught.value.reason
        where = f"xx/{file}" if entry is None else f"xx/{file}, entry “{entry}”"
        assert str(caught.value) == f"{where}: {caught.value.reason}."
        assert caught.value.__cause__ is None

    def test_names_the_folder_where_there_are_no_interface_texts(self, load: Loader) -> None:
        with pytest.raises(LibraryError, match="xx/interface: holds no texts"):
            load({"interface/all.toml": None})

    @pytest.mark.parametrize(
        "text", ["{", "}", "{}", "{0}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{{a}}", "{A}", "{a"]
    )
    def test_placeholders_are_names_and_nothing_else(self, load: Loader, text: str) -> None:
        with pytest.raises(LibraryError, match="brace that is not part of a simple placeholder"):
            load({"interface/all.toml": f'[a]\nb = "{text}"'})

    @pytest.mark.parametrize(
        ("key", "limit"),
        [
            ("title", 24),
            ("join_title", 24),
            ("submit", 24),
            ("close", 24),
            ("met_button", 75),
            ("weekly_option", 75),
            ("weekly_option_hint", 75),
            ("heading", 150),
            ("name_placeholder", 150),
            ("name_label", 2000),
            ("name_hint", 2000),
            ("publish_confirm", 300),
            ("publish_confirm_title", 100),
            ("publish_confirm_button", 30),
            ("subtitle", 3000),
            ("confirmed", 3000),
        ],
    )
    def test_the_key_says_how_long_a_text_may_be(
        self, load: Loader, tmp_path: Path, key: str, limit: int
    ) -> None:
        load({"interface/all.toml": f'[a]\n{key} = "{"x" * limit}"'})
        (tmp_path / "xx/interface/all.toml").write_text(f'[a]\n{key} = "{"x" * (limit + 1)}"')
        with pytest.raises(LibraryError, match=f"has {limit + 1} characters"):
            load_library("xx", tmp_path)
