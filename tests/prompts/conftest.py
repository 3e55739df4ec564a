"""A small library to break, and the one that is built in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from prompts.library import Library, load_library

QUESTION = '[[question]]\nid = "{0}"\nphase = "start"\nopens = "both"\ntext = "Why {0}?"\n'
CARD = '[[card]]\nid = "{}-{}"\nrole = "{}"\nheading = "Ask"\ntext = "{}"\nquestion = "Why?"\n'
GUIDE = """[[guide]]
id = "guide-{0}"
moment = "{0}"
name = "The {0} time"
text = "{{mentor}} leads."
steps = ["Greet {{mentee}}.", "Talk.", "Part."]
"""
LETTER = """[[letter]]
id = "letter-{0}"
role = "{0}"
heading = "Thank you, {{name}}"
text = "{{program}} thanks its {0}, from {{start}} to {{end}}. {{managers}}"
note = "It does not name {{partner}}."
"""
FILES = {
    "topics.toml": '[[topic]]\nid = "tools"\nname = "Tools"\n'
    '[[topic]]\nid = "lives"\nname = "Lives"\nidentity = true\n',
    "questions/general.toml": QUESTION.format("general-one"),
    "questions/tools.toml": QUESTION.format("tools-one"),
    "questions/lives.toml": QUESTION.format("lives-one"),
    "nudges.toml": '[[nudge]]\nid = "nudge-one"\ntext = "{mentor}, meet {mentee}."\n',
    "reminders.toml": '[[reminder]]\nid = "reminder-one"\ntext = "Ask first."\n',
    "encouragements.toml": '[[encouragement]]\nid = "encouragement-one"\ntext = "Say no."\n',
    "follow_ups.toml": '[[follow_up]]\nid = "follow-up-one"\ntext = "Write to {mentor}."\n',
    "retrospectives.toml": '[[retrospective]]\nid = "retrospective-one"\nname = "The line"\n'
    'text = "Look back."\nsteps = ["{mentor} draws.", "{mentee} draws.", "Compare."]\n',
    "guides.toml": "".join(GUIDE.format(moment) for moment in ("first", "middle", "farewell")),
    "letters.toml": "".join(LETTER.format(role) for role in ("mentor", "mentee")),
    "small_words.toml": 'small_words = ["one", "why"]\n',
    "lessons.toml": "".join(
        CARD.format(role, number, role, "Ask first. " * 30)
        for role in ("mentor", "mentee")
        for number in range(4)
    ),
    "templates.toml": '[[template]]\nid = "start"\nname = "Start"\ndescription = "Begin."\n'
    'purpose = "Learn"\ntopics = ["tools"]\n',
    "interface/all.toml": '[join]\ntitle = "Join {program}"\nhello = "Hello, {name}"\n'
    'pairs = { one = "a pair by {name}", other = "{count} pairs by {name}" }\n',
    "retired.toml": 'retired = ["nudge-zero"]\n',
}

Loader = Callable[..., Library]


@pytest.fixture
def load(tmp_path: Path) -> Loader:
    """Loads a small library in which some files have another content, or are missing (None)."""

    def load(changes: dict[str, str | bytes | None] | None = None) -> Library:
        for folder in ("questions", "interface"):
            (tmp_path / "xx" / folder).mkdir(parents=True)
        for name, content in {**FILES, **(changes or {})}.items():
            if content is not None:
                data = content.encode() if isinstance(content, str) else content
                (tmp_path / "xx" / name).write_bytes(data)
        return load_library("xx", tmp_path)

    return load


@pytest.fixture(scope="session")
def english() -> Library:
    return load_library()
