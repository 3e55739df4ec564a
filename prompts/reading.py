"""How hard a text is to read: by the length of its sentences and, in English, of its words.

The reading age is the grade of Flesch and Kincaid (0.39 × words a sentence + 11.8 × syllables a
word - 15.59), plus the five years at which the first grade is looked forward to. It is a rule of
thumb: made for pages, not for three lines, so a single text's age says only that it may be worth
another look.
"""

import re
from collections.abc import Iterable

ENGLISH = "en"
AGE_BEFORE_SCHOOL = 5

END = re.compile(r"[.!?:…]+[”’\")]*(?:\s|$)|\n")
WORD = re.compile(r"[\w’'-]+")
VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?<![aeiouy])(?:(?<![lr])e|(?<![aeioudt])ed|(?<![aeioucgsxz])es)$")
"""Endings that are written and not said: “make”, “asked”, “makes”. A “le” or “re” is said."""


def sentences(texts: Iterable[str]) -> list[list[str]]:
    """The words of each sentence. A colon or a line's end ends one, too, as whoever reads
    aloud draws breath there."""
    parts = (part for text in texts for part in END.split(text))
    return [words for part in parts if (words := WORD.findall(part))]


def words_a_sentence(texts: Iterable[str]) -> float:
    found = sentences(texts)
    return sum(map(len, found)) / len(found) if found else 0.0


def syllables(word: str) -> int:
    """As many as there are groups of vowels, but for a silent ending, and at least one.

    A rule for English that is right for most words, which is enough for an average.
    """
    groups = VOWELS.findall(word.lower())
    silent = SILENT.search(word.lower())
    return max(1, len(groups) - bool(silent))


def age(texts: Iterable[str]) -> float:
    """From which age English texts can be read with ease; 0.0 where there are no words."""
    found = sentences(texts)
    words = [word for sentence in found for word in sentence]
    if not words:
        return 0.0
    syllables_a_word = sum(map(syllables, words)) / len(words)
    grade = 0.39 * len(words) / len(found) + 11.8 * syllables_a_word - 15.59
    return grade + AGE_BEFORE_SCHOOL
