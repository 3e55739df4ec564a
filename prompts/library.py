"""The prompt library: everything people read, loaded and checked before anything starts.

A language is a folder beside this file. Text is data there; a bad entry stops the start with a
sentence that names file, entry and reason, so that nobody meets it in a conversation first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from prompts import entries, kinds, likeness
from prompts.entries import LibraryError
from prompts.kinds import Card, Letter, Moment, Opens, Outline, Phase, Prompt, Question, Side, Topic
from prompts.templates import Template, templates
from prompts.texts import Mrkdwn, Text, Value, escape, limit_of, plain

__all__ = [
    "BUILT_IN",
    "GENERAL",
    "Card",
    "Letter",
    "Library",
    "LibraryError",
    "Mrkdwn",
    "Opens",
    "Outline",
    "Phase",
    "Prompt",
    "Question",
    "Template",
    "load_library",
]

GENERAL = "general"
"""The topic of questions that suit every pair; nobody offers or wants it."""

BUILT_IN = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class Library:
    """All text of one language. Nothing in it changes after loading.

    `topics` maps the id of each topic that people offer and want to the name they read;
    `identity_topics` are those among them that need a consent of their own. Nudges speak to both of
    a pair; `reminders`, about role reversion, and `follow_ups`, about what came of it, to mentees;
    `encouragements` to mentors. `lessons` are the cards of each role, "mentor" and "mentee", in the
    order they are read in. `templates` are programs to start from, by their ids. `small_words` say
    nothing about what a text means.
    """

    locale: str
    texts: Mapping[str, Text]
    topics: Mapping[str, str]
    identity_topics: frozenset[str]
    questions: tuple[Question, ...]
    nudges: tuple[Prompt, ...]
    reminders: tuple[Prompt, ...]
    encouragements: tuple[Prompt, ...]
    follow_ups: tuple[Prompt, ...]
    lessons: Mapping[str, tuple[Card, ...]]
    retrospectives: tuple[Outline, ...]
    guides: Mapping[Moment, Outline]
    letters: Mapping[Side, Letter]
    templates: Mapping[str, Template]
    small_words: frozenset[str]

    @property
    def prompts(self) -> Mapping[str, str]:
        """What is said in conversations, by id: all that must not be said twice."""
        said = (self.questions, self.nudges, self.reminders, self.encouragements, self.follow_ups)
        return {entry.id: entry.text for kind in said for entry in kind}

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


def load_library(locale: str = "en", folder: Path = BUILT_IN) -> Library:
    """Read and check the folder of one language. Raises LibraryError for the first bad entry."""
    place = folder / locale
    if not place.is_dir():
        raise LibraryError(locale, None, "there is no such folder in the prompt library")
    library = _read(place)
    retired = entries.words(entries.read(place, "retired.toml"), "retired", entries.ID, "an id")
    in_file = _check_ids(retired, _ids(library))
    for pair in likeness.alike(library.prompts, library.small_words, likeness.TOO_ALIKE):
        reason = f"the text says nearly the same as “{pair.first}” in {in_file[pair.first]}"
        raise LibraryError(in_file[pair.second], pair.second, reason)
    return library


def _read(place: Path) -> Library:
    def file(name: str) -> entries.TomlFile:
        return entries.read(place, name)

    topics = kinds.topics(file("topics.toml"))
    if any(topic.id == GENERAL for topic in topics):
        reason = "this id is kept for questions that suit every pair"
        raise LibraryError(f"{place.name}/topics.toml", GENERAL, reason)
    questions = _questions(place, topics)
    cards = kinds.cards(file("lessons.toml"))
    programs = templates(file("templates.toml"), [topic.id for topic in topics])
    return Library(
        locale=place.name,
        texts=MappingProxyType(_interface(place)),
        topics=MappingProxyType({topic.id: topic.name for topic in topics}),
        identity_topics=frozenset(topic.id for topic in topics if topic.identity),
        questions=tuple(questions),
        nudges=kinds.prompts(file("nudges.toml"), "nudge", kinds.THE_TWO),
        reminders=kinds.prompts(file("reminders.toml"), "reminder", kinds.NOTHING),
        encouragements=kinds.prompts(file("encouragements.toml"), "encouragement", kinds.NOTHING),
        follow_ups=kinds.prompts(file("follow_ups.toml"), "follow_up", frozenset({"mentor"})),
        lessons=MappingProxyType(
            {side: tuple(card for card in cards if card.role == side) for side in get_args(Side)}
        ),
        retrospectives=kinds.retrospectives(file("retrospectives.toml")),
        guides=kinds.guides(file("guides.toml")),
        letters=kinds.letters(file("letters.toml")),
        templates=MappingProxyType({template.id: template for template in programs}),
        small_words=entries.words(file("small_words.toml"), "small_words", likeness.WORD, "a word"),
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


def _questions(place: Path, topics: Iterable[Topic]) -> list[Question]:
    """By topic, the general ones first. Every topic has its file, and every file a topic."""
    names = [GENERAL, *(topic.id for topic in topics)]
    for path in sorted((place / "questions").glob("*.toml")):
        if path.stem not in names:
            raise LibraryError(
                f"{place.name}/questions/{path.name}", None, "no topic has this name"
            )
    return [
        question
        for name in names
        for question in kinds.questions(entries.read(place, f"questions/{name}.toml"), name)
    ]


def _ids(library: Library) -> Iterator[tuple[str, str]]:
    """Every id with the file it stands in; those of templates are nobody's but the form's."""
    for topic in library.topics:
        yield topic, f"{library.locale}/topics.toml"
    for question in library.questions:
        yield question.id, f"{library.locale}/questions/{question.topic}.toml"
    others: Mapping[str, Iterable[Prompt | Card | Outline | Letter]] = {
        "nudges": library.nudges,
        "reminders": library.reminders,
        "encouragements": library.encouragements,
        "follow_ups": library.follow_ups,
        "lessons": (card for cards in library.lessons.values() for card in cards),
        "retrospectives": library.retrospectives,
        "guides": library.guides.values(),
        "letters": library.letters.values(),
    }
    for name, found in others.items():
        yield from ((entry.id, f"{library.locale}/{name}.toml") for entry in found)


def _check_ids(retired: frozenset[str], ids: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """The file of each id. Ids outlive their entries, as pairs keep what they have been asked."""
    first: dict[str, str] = {}
    for id_, file in ids:
        if id_ in retired:
            raise LibraryError(file, id_, "the id is retired and cannot be used again")
        if id_ in first:
            raise LibraryError(file, id_, f"the id is in use in {first[id_]} too")
        first[id_] = file
    return first
