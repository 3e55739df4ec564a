"""What a loaded library holds, and how it reads: for someone who edits it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from prompts import likeness, reading
from prompts.kinds import Opens, Phase
from prompts.library import GENERAL, Library
from prompts.likeness import Alike

PHASES: tuple[Phase, ...] = get_args(Phase)
OPENERS: tuple[Opens, ...] = get_args(Opens)
ENOUGH = 3
"""So many questions a topic should have for each phase, and one at least from each opener."""
HARDEST = 5


@dataclass(frozen=True)
class Figures:
    """`spread` counts questions by topic, then by phase and opener. `gaps` are sentences. Words a
    sentence and reading ages leave out the interface; ages are in years, and None in a language
    they are not made for. `hardest` are single texts with their ages, the hardest first."""

    kinds: Mapping[str, int]
    spread: Mapping[str, Mapping[tuple[Phase, Opens], int]]
    gaps: Sequence[str]
    longest: str
    longest_characters: int
    words_a_sentence: float
    reading_age: float | None
    hardest: Sequence[tuple[str, float]]
    alike: Sequence[Alike]


def figures(library: Library) -> Figures:
    said = _said(library)
    interface = {key: max(t.other, t.one or "", key=len) for key, t in library.texts.items()}
    longest, text = max((said | interface).items(), key=lambda entry: len(entry[1]))
    spread = _spread(library)
    english = library.locale == reading.ENGLISH
    ages = {id_: reading.age([text]) for id_, text in library.prompts.items()} if english else {}
    return Figures(
        kinds=_kinds(library),
        spread=spread,
        gaps=[gap for topic, counts in spread.items() for gap in _gaps(topic, counts)],
        longest=longest,
        longest_characters=len(text),
        words_a_sentence=reading.words_a_sentence(said.values()),
        reading_age=reading.age(said.values()) if english else None,
        hardest=sorted(ages.items(), key=lambda entry: -entry[1])[:HARDEST],
        alike=likeness.alike(library.prompts, library.small_words),
    )


def _kinds(library: Library) -> dict[str, int]:
    return {
        "questions": len(library.questions),
        "nudges": len(library.nudges),
        "reminders": len(library.reminders),
        "encouragements": len(library.encouragements),
        "follow-ups": len(library.follow_ups),
        "lesson cards": sum(map(len, library.lessons.values())),
        "retrospectives": len(library.retrospectives),
        "guides": len(library.guides),
        "letters": len(library.letters),
        "interface": len(library.texts),
    }


def _said(library: Library) -> dict[str, str]:
    """Everything but the interface, by id."""
    said = dict(library.prompts)
    said |= {card.id: card.text for cards in library.lessons.values() for card in cards}
    outlines = (*library.retrospectives, *library.guides.values())
    said |= {outline.id: "\n".join((outline.text, *outline.steps)) for outline in outlines}
    return said | {
        letter.id: f"{letter.text}\n{letter.note}" for letter in library.letters.values()
    }


def _spread(library: Library) -> dict[str, Counter[tuple[Phase, Opens]]]:
    spread = {topic: Counter[tuple[Phase, Opens]]() for topic in (GENERAL, *library.topics)}
    for question in library.questions:
        spread[question.topic][question.phase, question.opens] += 1
    return spread


def _gaps(topic: str, counts: Mapping[tuple[Phase, Opens], int]) -> list[str]:
    gaps = []
    for phase in PHASES:
        count = sum(counts.get((phase, opens), 0) for opens in OPENERS)
        if count < ENOUGH:
            gaps.append(f"{topic}, {phase}: {count} of {ENOUGH} questions")
        missing = [opens for opens in OPENERS if not counts.get((phase, opens))]
        if missing:
            gaps.append(f"{topic}, {phase}: none that opens with {' or '.join(missing)}")
    return gaps
