"""The prompt library: everything people read, loaded and checked before anything starts.

A language is a folder beside this file. Text is data there; a bad entry stops the start with a
sentence that names file, entry and reason, so that nobody meets it in a conversation first.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from prompts import entries
from prompts.entries import Card, LibraryError, Opens, Phase, Prompt, Question, Topic
from prompts.templates import Template, templates
from prompts.texts import Mrkdwn, Text, Value, escape, limit_of, plain

__all__ = [
    "GENERAL",
    "Card",
    "Figures",
    "Library",
    "LibraryError",
    "Mrkdwn",
    "Opens",
    "Phase",
    "Prompt",
    "Question",
    "Template",
    "check",
    "load_library",
]

GENERAL = "general"
"""The topic of questions that suit every pair; nobody offers or wants it."""

NUDGE_VALUES = frozenset({"mentor", "mentee"})


@dataclass(frozen=True, eq=False)
class Library:
    """All text of one language. Nothing in it changes after loading.

    `topics` maps the id of each topic that people offer and want to the name they read;
    `identity_topics` are those among them that need a consent of their own. `reminders` are
    about role reversion and meant for mentees. `lessons` are the cards of each role, "mentor" and
    "mentee", in the order they are read in. `templates` are programs to start from, by their ids.
    """

    locale: str
    texts: Mapping[str, Text]
    topics: Mapping[str, str]
    identity_topics: frozenset[str]
    questions: tuple[Question, ...]
    nudges: tuple[Prompt, ...]
    reminders: tuple[Prompt, ...]
    lessons: Mapping[str, tuple[Card, ...]]
    templates: Mapping[str, Template]

    def say(self, key: str, /, **values: Value) -> str:
        """The text as mrkdwn, its values escaped unless they are Mrkdwn.

        Raises KeyError for an unknown key, TypeError for a missing or unknown value.
        """
        return self._filled(key, values, escape)

    def label(self, key: str, /, **values: Value) -> str:
        """The text as plain_text, cut to what Slack takes in the place its key speaks of.

        Raises KeyError for an unknown key, TypeError for a missing or unknown value.
        """
        text, limit = self._filled(key, values, plain), limit_of(key)
        return text if len(text) <= limit else text[: limit - 1] + "…"

    def _filled(self, key: str, values: Mapping[str, Value], show: Callable[[Value], str]) -> str:
        text = self.texts[key]
        try:
            return text.filled(values, show)
        except TypeError as error:
            raise TypeError(f"{key}: {error}") from None


@dataclass(frozen=True)
class Figures:
    """What a library holds. Words a sentence are counted over all but the interface."""

    kinds: Mapping[str, int]
    topics: Mapping[str, int]
    phases: Mapping[str, int]
    opens: Mapping[str, int]
    longest: str
    longest_characters: int
    words_a_sentence: float


def load_library(locale: str = "en", folder: Path = Path(__file__).parent) -> Library:
    """Read and check the folder of one language. Raises LibraryError for the first bad entry."""
    place = folder / locale
    if not place.is_dir():
        raise LibraryError(locale, None, "there is no such folder in the prompt library")
    topics = entries.topics(entries.read(place, "topics.toml"))
    if any(topic.id == GENERAL for topic in topics):
        reason = "this id is kept for questions that suit every pair"
        raise LibraryError(f"{locale}/topics.toml", GENERAL, reason)
    questions = _questions(place, topics)
    nudges = entries.prompts(entries.read(place, "nudges.toml"), "nudge", NUDGE_VALUES)
    reminders = entries.prompts(entries.read(place, "reminders.toml"), "reminder", frozenset())
    cards = entries.cards(entries.read(place, "lessons.toml"))
    programs = templates(entries.read(place, "templates.toml"), [topic.id for topic in topics])
    retired = entries.retired(entries.read(place, "retired.toml"))
    _check_ids(
        retired,
        {
            f"{locale}/topics.toml": topics,
            **{f"{locale}/questions/{name}.toml": own for name, own in questions.items()},
            f"{locale}/nudges.toml": nudges,
            f"{locale}/reminders.toml": reminders,
            f"{locale}/lessons.toml": cards,
        },
    )
    return Library(
        locale=locale,
        texts=MappingProxyType(_interface(place)),
        topics=MappingProxyType({topic.id: topic.name for topic in topics}),
        identity_topics=frozenset(topic.id for topic in topics if topic.identity),
        questions=tuple(question for own in questions.values() for question in own),
        nudges=nudges,
        reminders=reminders,
        templates=MappingProxyType({template.id: template for template in programs}),
        lessons=MappingProxyType(
            {
                role: tuple(card for card in cards if card.role == role)
                for role in ("mentor", "mentee")
            }
        ),
    )


def check(library: Library) -> Figures:
    """The figures of a loaded library, for someone who edits it."""
    said = {entry.id: entry.text for entry in library.questions}
    said |= {entry.id: entry.text for entry in (*library.nudges, *library.reminders)}
    said |= {card.id: card.text for cards in library.lessons.values() for card in cards}
    interface = {key: max(t.other, t.one or "", key=len) for key, t in library.texts.items()}
    longest, text = max((said | interface).items(), key=lambda entry: len(entry[1]))
    return Figures(
        kinds={
            "questions": len(library.questions),
            "nudges": len(library.nudges),
            "reminders": len(library.reminders),
            "lesson cards": sum(map(len, library.lessons.values())),
            "interface": len(library.texts),
        },
        topics=Counter(question.topic for question in library.questions),
        phases=Counter(question.phase for question in library.questions),
        opens=Counter(question.opens for question in library.questions),
        longest=longest,
        longest_characters=len(text),
        words_a_sentence=_words_a_sentence(said.values()),
    )


def _interface(place: Path) -> dict[str, Text]:
    """Every file of the folder says sections of its own."""
    texts: dict[str, Text] = {}
    for path in sorted((place / "interface").glob("*.toml")):
        file = entries.read(place, f"interface/{path.name}")
        own = entries.interface(file)
        for key in sorted(own.keys() & texts.keys()):
            raise LibraryError(file.name, key, "is in another file of the folder too")
        texts |= own
    if not texts:
        raise LibraryError(f"{place.name}/interface", None, "holds no texts")
    return texts


def _questions(place: Path, topics: Iterable[Topic]) -> dict[str, tuple[Question, ...]]:
    """By topic, the general ones first. Every topic has its file, and every file a topic."""
    names = [GENERAL, *(topic.id for topic in topics)]
    for path in sorted((place / "questions").glob("*.toml")):
        if path.stem not in names:
            raise LibraryError(
                f"{place.name}/questions/{path.name}", None, "no topic has this name"
            )
    return {
        name: entries.questions(entries.read(place, f"questions/{name}.toml"), name)
        for name in names
    }


def _check_ids(
    retired: frozenset[str], files: Mapping[str, Iterable[Topic | Question | Prompt | Card]]
) -> None:
    """Ids outlive their entries, as pairs keep what they have been asked."""
    first: dict[str, str] = {}
    for file, found in files.items():
        for entry in found:
            if entry.id in retired:
                raise LibraryError(file, entry.id, "the id is retired and cannot be used again")
            if entry.id in first:
                raise LibraryError(file, entry.id, f"the id is in use in {first[entry.id]} too")
            first[entry.id] = file


def _words_a_sentence(texts: Iterable[str]) -> float:
    sentences = [part for text in texts for part in re.split(r"[.!?:]+(?:\s|$)", text)]
    lengths = [len(words) for part in sentences if (words := re.findall(r"[\w’'-]+", part))]
    return sum(lengths) / len(lengths) if lengths else 0.0
